/**
 * How sure we are of a rule: its text was `seen`, we have it `second-hand`, or it is `assumed` and
 * waits for the agency that knows. None of it is code, so that none of it needs a programmer.
 */
export type Certainty = 'seen' | 'second-hand' | 'assumed'

/** The fields of every rule, in Indonesian if people read them. */
export type Dated = {
  readonly id: string
  /** The first day on which it holds, RFC 3339 full-date. */
  readonly validFrom: string
  readonly legalBasis: string
  readonly certainty: Certainty
}

/** What a row of a rule may say of itself, if it differs from what its rule set says of all. */
export type RuleRow = {
  readonly certainty?: Certainty
  readonly legalBasis?: string
  /** For analysts, in Indonesian: what is not settled, or who says otherwise. */
  readonly note?: string
}

/** Parameters of the field, as they held from a day on. */
export type RuleSet<T> = Dated & { readonly value: T }

/** Within how many hours of the clock, weekends too, a person's request must be answered. */
export type RequestHours = {
  readonly kind: 'access' | 'copy' | 'correction'
  readonly hours: number
  readonly legalBasis: string
  readonly certainty: Certainty
}

export const requestRules: readonly RuleSet<readonly RequestHours[]>[] = [
  {
    id: 'permintaan-subjek-data-v1',
    validFrom: '2022-10-17',
    legalBasis: 'UU 27/2022 Pasal 6, 7, 14 dan 30',
    certainty: 'second-hand',
    value: [
      { kind: 'correction', hours: 72, legalBasis: 'UU 27/2022 Pasal 30', certainty: 'seen' },
      // No term was seen for these: that of a correction is taken.
      { kind: 'access', hours: 72, legalBasis: 'UU 27/2022 Pasal 7', certainty: 'assumed' },
      { kind: 'copy', hours: 72, legalBasis: 'UU 27/2022 Pasal 7', certainty: 'assumed' },
    ],
  },
]

const hourMs = 3_600_000

/** The rule of the latest day of those that had begun, and until when it gives time. */
export const dueOf = (
  kind: RequestHours['kind'],
  recordedMs: number,
): { readonly dueMs: number; readonly rule: string } => {
  const [first] = requestRules
  const set = inForce(requestRules, new Date(recordedMs).toISOString().slice(0, 10)) ?? first
  const hours = set?.value.find(rule => rule.kind === kind)?.hours
  if (!set || hours === undefined) throw new Error(`no rule says when a ${kind} is due`)
  return { dueMs: recordedMs + hours * hourMs, rule: set.id }
}

/** The one that holds on a day: the latest to begin, in any order; undefined before the first. */
export const inForce = <T extends { readonly validFrom: string }>(
  sets: readonly T[],
  date: string,
): T | undefined =>
  sets
    .filter(({ validFrom }) => validFrom <= date)
    .toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1))
    .at(-1)
