import { setImmediate as turn } from 'node:timers/promises'
import { after } from '@jejak/eventsourcing/projection'
import type { Message } from '@jejak/messaging/bus'
import { applying } from './apply.ts'
import { applyBatch } from './batch.ts'
import { cursorScopes } from './cursor-scope.ts'
import { type ParkedStream, parkedStreams } from './parking.ts'
import type { ConsumerOptions } from './port.ts'

export type Counts = {
  readonly applied: number
  /** Dropped: applied already. */
  readonly duplicates: number
  /** Filled from history. */
  readonly gaps: number
  /** Dropped: their stream is parked. */
  readonly waiting: number
}

export type Consumer = {
  /** Takes what a bus delivers. */
  readonly handle: (messages: readonly Message[]) => Promise<void>
  /**
   * Applies messages in one change. False, and nothing is done, if one of them needs a step of its
   * own: `handle` finds out which.
   */
  readonly applyBatch: (messages: readonly Message[]) => Promise<boolean>
  /**
   * Tries the version again that failed and then, from history, what follows it in its stream.
   * False if the stream is parked again.
   */
  readonly retry: (log: string, stream: string) => Promise<boolean>
  readonly parked: () => AsyncIterable<ParkedStream>
  /** How many streams are parked, by whichever process. */
  readonly parkedCount: () => Promise<number>
  /** Since the consumer was opened. */
  readonly counts: () => Counts
}

/**
 * Applies each event once and in order, however the bus repeats, loses or delays them: documents
 * and cursor change together. A stream whose projector fails is parked, and others flow on.
 */
export const idempotentConsumer = (options: ConsumerOptions): Consumer => {
  const { name, store, history, cursorPer, batchMax = 250 } = options
  const scope = cursorScopes[cursorPer]
  const { positionOf, attempt, apply, passOver } = applying(options, scope)
  const counts = { applied: 0, duplicates: 0, gaps: 0, waiting: 0 }

  /** False if its stream is parked. */
  const applyOne = async (message: Message, isRetry = false): Promise<boolean> => {
    const number = scope.numberOf(message)
    const next = after({ position: number - 1, entries: [message.entry] })
    for (;;) {
      const at = await positionOf(message.log, message.stream)
      const { position } = at.cursor
      if (number <= position) {
        counts.duplicates++
        return true
      }
      if (at.parked && !isRetry) {
        if (!(await passOver(at, next))) continue
        counts.waiting++
        return false
      }
      if (number > position + 1 && scope.showsGap(message)) {
        counts.gaps++
        if (!(await scope.fillGap(steps, message, position))) return false
        continue
      }
      const outcome = await apply(message, at, next)
      // Another process has changed the stream or the documents meanwhile: decide again.
      if (outcome === 'overtaken') continue
      if (outcome === 'applied') counts.applied++
      return outcome === 'applied'
    }
  }

  const steps = {
    history,
    positionOf,
    attempt,
    applyOne,
    store: store.apply.bind(store, name),
    counted: () => void counts.applied++,
  }

  const applyInOneChange = async (messages: readonly Message[]) => {
    const applied = await applyBatch(options, messages)
    counts.applied += applied?.applied ?? 0
    counts.duplicates += applied?.duplicates ?? 0
    return applied !== undefined
  }

  return {
    async handle(messages) {
      for (let at = 0; at < messages.length; at += batchMax) {
        const batch = messages.slice(at, at + batchMax)
        if (!(await applyInOneChange(batch))) for (const message of batch) await applyOne(message)
        await turn() // Others are to be answered in between.
      }
    },
    applyBatch: applyInOneChange,
    retry: (log, stream) => scope.retry(steps, log, stream),
    parked: () => parkedStreams(options),
    async parkedCount() {
      let count = 0
      for await (const _ of parkedStreams(options)) count++
      return count
    },
    counts: () => ({ ...counts }),
  }
}
