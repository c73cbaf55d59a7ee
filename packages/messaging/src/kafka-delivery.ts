import { setTimeout as sleep } from 'node:timers/promises'
import type { EachBatchPayload } from 'kafkajs'
import { backOffMs, endsSubscription, type Message, type Subscription } from './bus.ts'
import { messageOf } from './kafka-record.ts'
import { serial } from './serial.ts'

/** At most so many messages in one call, and fewer if they take longer than this. */
const chunkMax = 100
const chunkMs = 1_000
/** kafkajs sends a heartbeat only if it is due. */
const beatMs = 500

/**
 * Hands batches out in chunks, and tells Kafka after each how far it has come. Between two chunks
 * the share may move: another process must not wait until all that was fetched is handled.
 */
export const deliveryOf = ({ handle, signal, failed }: Subscription) => {
  const handleInTime = sized(handle)
  // Calls with messages of one log never overlap, though its partitions come side by side.
  const inTurn = serial()
  const failures = new Map<string, number>()

  /** The records that are dealt with; undefined if the partition is over, or has to wait. */
  const handleNext = async (log: string, payload: EachBatchPayload, at: number) => {
    const { batch, heartbeat, isRunning, isStale } = payload
    await heartbeat() // Throws where others are to have a share: they fetch the rest.
    if (signal.aborted || !isRunning() || isStale()) return undefined
    const key = `${batch.topic}/${batch.partition}`
    const records = batch.messages.slice(at, at + handleInTime.size())
    const messages = records.flatMap(record => messageOf(log, record) ?? [])
    if (messages.length < records.length) {
      const count = records.length - messages.length
      failed?.(new Error(`${count} records of ${key} are no entries of a log: left out`))
    }
    try {
      if (messages.length > 0) await beating(heartbeat, () => handleInTime(messages))
      failures.delete(key)
      return records
    } catch (error) {
      if (endsSubscription(error)) return undefined
      failed?.(error)
      const count = (failures.get(key) ?? 0) + 1
      failures.set(key, count)
      // Only this partition waits. Messages that were not committed are fetched again.
      const resume = payload.pause()
      sleep(backOffMs(count), undefined, { signal }).then(resume, () => {})
      return undefined
    }
  }

  return async (log: string, payload: EachBatchPayload): Promise<void> => {
    const { batch, resolveOffset, commitOffsetsIfNecessary: commit } = payload
    const { topic, partition } = batch
    for (let at = 0; at < batch.messages.length; ) {
      const done = await inTurn(log, () => handleNext(log, payload, at))
      const last = done?.at(-1)
      if (!done || !last) return
      at += done.length
      resolveOffset(last.offset)
      const offset = String(BigInt(last.offset) + 1n)
      await commit({ topics: [{ topic, partitions: [{ partition, offset }] }] })
    }
  }
}

/** Halves what a slow handler gets, so that a rebalance need not wait long for it. */
const sized = (handle: Subscription['handle']) => {
  let size = chunkMax
  const timed = async (messages: readonly Message[]) => {
    const began = performance.now()
    await handle(messages)
    const slow = performance.now() - began > chunkMs
    size = slow ? Math.max(1, size >> 1) : Math.min(chunkMax, size << 1)
  }
  return Object.assign(timed, { size: () => size })
}

/** Keeps the share while a handler works. A failed heartbeat is ignored: the next fails too. */
const beating = async (heartbeat: () => Promise<void>, work: () => Promise<void>) => {
  const timer = setInterval(() => heartbeat().catch(() => {}), beatMs)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
}
