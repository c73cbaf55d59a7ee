// tidy: what the suite of reports and its processes say to each other.

export type DuckTask = {
  /** CSV files: people, standards and ratings. */
  readonly files: Readonly<Record<'people' | 'standards' | 'ratings', string>>
  readonly asOf: string
  readonly people: readonly string[]
  readonly agency: string
  readonly repeats: number
}

/** What somebody lacks of a required level, as both count it. */
export type GapCounts = {
  readonly framework: string
  readonly competency: string
  readonly requiredLevel: number
  readonly people: number
  readonly attained: number
  readonly below: number
  readonly expired: number
  readonly notAssessed: number
}

/** Milliseconds, and every answer. */
export type TimedAnswers = {
  readonly p50: number
  readonly p99: number
  readonly answers: readonly (readonly GapCounts[])[]
}

export type ReportsAnswer = {
  readonly person: TimedAnswers
  readonly agency: TimedAnswers
  readonly city: TimedAnswers
  /** At most. */
  readonly mib: number
}
