import { decode } from '@jejak/eventsourcing/entry'
import type { Page } from '@jejak/eventsourcing/log'
import { type Message, messagesMax } from './bus.ts'

/** A page of a log in parts that a bus takes at once. */
export function* partsOf({ position, entries }: Page): Iterable<Page> {
  for (let at = 0; at < entries.length; at += messagesMax) {
    yield { position: position + at, entries: entries.slice(at, at + messagesMax) }
  }
}

export const messagesOf = (log: string, { position, entries }: Page): readonly Message[] =>
  entries.map((entry, i) => messageAt(log, position + i, entry))

export const messageAt = (log: string, position: number, entry: Uint8Array): Message => {
  const { subject, streamversion } = decode(entry)
  return { log, stream: subject, version: streamversion, position, entry }
}
