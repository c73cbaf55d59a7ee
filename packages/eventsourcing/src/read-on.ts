import type { EventLog } from './log.ts'

/**
 * For what is remembered of a log whose entries never change: each call reads on to the end of the
 * log, one after the other, and gives each page of entries once. A call that fails is gone on with.
 */
export const readingOn = (
  log: Pick<EventLog, 'read'>,
  take: (entries: readonly Uint8Array[]) => void,
): (() => Promise<void>) => {
  let position = 0
  let reading: Promise<void> = Promise.resolve()
  const readOn = async () => {
    for await (const page of log.read(position)) {
      take(page.entries)
      position = page.position + page.entries.length
    }
  }
  return () => {
    reading = reading.catch(() => {}).then(readOn)
    return reading
  }
}

/** Whether the bytes of an entry have a text: where few do, searching is faster than decoding. */
export const hasText = (entry: Uint8Array, text: string): boolean =>
  Buffer.from(entry.buffer, entry.byteOffset, entry.length).includes(text)
