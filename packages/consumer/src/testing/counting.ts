import { draft, serialise } from '@jejak/eventsourcing/entry'
import type { Message } from '@jejak/messaging/bus'
import type { Projector, PublisherHistory } from '../port.ts'

export const happened = (stream: string, version: number, position = 0): Message => {
  const event = { id: `${stream}${version}`, type: 'Happened', data: {} }
  const entry = serialise(draft(event, 'log', stream), version, '2026-01-01T00:00:00.000Z')
  return { log: 'log', stream, version, position, entry }
}

/** A log of these messages, read two at a time. */
export const historyOf =
  (messages: readonly Message[]): PublisherHistory =>
  async (_, { stream, from = 1, to = Number.POSITIVE_INFINITY }) => {
    const found = messages.filter(
      ({ version, ...message }) => message.stream === stream && version >= from && version <= to,
    )
    return { events: found.slice(0, 2), end: found.length <= 2 }
  }

/**
 * Its documents show if an event was applied twice, in another order or not at all. It fails at
 * events with these ids.
 */
export const tally = (poison: ReadonlySet<string> = new Set()): Projector => {
  return async ({ stream }, { id }, load) => {
    const [ids = [], total = 0] = (await load([stream, 'total'])) as [string[]?, number?]
    if (poison.has(id)) throw new Error(`no rule for ${id}`)
    return new Map<string, unknown>([
      [stream, [...ids, id]],
      ['total', total + 1],
    ])
  }
}
