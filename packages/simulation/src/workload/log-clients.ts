import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Append, Appended, AppendRefused, EventLog } from '@jejak/eventsourcing/log'
import { v7 } from 'uuid'
import type { ClientHistory, SentRequest } from '../checks/client-history.ts'

/** Streams that all clients of all writers append to, besides fresh streams of their own. */
const hotStreams = ['hot-0', 'hot-1', 'hot-2']
const hotShare = 0.3
const eventsMax = 3

/** The log is closed: it accepts no more requests. */
export class LogEnded extends Error {
  override name = 'Ended'
}

export type LogClients = {
  readonly log: EventLog
  readonly history: ClientHistory
  readonly signs: boolean
  /** Heads of hot streams, as these clients last saw them. */
  readonly heads: Map<string, number>
  readonly stop: AbortSignal
}

/** Appends one request after the other until it is stopped. */
export const runClient = async (clients: LogClients) => {
  while (!clients.stop.aborted) {
    const sent = request(clients.heads)
    clients.history.write(sent) // Written first: after a kill, open requests are sent again.
    await sendRequest(clients, sent)
  }
}

/** Sends it again until there is an answer, or the clients are stopped. */
export const sendRequest = async (clients: LogClients, sent: SentRequest): Promise<void> => {
  const { log, history, stop, heads } = clients
  for (;;) {
    const result = await log.append(appendOf(sent))
    if (!('refused' in result)) return acknowledge(clients, sent, result)
    if (result.refused === 'Closed') throw new LogEnded(result.reason)
    if (result.refused !== 'Busy' && result.refused !== 'Unknown') {
      if (result.refused === 'VersionConflict') heads.set(sent.stream, result.actual)
      return history.write({ is: 'refused', key: sent.key, why: reason(result) })
    }
    if (result.refused === 'Unknown') history.write({ is: 'unknown', key: sent.key })
    if (stop.aborted) return
    await sleep(result.retryAfterMs)
    history.write({ is: 'resent', key: sent.key })
  }
}

const reason = (result: AppendRefused) =>
  result.refused === 'VersionConflict' ? 'VersionConflict' : JSON.stringify(result)

const acknowledge = async (
  { history, signs, heads }: LogClients,
  sent: SentRequest,
  appended: Appended,
) => {
  const { commit, position, version, repeated, entries } = appended
  if (hotStreams.includes(sent.stream)) heads.set(sent.stream, version + entries.length - 1)
  const hashes = entries.map(entry => hash('sha256', entry))
  const answer = { key: sent.key, commit, position, version, repeated, hashes }
  let receipts: string[] = []
  try {
    if (signs) receipts = await Promise.all(entries.map((_, i) => appended.receipt(i)))
  } catch (error) {
    history.write({ is: 'unproven', key: sent.key, why: String(error) })
  }
  history.write({ is: 'acknowledged', ...answer, receipts })
}

const request = (heads: ReadonlyMap<string, number>): SentRequest => {
  const key = v7().replaceAll('-', '')
  const count = 1 + Math.floor(Math.random() * eventsMax)
  if (Math.random() > hotShare) {
    return { is: 'sent', key, stream: `fresh-${key}`, expected: 0, count }
  }
  const stream = hotStreams[Math.floor(Math.random() * hotStreams.length)] as string
  const expected = Math.random() < 0.5 ? 'any' : (heads.get(stream) ?? 0)
  return { is: 'sent', key, stream, expected, count }
}

/** The same request always has the same key and digest; its events name it. */
export const appendOf = ({ key, stream, expected, count }: SentRequest): Append => ({
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
