import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs'

/** What a client wants stored: enough to send the very same again. */
export type Sent = {
  readonly is: 'sent'
  /** The request key, in hexadecimal. */
  readonly key: string
  readonly stream: string
  readonly expected: number | 'any'
  readonly count: number
}

/** What the log promised: nothing else counts as acknowledged. */
export type Acknowledged = {
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

/** A line of a client's history. `refused` says that nothing was stored; `unknown` says nothing. */
export type Line = { readonly atMs: number } & (
  | Sent
  | Acknowledged
  | { readonly is: 'refused'; readonly key: string; readonly why: string }
  | { readonly is: 'unknown' | 'resent'; readonly key: string }
  | { readonly is: 'unproven'; readonly key: string; readonly why: string }
)

type Said = Line extends infer Each ? (Each extends Line ? Omit<Each, 'atMs'> : never) : never

/** Survives the kill of its process: a line is one write to the end of the file. */
export type History = {
  readonly path: string
  readonly say: (line: Said) => void
  readonly close: () => void
}

export const openHistory = (path: string): History => {
  const file = openSync(path, 'a')
  writeSync(file, '\n') // Whatever a kill has cut short must not spoil the next line.
  return {
    path,
    say: line => void writeSync(file, `${JSON.stringify({ ...line, atMs: Date.now() })}\n`),
    close: () => closeSync(file),
  }
}

export const parseLines = (text: string): Line[] =>
  text.split('\n').flatMap(line => {
    try {
      return line === '' ? [] : [JSON.parse(line)]
    } catch {
      return [] // Cut short by a kill: it was not said.
    }
  })

export const readHistory = (path: string): Line[] =>
  existsSync(path) ? parseLines(readFileSync(path, 'utf8')) : []

/** What was sent and never answered for good. */
export const unanswered = (lines: readonly Line[]): Sent[] => {
  const open = new Map<string, Sent>()
  for (const line of lines) {
    if (line.is === 'sent') open.set(line.key, line)
    if (line.is === 'acknowledged' || line.is === 'refused') open.delete(line.key)
  }
  return [...open.values()]
}
