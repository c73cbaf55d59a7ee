import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs'

/** A request of a client: enough to send the same again. */
export type SentRequest = {
  readonly is: 'sent'
  /** The request key, in hexadecimal. */
  readonly key: string
  readonly stream: string
  readonly expected: number | 'any'
  readonly count: number
}

/** The promise of the log: nothing else counts as acknowledged. */
export type AcknowledgedRequest = {
  readonly is: 'acknowledged'
  readonly key: string
  readonly commit: number
  readonly position: number
  readonly version: number
  readonly repeated: boolean
  /** SHA-256 of each entry. */
  readonly hashes: readonly string[]
  /** One for each entry, from a writer that signs. */
  readonly receipts: readonly string[]
}

/** A line of a client's history. `refused`: nothing was stored. `unknown`: it may be stored. */
export type HistoryLine = { readonly atMs: number } & (
  | SentRequest
  | AcknowledgedRequest
  | { readonly is: 'refused'; readonly key: string; readonly why: string }
  | { readonly is: 'unknown' | 'resent'; readonly key: string }
  | { readonly is: 'unproven'; readonly key: string; readonly why: string }
  /** The log was opened. */
  | { readonly is: 'opened' }
  /** The log was taken out of service; its last head was of this size. */
  | { readonly is: 'stopped'; readonly size: number }
)

type HistoryRecord = HistoryLine extends infer Each
  ? Each extends HistoryLine
    ? Omit<Each, 'atMs'>
    : never
  : never

/** Survives a kill of its process: a line is one write to the end of the file. */
export type ClientHistory = {
  readonly path: string
  readonly write: (line: HistoryRecord) => void
  readonly close: () => void
}

export const openClientHistory = (path: string): ClientHistory => {
  const file = openSync(path, 'a')
  writeSync(file, '\n') // A line that a kill cut short must not spoil the next one.
  return {
    path,
    write: line => void writeSync(file, `${JSON.stringify({ ...line, atMs: Date.now() })}\n`),
    close: () => closeSync(file),
  }
}

export const parseLines = (text: string): HistoryLine[] =>
  text.split('\n').flatMap(line => {
    try {
      return line === '' ? [] : [JSON.parse(line)]
    } catch {
      return [] // Cut short by a kill: it does not count.
    }
  })

export const readClientHistory = (path: string): HistoryLine[] =>
  existsSync(path) ? parseLines(readFileSync(path, 'utf8')) : []

/** Requests without a final answer. */
export const unanswered = (lines: readonly HistoryLine[]): SentRequest[] => {
  const open = new Map<string, SentRequest>()
  for (const line of lines) {
    if (line.is === 'sent') open.set(line.key, line)
    if (line.is === 'acknowledged' || line.is === 'refused') open.delete(line.key)
  }
  return [...open.values()]
}
