import { setImmediate as turn } from 'node:timers/promises'
import { decode, type Entry } from '@jejak/eventsourcing/entry'
import type { Page } from '@jejak/eventsourcing/log'
import { type Message, messagesMax } from './bus.ts'

/**
 * A message that was made here, of the log's own bytes: nobody has to decode them again. A copy of
 * it is a message like any other, and what that says beside its bytes is checked.
 */
export class LogMessage implements Message {
  readonly log: string
  readonly stream: string
  readonly version: number
  readonly position: number
  readonly entry: Uint8Array
  readonly #decoded: Entry

  constructor(log: string, position: number, entry: Uint8Array) {
    this.#decoded = decode(entry)
    this.log = log
    this.stream = this.#decoded.subject
    this.version = this.#decoded.streamversion
    this.position = position
    this.entry = entry
  }

  get decoded(): Entry {
    return this.#decoded
  }
}

/** A page of a log in parts that a bus takes at once. */
export function* partsOf({ position, entries }: Page, max = messagesMax): Iterable<Page> {
  for (let at = 0; at < entries.length; at += max) {
    yield { position: position + at, entries: entries.slice(at, at + max) }
  }
}

/** What is at hand already is one page, of about so many entries. */
export async function* coalesced(pages: AsyncIterable<Page>, about: number): AsyncIterable<Page> {
  const rest = pages[Symbol.asyncIterator]()
  const ask = () => {
    const asked = rest.next()
    asked.catch(() => {}) // Told once what came before it has been taken.
    return asked
  }
  try {
    for (let next = ask(); ; ) {
      const first = await next
      if (first.done) return
      const entries = [...first.value.entries]
      next = ask()
      while (entries.length < about) {
        const more = await Promise.race([next, turn()])
        if (!more || more.done) break
        entries.push(...more.value.entries)
        next = ask()
      }
      yield { position: first.value.position, entries }
    }
  } finally {
    // It may be waiting for what is yet to come: nobody has to wait with it.
    void Promise.try(async () => rest.return?.()).catch(() => {})
  }
}

export const messagesOf = (log: string, { position, entries }: Page): readonly LogMessage[] =>
  entries.map((entry, i) => messageAt(log, position + i, entry))

export const messageAt = (log: string, position: number, entry: Uint8Array): LogMessage =>
  new LogMessage(log, position, entry)

/** What a bus says beside the bytes is only a hint. */
export const decodedEntry = (message: Message): Entry => {
  if (message instanceof LogMessage) return message.decoded
  const { stream, version, entry: bytes } = message
  const entry = decode(bytes)
  if (entry.subject !== stream || entry.streamversion !== version) {
    throw new Error(`the entry is version ${entry.streamversion} of ${entry.subject}`)
  }
  return entry
}
