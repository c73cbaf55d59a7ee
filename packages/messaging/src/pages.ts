import { setImmediate as turn } from 'node:timers/promises'
import { decode, type Entry } from '@jejak/eventsourcing/entry'
import type { Page } from '@jejak/eventsourcing/log'
import { type Message, messagesMax } from './bus.ts'

/**
 * A message made in this process from the log's own bytes, which need not be decoded again. A copy
 * of it is a message like any other, whose stream and version are checked against its bytes.
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

/** A page of a log in parts of at most so many entries. */
export function* partsOf({ position, entries }: Page, max = messagesMax): Iterable<Page> {
  for (let at = 0; at < entries.length; at += max) {
    yield { position: position + at, entries: entries.slice(at, at + max) }
  }
}

/** Joins the pages that are at hand already to pages of about so many entries. */
export async function* coalesced(pages: AsyncIterable<Page>, about: number): AsyncIterable<Page> {
  const rest = pages[Symbol.asyncIterator]()
  const ask = () => {
    const asked = rest.next()
    asked.catch(() => {}) // It is thrown once what came before it has been taken.
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
    // It may be waiting for entries that are yet to come: nobody has to wait with it.
    void Promise.try(async () => rest.return?.()).catch(() => {})
  }
}

export const messagesOf = (log: string, { position, entries }: Page): readonly LogMessage[] =>
  entries.map((entry, i) => messageAt(log, position + i, entry))

export const messageAt = (log: string, position: number, entry: Uint8Array): LogMessage =>
  new LogMessage(log, position, entry)

/** Throws if a message's stream or version is not that of its bytes: a bus's word is a hint. */
export const decodedEntry = (message: Message): Entry => {
  if (message instanceof LogMessage) return message.decoded
  const { stream, version, entry: bytes } = message
  const entry = decode(bytes)
  if (entry.subject !== stream || entry.streamversion !== version) {
    throw new Error(`the entry is version ${entry.streamversion} of ${entry.subject}`)
  }
  return entry
}
