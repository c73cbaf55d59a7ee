import { limits } from './log.ts'

/** What an event can't have, and where: a path as `.names[0]`, empty for the value itself. */
export type Inexact = {
  readonly path: string
  readonly problem: 'too-deep' | 'not-text' | 'not-finite'
}

/**
 * The first part of a JSON value that other readers would refuse, or read otherwise than it was
 * sent. The bound of depth is what keeps every walk through an event from running out of stack;
 * this one ends at it.
 */
export const inexactIn = (
  value: unknown,
  levels: number = limits.eventDepthMax,
): Inexact | undefined => {
  if (typeof value === 'string') return isText(value) ? undefined : at('not-text')
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : at('not-finite')
  if (typeof value !== 'object' || value === null) return undefined
  if (levels === 0) return at('too-deep')
  for (const [name, inner] of Object.entries(value)) {
    if (!isText(name)) return at('not-text')
    const found = inexactIn(inner, levels - 1)
    if (found?.problem === 'too-deep') return found // The path to it would be of no use.
    if (found) return { ...found, path: `${step(name, value)}${found.path}` }
  }
  return undefined
}

/** Whether arrays and objects are nested deeper than this: it looks at nothing else. */
export const isDeeper = (value: object, levels: number): boolean =>
  levels === 0 ||
  Object.values(value).some(
    inner => typeof inner === 'object' && inner !== null && isDeeper(inner, levels - 1),
  )

/**
 * Whether the text that `JSON.stringify` made shows a sign of what `inexactIn` finds. Nearly no
 * event does, and to walk through all of its texts would cost five times as much as this.
 */
export const maybeInexact = (json: string): boolean => /\\u(?:0000|d[89a-f])|null/.test(json)

/** Without half characters (lone surrogates), which UTF-8 lacks, and without U+0000. */
export const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

const at = (problem: Inexact['problem']): Inexact => ({ path: '', problem })

const step = (name: string, parent: object): string =>
  Array.isArray(parent) ? `[${name}]` : `.${name}`
