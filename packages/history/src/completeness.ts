import type { Fact, LogName } from './fact.ts'

/** Streams that are all about the person: whoever has every version of each has all of it. */
export type Stream = {
  readonly log: LogName
  readonly stream: string
  /** The last that was known. */
  readonly versions: number
  /** Whether every version before that is there. */
  readonly dense: boolean
}

/** By log: the position after the last fact. */
export type Heads = Readonly<Partial<Record<LogName, number>>>

export const headsOf = (known: readonly Fact[]): Heads => {
  const heads: Partial<Record<LogName, number>> = {}
  for (const { log, position } of known) heads[log] = Math.max(heads[log] ?? 0, position + 1)
  return heads
}

export const streamsOf = (known: readonly Fact[]): readonly Stream[] => {
  const own = known.filter(({ stream }) => !stream.startsWith('cohort/')) // Of all who have seats.
  return [...Map.groupBy(own, ({ log, stream }) => `${log} ${stream}`)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [first, ...rest]]) => {
      if (!first) return []
      const versions = Math.max(first.version, ...rest.map(({ version }) => version))
      const there = new Set([first, ...rest].map(({ version }) => version))
      return [{ log: first.log, stream: first.stream, versions, dense: there.size === versions }]
    })
}
