import type { Action } from '@jejak/access/rights'
import { type EventLog, limits, type Page } from '@jejak/eventsourcing/log'
import { HistoryService } from '@jejak/proto/jejak/history/v1/history'
import { delays } from '@jejak/texts/delays'
import { authorise } from './authorise.ts'
import type { Call } from './call.ts'
import { refusedBy, tryLater } from './error.ts'
import { implementAudited } from './implement.ts'
import { openReadAudit, type ReadAudit } from './read-audit.ts'
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

/** A log that is served: it has in it who has read it. */
export type ServedLog = HistoryLog & Pick<EventLog, 'append'>

/** Answers for every log that there is, by the service that writes it. */
export const historyRpc = (logs: ReadonlyMap<string, ServedLog>, clock = Date.now) => {
  const audits = new Map(
    [...logs].map(([service, log]) => [service, openReadAudit({ log, service, clock })]),
  )
  /** The right is checked first: a caller without it does not learn which logs there are. */
  const open = (call: Call, action: Action, name: string): HistoryLog => {
    authorise(call, action, {})
    const log = logs.get(name)
    if (log) return log
    throw refusedBy({ key: 'LOG_UNKNOWN', values: [...logs.keys()] })
  }
  const auditOf = ({ log }: { readonly log: string }) => audits.get(log) as ReadAudit
  return implementAudited(HistoryService, auditOf, {
    async readStream({ log: name, stream, fromVersion, toVersion }, call) {
      const log = open(call, 'history.ReadStream', name)
      validate({
        stream: streamProblem(stream),
        to_version: toVersion !== 0 && toVersion < fromVersion ? 'before-from-version' : undefined,
      })
      const from = fromVersion || 1
      const last = Math.min(await lastVersion(log, stream), toVersion || Number.MAX_SAFE_INTEGER)
      return {
        answer: events(log, stream, from, last),
        read: { log: name, stream, from, to: last + 1 },
      }
    },

    async readLog({ log: name, fromPosition, follow }, call) {
      const log = open(call, 'history.ReadLog', name)
      const size = await log.size()
      const from = within(fromPosition, size)
      if (follow) {
        let reached = from
        const answer = following(log, from, call, position => {
          reached = position
        })
        return { answer, read: { log: name, from }, reached: () => reached }
      }
      return { answer: upTo(log, from, size), read: { log: name, from, to: size } }
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

const lastVersion = async (log: HistoryLog, stream: string): Promise<number> => {
  const [page] = await log.readStreams([{ stream, backwards: true, limit: 1 }])
  return page?.events[0]?.version ?? 0
}

async function* events(log: HistoryLog, stream: string, from: number, to: number) {
  for (let next = from; next <= to; ) {
    const [page] = await log.readStreams([{ stream, from: next, to }])
    for (const { position, version, entry } of page?.events ?? []) {
      yield { entry: { position: BigInt(position), version, entry } }
      next = version + 1
    }
    if (!page || page.end) return
  }
}

/** What was there when it was asked for: that is what is recorded as read. */
async function* upTo(log: HistoryLog, from: number, size: number) {
  if (from === size) return
  for await (const { position, entries } of log.read(from)) {
    yield* cut({ position, entries: entries.slice(0, size - position) })
    if (position + entries.length >= size) return
  }
}

async function* following(
  log: HistoryLog,
  from: number,
  { signal, draining = signal }: Call,
  reached: (position: number) => void,
) {
  for await (const page of log.follow(from, AbortSignal.any([signal, draining]))) {
    for (const part of cut(page)) {
      reached(Number(part.position) + part.entries.length)
      yield part
    }
  }
  throw tryLater(delays.stopping, 1_000)
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
