import { setTimeout as sleep } from 'node:timers/promises'
import { consumersIn } from '@jejak/embedded/testing/rebuilt-read-models'
import { serviceNames } from '@jejak/local/stack-environment'
import { topicOf } from '@jejak/messaging/topics'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import { sleepBetween } from './scenario.ts'
import type { StackFault, StackUnderTest } from './stack.ts'

/** Enough for clients to get somewhere between two faults. */
const upMaxMs = 1_500
const downMaxMs = 500
const startingMaxMs = 2_000
/** From so many faults on, outages are as long as they may be. */
const thorough = 10

type Strike = (target: StackUnderTest, number: number) => Promise<unknown>

/** Repeats a strike at random moments, as often as the run asks for. */
export const repeated =
  (strike: Strike): StackFault =>
  async target => {
    const { context, stop } = target
    for (let number = 0; number < context.kills && !stop.aborted; number++) {
      await sleepBetween(context.random, 0, upMaxMs)
      await strike(target, number)
      context.progress()
    }
    return []
  }

const oneOf = <T>(all: readonly T[], random: () => number): T =>
  all[Math.floor(random() * all.length)] as T

/** Kills one at a time, now and then several, and now and then while they start. */
export const killServices: StackFault = repeated(
  async ({ context: { random }, stack, reconnect }, number) => {
    const one = number < serviceNames.length ? serviceNames[number] : oneOf(serviceNames, random)
    const names = serviceNames.filter(name => name === one || (number > 0 && random() < 0.1))
    const each = (act: 'kill' | 'restart') =>
      Promise.all(names.map(name => stack.services[name][act]()))
    await each('kill')
    await sleepBetween(random, 0, downMaxMs)
    if (random() < 0.2) {
      const starting = each('restart').catch(() => {}) // It is killed before it is ready.
      await sleepBetween(random, 100, startingMaxMs)
      await each('kill')
      await starting
      await each('kill')
    }
    await each('restart')
    reconnect()
  },
)

/** Kills a broker and starts it again, or pauses it. */
const strikeKafka: Strike = async ({ context: { random }, stack: { kafka } }, number) => {
  const node = Math.floor(random() * kafka.nodes.length)
  if (number % 2 === 1) {
    kafka.pause(node)
    await sleepBetween(random, 500, 5_000)
    return kafka.resume(node)
  }
  await kafka.kill(node)
  await sleepBetween(random, 0, 3_000)
  await kafka.restart(node)
}

export const strikeBrokers: StackFault = repeated(strikeKafka)

/** An outage longer than every timeout of the clients. */
export const outage: StackFault = async ({ context: { kills }, stack: { kafka } }) => {
  await kafka.kill()
  await sleep(kills < thorough ? 8_000 : 45_000)
  await kafka.restart()
  return []
}

/** Services must start without Kafka. */
export const startWithoutKafka: StackFault = async ({ stack: { kafka, services }, reconnect }) => {
  await kafka.kill()
  await Promise.all(serviceNames.map(name => services[name].kill()))
  await Promise.all(serviceNames.map(name => services[name].restart()))
  reconnect()
  await sleep(1_000)
  await kafka.restart()
  return []
}

export const strikePrimary: StackFault = repeated(
  async ({ context: { random }, stack }, number) => {
    const { mongo } = stack
    const primary = await mongo.primary()
    if (number % 2 === 1) {
      mongo.pause(primary)
      // Long enough for the others to elect a new primary, while this one believes it still is.
      await sleepBetween(random, 4_000, 8_000)
      return mongo.resume(primary)
    }
    await mongo.kill(primary)
    await sleepBetween(random, 500, 3_000)
    await mongo.restart(primary)
  },
)

/** Deletes one topic or all. Every other time the consumers lose their projections as well. */
export const deleteTopics: StackFault = async target => {
  const brokers = target.stack.kafka.brokers.split(',')
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    return await repeated(async (target, number) => {
      await deleteSome(admin, target)
      if (number % 2 === 0) await dropProjections(target)
    })(target)
  } finally {
    await admin.disconnect()
  }
}

const deleteSome = async (admin: Admin, { context: { random } }: StackUnderTest) => {
  const there = await admin.listTopics()
  const topics = serviceNames
    .map(name => topicOf('jejak', name))
    .filter(name => there.includes(name))
  const one = topics[Math.floor(random() * topics.length)]
  await admin.deleteTopics({
    topics: random() < 0.5 ? topics : topics.filter(name => name === one),
  })
}

/** Consumers begin again, like those of a new service. */
const dropProjections = async ({
  stack: { services },
  stores: { stores },
  reconnect,
}: StackUnderTest) => {
  const consumers = await consumersIn(stores)
  await Promise.all(
    consumers.map(async ({ service, name }) => {
      await services[service].kill()
      await stores[service].drop(name)
      await services[service].restart()
    }),
  )
  reconnect()
}
