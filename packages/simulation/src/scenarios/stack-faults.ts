import { setTimeout as sleep } from 'node:timers/promises'
import { serviceNames } from '@jejak/local/stack-environment'
import { within } from './scenario.ts'
import type { Fault, Ground } from './stack.ts'

/** Enough for clients to get somewhere between two faults. */
const upMaxMs = 1_500
const downMaxMs = 500
const startingMaxMs = 2_000
/** For so many faults all that is rare is tried, and outages are as long as they may be. */
const thorough = 10

type Strike = (ground: Ground, number: number) => Promise<unknown>

/** As many times as are asked for, at random. */
export const again =
  (strike: Strike): Fault =>
  async ground => {
    const { world, stop } = ground
    for (let number = 0; number < world.kills && !stop.aborted; number++) {
      await within(world.random, 0, upMaxMs)
      await strike(ground, number)
      world.progress()
    }
    return []
  }

const oneOf = <T>(all: readonly T[], random: () => number): T =>
  all[Math.floor(random() * all.length)] as T

/** One after the other, now and then all at once, and now and then while they start. */
export const killServices: Fault = again(async ({ world: { random }, stack, renew }, number) => {
  const one = number < serviceNames.length ? serviceNames[number] : oneOf(serviceNames, random)
  const names = serviceNames.filter(name => name === one || (number > 0 && random() < 0.1))
  const each = (act: 'kill' | 'restart') =>
    Promise.all(names.map(name => stack.services[name][act]()))
  await each('kill')
  await within(random, 0, downMaxMs)
  if (random() < 0.2) {
    const starting = each('restart').catch(() => {}) // It is killed before it is ready.
    await within(random, 100, startingMaxMs)
    await each('kill')
    await starting
    await each('kill')
  }
  await each('restart')
  renew()
})

/** Killed and started again, or paused. */
const strikeKafka: Strike = async ({ world: { random }, stack: { kafka } }, number) => {
  const node = Math.floor(random() * kafka.nodes.length)
  if (number % 2 === 1) {
    kafka.pause(node)
    await within(random, 500, 5_000)
    return kafka.resume(node)
  }
  await kafka.kill(node)
  await within(random, 0, 3_000)
  await kafka.restart(node)
}

export const strikeBrokers: Fault = again(strikeKafka)

/** Longer than any of the times after which a client gives up waiting. */
export const outage: Fault = async ({ world: { kills }, stack: { kafka } }) => {
  await kafka.kill()
  await sleep(kills < thorough ? 8_000 : 45_000)
  await kafka.restart()
  return []
}

/** What services must not wait for when they start. */
export const startWithoutKafka: Fault = async ({ stack: { kafka, services }, renew }) => {
  await kafka.kill()
  await Promise.all(serviceNames.map(name => services[name].kill()))
  await Promise.all(serviceNames.map(name => services[name].restart()))
  renew()
  await sleep(1_000)
  await kafka.restart()
  return []
}

export const strikePrimary: Fault = again(async ({ world: { random }, stack }, number) => {
  const { mongo } = stack
  const primary = await mongo.primary()
  if (number % 2 === 1) {
    mongo.pause(primary)
    // Long enough for the others to elect another, while this one still takes itself for it.
    await within(random, 4_000, 8_000)
    return mongo.resume(primary)
  }
  await mongo.kill(primary)
  await within(random, 500, 3_000)
  await mongo.restart(primary)
})
