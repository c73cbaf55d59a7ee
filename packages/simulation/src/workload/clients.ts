import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Append, Appended, AppendRefused, EventLog } from '@jejak/eventsourcing/log'
import { v7 } from 'uuid'
import type { History, Sent } from '../checks/history.ts'

/** Streams that all clients of all writers append to, besides their own fresh ones. */
const hotStreams = ['hot-0', 'hot-1', 'hot-2']
const hotShare = 0.3
const eventsMax = 3

/** The log has ended: nothing more can be sent to it. */
export class Ended extends Error {
  override name = 'Ended'
}

export type Crowd = {
  readonly log: EventLog
  readonly history: History
  readonly signs: boolean
  /** Heads of hot streams, as far as these clients know. */
  readonly heads: Map<string, number>
  readonly stop: AbortSignal
}

/** Appends one request after the other until told to stop. */
export const client = async (crowd: Crowd) => {
  while (!crowd.stop.aborted) {
    const sent = request(crowd.heads)
    crowd.history.say(sent) // Before it leaves: what a kill leaves open is sent again.
    await submit(crowd, sent)
  }
}

/** Sends until there is an answer, or the time is over. */
export const submit = async (crowd: Crowd, sent: Sent): Promise<void> => {
  const { log, history, stop, heads } = crowd
  for (;;) {
    const result = await log.append(appendOf(sent))
    if (!('refused' in result)) return acknowledge(crowd, sent, result)
    if (result.refused === 'Closed') throw new Ended(result.reason)
    if (result.refused !== 'Busy' && result.refused !== 'Unknown') {
      if (result.refused === 'VersionConflict') heads.set(sent.stream, result.actual)
      return history.say({ is: 'refused', key: sent.key, why: reason(result) })
    }
    if (result.refused === 'Unknown') history.say({ is: 'unknown', key: sent.key })
    if (stop.aborted) return
    await sleep(result.retryAfterMs)
    history.say({ is: 'resent', key: sent.key })
  }
}

const reason = (result: AppendRefused) =>
  result.refused === 'VersionConflict' ? 'VersionConflict' : JSON.stringify(result)

const acknowledge = async ({ history, signs, heads }: Crowd, sent: Sent, appended: Appended) => {
  const { commit, position, version, repeated, entries } = appended
  if (hotStreams.includes(sent.stream)) heads.set(sent.stream, version + entries.length - 1)
  const hashes = entries.map(entry => hash('sha256', entry))
  const said = { key: sent.key, commit, position, version, repeated, hashes }
  let receipts: string[] = []
  try {
    if (signs) receipts = await Promise.all(entries.map((_, i) => appended.receipt(i)))
  } catch (error) {
    history.say({ is: 'unproven', key: sent.key, why: String(error) })
  }
  history.say({ is: 'acknowledged', ...said, receipts })
}

const request = (heads: ReadonlyMap<string, number>): Sent => {
  const key = v7().replaceAll('-', '')
  const count = 1 + Math.floor(Math.random() * eventsMax)
  if (Math.random() > hotShare) {
    return { is: 'sent', key, stream: `fresh-${key}`, expected: 0, count }
  }
  const stream = hotStreams[Math.floor(Math.random() * hotStreams.length)] as string
  const expected = Math.random() < 0.5 ? 'any' : (heads.get(stream) ?? 0)
  return { is: 'sent', key, stream, expected, count }
}

/** The same request has the same key and digest for ever; its events name it. */
export const appendOf = ({ key, stream, expected, count }: Sent): Append => ({
  stream,
  expected,
  events: Array.from({ length: count }, (_, i) => ({
    id: v7(),
    type: 'simulation.Sent.v1',
    data: { request: key, i, text: 'x'.repeat((Number.parseInt(key.slice(-2), 16) * count) % 700) },
  })),
  request: {
    key: Buffer.from(key, 'hex'),
    digest: hash('sha256', `${key} ${stream} ${count}`, 'buffer'),
  },
})
