import { readFileSync } from 'node:fs'
import { logFault } from '@jejak/texts/log-faults'

/** A checkpoint that somebody else has held, for the start of a log whose head file is gone. */
export type GivenHead = {
  /** The file that it is from. */
  readonly path: string
  /** The name of the log that it is of. */
  readonly origin: string
  readonly note: string
}

/** Heads can't be used: the message says which, and what to give. */
export class WrongHeads extends Error {
  override name = 'WrongHeads'
}

/** The heads in files: each has one or more, one after the other. */
export const readGivenHeads = (files: readonly string[]): readonly GivenHead[] => {
  const heads = files.flatMap(path => notesIn(path).map(note => headOf(path, note)))
  for (const [i, { origin, path }] of heads.entries()) {
    if (heads.findIndex(head => head.origin === origin) === i) continue
    throw new WrongHeads(logFault({ key: 'heads-of-one-log', values: { path, origin } }))
  }
  return heads
}

/** A checkpoint ends with lines of signatures: what comes after them is the next. */
const notesIn = (path: string): readonly string[] => {
  try {
    const notes = readFileSync(path, 'utf8').split(/(?<=^— .*\n)\n*(?!— |\n|$)/m)
    return notes.map(note => note.replace(/\n+$/, '\n'))
  } catch (cause) {
    const values = { path, why: cause instanceof Error ? cause.message : String(cause) }
    throw new WrongHeads(logFault({ key: 'not-a-head', values }), { cause })
  }
}

/** Its signature is verified where the log's key is known. */
const headOf = (path: string, note: string): GivenHead => {
  const [, origin] = /^([^\n]+)\n\d+\n[^\n]+\n(?:[^\n]+\n)*\n(?:— [^\n]+\n)+$/.exec(note) ?? []
  if (origin) return { path, origin, note }
  const values = { path, why: 'it must be a name, a size, a root and a signature' }
  throw new WrongHeads(logFault({ key: 'not-a-head', values }))
}

/** Throws `WrongHeads` if there are heads, but none of this log: its processes share one file. */
export const refuseOthersHeads = (heads: readonly GivenHead[], origin: string): void => {
  const [first] = heads
  if (!first || heads.some(head => head.origin === origin)) return
  throw new WrongHeads(logFault({ key: 'no-head-of-log', values: { path: first.path, origin } }))
}

/** Throws `WrongHeads` if one is of none of these logs. */
export const refuseStrayHeads = (heads: readonly GivenHead[], origins: readonly string[]): void => {
  const stray = heads.find(({ origin }) => !origins.includes(origin))
  if (!stray) return
  if (origins.length === 0) throw new WrongHeads(logFault({ key: 'head-of-none', values: stray }))
  const values = { ...stray, logs: origins.join(', ') }
  throw new WrongHeads(logFault({ key: 'head-of-no-log', values }))
}
