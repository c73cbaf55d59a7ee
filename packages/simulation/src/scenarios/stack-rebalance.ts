import { until } from '@jejak/local/until'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import { documentDifferences, testConsumer, unapplied } from '../checks/consumer-documents.ts'
import type { ProcessUnderTest } from '../processes/process-under-test.ts'
import { sleepBetween } from './scenario.ts'
import type { StackFault, StackUnderTest } from './stack.ts'

const groupId = `jejak.${testConsumer}`
const consumersAtFirst = 3
/** The least that a broker accepts. */
const sessionMs = 6_000
const upMaxMs = 1_500
const batchWithinMs = 30_000
const rebalancedWithinMs = 90_000
/** Tries for each rebalance in mid-batch. */
const triesMax = 3

/** The processes of the consumer, and how to start one and to wait for a rebalance. */
type ConsumerGroup = {
  readonly consumers: readonly ProcessUnderTest[]
  readonly start: () => ProcessUnderTest
  /**
   * Waits until so many have all partitions. Answers whether one of `observed` was in mid-batch
   * during the rebalance.
   */
  readonly rebalanced: (among: number, observed: readonly ProcessUnderTest[]) => Promise<boolean>
}

/** Answers the processes after it, and whether the rebalance was in mid-batch. */
type Strike = (
  group: ConsumerGroup,
  one: ProcessUnderTest,
) => Promise<{ readonly consumers: readonly ProcessUnderTest[]; readonly inMidBatch: boolean }>

const join: Strike = async ({ consumers, start, rebalanced }) => {
  const more = [...consumers, start()]
  return { consumers: more, inMidBatch: await rebalanced(more.length, consumers) }
}

const leave: Strike = async ({ consumers, rebalanced }, one) => {
  const others = consumers.filter(consumer => consumer !== one)
  const [inMidBatch] = await Promise.all([rebalanced(others.length, others), one.stop()])
  return { consumers: others, inMidBatch }
}

const kill: Strike = async ({ consumers, rebalanced }, one) => {
  const others = consumers.filter(consumer => consumer !== one)
  await one.kill()
  return { consumers: others, inMidBatch: await rebalanced(others.length, [one]) }
}

/** When it goes on, others have its partitions, and it still has a batch. */
const stop: Strike = async ({ consumers, rebalanced }, one) => {
  process.kill(one.pid, 'SIGSTOP')
  const inMidBatch = await rebalanced(consumers.length - 1, [one])
  process.kill(one.pid, 'SIGCONT')
  await rebalanced(consumers.length, [])
  return { consumers, inMidBatch }
}

/** In turn: two come for two that go. */
const strikes = [stop, kill, join, leave, join]

/**
 * Processes of one consumer come, go, are killed, and are stopped for so long that others get their
 * partitions. Only a rebalance in mid-batch counts.
 */
export const rebalance: StackFault = async target => {
  const brokers = target.stack.kafka.brokers.split(',')
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    const options = { url: target.stack.mongoUrl, brokers, sessionMs }
    return await strikeAll(target, {
      consumers: [],
      start: () => target.context.start(options),
      rebalanced: (among, observed) => rebalancedAmong(admin, among, observed),
    })
  } finally {
    await admin.disconnect()
  }
}

const strikeAll = async ({ context, stores, stop }: StackUnderTest, group: ConsumerGroup) => {
  const { kills, random, progress } = context
  let consumers: ConsumerGroup['consumers'] = Array.from({ length: consumersAtFirst }, group.start)
  await group.rebalanced(consumers.length, [])
  let counted = 0
  for (let tries = 0; counted < kills && tries < triesMax * kills && !stop.aborted; tries++) {
    await sleepBetween(random, 0, upMaxMs)
    const one = consumers[Math.floor(random() * consumers.length)] as ProcessUnderTest
    await until('a batch', batchWithinMs, async () => one.batchesOpen > 0)
    const strike = strikes[tries % strikes.length] as Strike
    const struck = await strike({ ...group, consumers }, one)
    consumers = struck.consumers
    for (const consumer of consumers) consumer.mustRun()
    if (!struck.inMidBatch) continue
    counted++
    progress()
  }
  const found = [...(await unapplied(stores))]
  for (const consumer of consumers) {
    consumer.mustRun()
    await consumer.stop()
  }
  found.push(...(await documentDifferences(stores)))
  if (counted < kills) found.push(`only ${counted} of ${kills} rebalances were in mid-batch`)
  return found
}

const rebalancedAmong = async (
  admin: Admin,
  among: number,
  observed: readonly ProcessUnderTest[],
) => {
  let inMidBatch = false
  await until(`partitions for ${among}`, rebalancedWithinMs, async () => {
    const [group] = (await admin.describeGroups([groupId])).groups
    const isShared = group?.state === 'Stable'
    inMidBatch ||= !isShared && observed.some(({ batchesOpen }) => batchesOpen > 0)
    return isShared && group.members.length === among
  })
  return inMidBatch
}
