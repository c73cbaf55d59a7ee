import { until } from '@jejak/local/until'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import { consumer, misheard, unheard } from '../checks/heard.ts'
import type { TaskProcess } from '../processes/task-process.ts'
import { within } from './scenario.ts'
import type { Fault, Ground } from './stack.ts'

const groupId = `jejak.${consumer}`
const hearersAtFirst = 3
/** The least that a broker takes. */
const sessionMs = 6_000
const upMaxMs = 1_500
const inHandWithinMs = 30_000
const rebalancedWithinMs = 90_000
/** For each that is to count. */
const triesMax = 3

/** The processes, and what is done with them. */
type Crew = {
  readonly hearers: readonly TaskProcess[]
  readonly start: () => TaskProcess
  /**
   * Waits until so many have all shares. Answers whether one of these was in the midst of a call
   * while shares were on the move.
   */
  readonly shared: (among: number, held: readonly TaskProcess[]) => Promise<boolean>
}

/** Answers who hears after it, and whether it was in mid-batch. */
type Strike = (
  crew: Crew,
  one: TaskProcess,
) => Promise<{ readonly hearers: readonly TaskProcess[]; readonly inMidBatch: boolean }>

const join: Strike = async ({ hearers, start, shared }) => {
  const more = [...hearers, start()]
  return { hearers: more, inMidBatch: await shared(more.length, hearers) }
}

const leave: Strike = async ({ hearers, shared }, one) => {
  const others = hearers.filter(hearer => hearer !== one)
  const [inMidBatch] = await Promise.all([shared(others.length, others), one.stop()])
  return { hearers: others, inMidBatch }
}

const kill: Strike = async ({ hearers, shared }, one) => {
  const others = hearers.filter(hearer => hearer !== one)
  await one.kill()
  return { hearers: others, inMidBatch: await shared(others.length, [one]) }
}

/** When it goes on, others have its share, and it still has a batch. */
const stop: Strike = async ({ hearers, shared }, one) => {
  process.kill(one.pid, 'SIGSTOP')
  const inMidBatch = await shared(hearers.length - 1, [one])
  process.kill(one.pid, 'SIGCONT')
  await shared(hearers.length, [])
  return { hearers, inMidBatch }
}

/** In turn: two come for each two that go. */
const strikes = [stop, kill, join, leave, join]

/**
 * Processes that have documents together come, go, are killed, and are stopped for so long that
 * others have their shares. Only what was in mid-batch counts as one that was asked for.
 */
export const rebalance: Fault = async ground => {
  const brokers = ground.stack.kafka.brokers.split(',')
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    const options = { url: ground.stack.mongoUrl, brokers, sessionMs }
    return await strikeAll(ground, {
      hearers: [],
      start: () => ground.world.start(options),
      shared: (among, held) => sharedAmong(admin, among, held),
    })
  } finally {
    await admin.disconnect()
  }
}

const strikeAll = async ({ world, kept, stop }: Ground, crew: Crew) => {
  const { kills, random, progress } = world
  let hearers: Crew['hearers'] = Array.from({ length: hearersAtFirst }, crew.start)
  await crew.shared(hearers.length, [])
  let counted = 0
  for (let tries = 0; counted < kills && tries < triesMax * kills && !stop.aborted; tries++) {
    await within(random, 0, upMaxMs)
    const one = hearers[Math.floor(random() * hearers.length)] as TaskProcess
    await until('a batch in hand', inHandWithinMs, async () => one.inHand > 0)
    const strike = strikes[tries % strikes.length] as Strike
    const struck = await strike({ ...crew, hearers }, one)
    hearers = struck.hearers
    for (const hearer of hearers) hearer.mustRun()
    if (!struck.inMidBatch) continue
    counted++
    progress()
  }
  const found = [...(await unheard(kept))]
  for (const hearer of hearers) {
    hearer.mustRun()
    await hearer.stop()
  }
  found.push(...(await misheard(kept)))
  if (counted < kills) found.push(`only ${counted} of ${kills} rebalances were in mid-batch`)
  return found
}

const sharedAmong = async (admin: Admin, among: number, held: readonly TaskProcess[]) => {
  let inMidBatch = false
  await until(`the shares of ${among}`, rebalancedWithinMs, async () => {
    const [group] = (await admin.describeGroups([groupId])).groups
    const isShared = group?.state === 'Stable'
    inMidBatch ||= !isShared && held.some(({ inHand }) => inHand > 0)
    return isShared && group.members.length === among
  })
  return inMidBatch
}
