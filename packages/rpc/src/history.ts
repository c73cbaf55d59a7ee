import type { Action } from '@jejak/access/rights'
import { type EventLog, limits, type Page } from '@jejak/eventsourcing/log'
import { HistoryService } from '@jejak/proto/jejak/history/v1/history'
import { delays } from '@jejak/texts/delays'
import { authorise } from './authorise.ts'
import type { Call } from './call.ts'
import { refusedBy, tryLater } from './error.ts'
import { implement } from './implement.ts'
import { type FieldProblem, validate } from './validate.ts'

export type Head = {
  readonly size: number
  /** c2sp.org/tlog-checkpoint. */
  readonly checkpoint: string
  /** The key that has signed it. */
  readonly vkey: string
}

/** A log that can be read and checked: what a service writes, and the proof of it. */
export type HistoryLog = Pick<EventLog, 'readStreams' | 'read' | 'follow' | 'size'> & {
  /** The last signed head; undefined if another process signs. */
  readonly head: () => Head | undefined | Promise<Head | undefined>
  /** Positions below this were verified since the process that writes the log has opened it. */
  readonly verified: () => number | Promise<number>
  readonly inclusion: (index: number, size: number) => Promise<readonly Uint8Array[]>
  readonly consistency: (older: number, size: number) => Promise<readonly Uint8Array[]>
}

/** Half of what a message may have: the last entry of a page goes past it. */
const pageBytesMax = 512 * 1024

/** Answers for every log that there is, by the service that writes it. */
export const historyRpc = (logs: ReadonlyMap<string, HistoryLog>) => {
  /** The right is checked first: a caller without it does not learn which logs there are. */
  const open = (call: Call, action: Action, name: string): HistoryLog => {
    authorise(call, action, {})
    const log = logs.get(name)
    if (log) return log
    throw refusedBy({ key: 'LOG_UNKNOWN', values: [...logs.keys()] })
  }
  return implement(HistoryService, {
    async *readStream({ log: name, stream, fromVersion, toVersion }, call) {
      const log = open(call, 'history.ReadStream', name)
      validate({
        stream: streamProblem(stream),
        to_version: toVersion !== 0 && toVersion < fromVersion ? 'before-from-version' : undefined,
      })
      const to = toVersion || undefined
      for await (const event of events(log, stream, fromVersion || 1, to)) yield { entry: event }
    },

    async *readLog({ log: name, fromPosition, follow }, call) {
      const log = open(call, 'history.ReadLog', name)
      const from = within(fromPosition, await log.size())
      const { signal, draining = signal } = call
      const over = AbortSignal.any([signal, draining])
      for await (const page of follow ? log.follow(from, over) : log.read(from)) yield* cut(page)
      if (follow) throw tryLater(delays.stopping, 1_000)
    },

    async getCheckpoint({ log: name }, call) {
      const log = open(call, 'history.GetCheckpoint', name)
      const { size, checkpoint, vkey } = await headOf(log)
      const verifiedSize = BigInt(await log.verified())
      return { checkpoint, size: BigInt(size), vkey, verifiedSize }
    },

    async getInclusionProof({ log: name, index, size: wanted }, call) {
      const log = open(call, 'history.GetInclusionProof', name)
      const size = within(wanted, (await headOf(log)).size)
      validate({ index: index < size ? undefined : 'beyond-size' })
      return { hashes: bytesOf(await log.inclusion(Number(index), size)) }
    },

    async getConsistencyProof({ log: name, olderSize, size: wanted }, call) {
      const log = open(call, 'history.GetConsistencyProof', name)
      const size = within(wanted, (await headOf(log)).size)
      validate({ older_size: olderSize <= size ? undefined : 'over-size' })
      return { hashes: bytesOf(await log.consistency(Number(olderSize), size)) }
    },
  })
}

/** Proofs end where the signed head does: without one there is nothing to hold them against. */
const headOf = async (log: HistoryLog): Promise<Head> => {
  const head = await log.head()
  if (head) return head
  throw refusedBy('SIGNED_ELSEWHERE')
}

/** A position of another's making: one beyond the log shows that the log was cut back. */
const within = (wanted: bigint, size: number): number => {
  if (wanted <= size) return Number(wanted)
  throw refusedBy({ key: 'BEYOND_LOG', values: { size } }, { size: String(size) })
}

const streamProblem = (stream: string): FieldProblem => {
  const bytes = Buffer.byteLength(stream)
  const most = limits.streamNameBytesMax
  return bytes > 0 && bytes <= most ? undefined : { key: 'stream-bytes', values: { most } }
}

async function* events(log: HistoryLog, stream: string, from: number, to: number | undefined) {
  for (let next = from; ; ) {
    const [page] = await log.readStreams([{ stream, from: next, ...(to && { to }) }])
    for (const { position, version, entry } of page?.events ?? []) {
      yield { position: BigInt(position), version, entry }
      next = version + 1
    }
    if (!page || page.end) return
  }
}

/** Pages as large as a message may be: the store's are larger. */
function* cut({ position, entries }: Page) {
  let [first, bytes] = [0, 0]
  for (const [at, entry] of entries.entries()) {
    bytes += entry.length
    if (bytes < pageBytesMax && at < entries.length - 1) continue
    yield { position: BigInt(position + first), entries: entries.slice(first, at + 1) }
    ;[first, bytes] = [at + 1, 0]
  }
}

const bytesOf = (hashes: readonly Uint8Array[]) => [...hashes]
