import type { RuleRow } from './rules.ts'

/** Rules of the index of professionality of an ASN (IP-ASN): four dimensions, 100 in all. */
export type IpAsnRules = {
  /** The most of each dimension. */
  readonly weights: {
    readonly qualification: number
    readonly competency: number
    readonly performance: number
    readonly discipline: number
  }
  /** By the highest education. */
  readonly qualification: readonly QualificationScore[]
  readonly competency: {
    /** Whether the JP of technical training are summed in the window, or one course must do. */
    readonly technicalJp: 'sum' | 'one-course'
    readonly technicalMinJp: number
    readonly groups: readonly IndicatorGroup[]
    /** Training that counts as that of leaders, and for which office. */
    readonly leadershipTraining: readonly LeadershipTraining[]
  }
  readonly performance: {
    /** The highest first: each is for a value above `above`; the last has null, and is for all. */
    readonly byValue: readonly ValueScore[]
    /** Since 2022 there is a predicate in place of a value. */
    readonly byPredicate: readonly PredicateScore[]
    /** Of a year of which it is known that nothing was recorded. */
    readonly noRecord: number
  }
  readonly discipline: {
    readonly windowYears: number
    readonly neverPunished: number
    /** The worst punishment in the window counts. */
    readonly punished: readonly PunishmentScore[]
  }
  /** The highest first; the last begins at 0. The total is not rounded before. */
  readonly categories: readonly IpAsnCategory[]
  /** Decimals that a total is shown with. */
  readonly decimals: number
}

export type QualificationScore = RuleRow & {
  /** As `S-3`; `lainnya` is what has no row of its own. */
  readonly education: readonly string[]
  readonly score: number
}

/** What counts for the competency of holders of some levels of office. */
export type IndicatorGroup = {
  readonly group: string
  readonly offices: readonly string[]
  readonly indicators: readonly Indicator[]
}

export type Indicator = RuleRow & {
  readonly indicator:
    | 'leadership-training'
    | 'functional-training'
    | 'technical-training'
    | 'seminars'
  readonly score: number
  /** Whether it must be of the office that is held. */
  readonly matchesOffice: boolean
  /** Years back from the day of the index; null if it counts for ever. */
  readonly windowYears: number | null
}

/** `code` is that of `latihanStruktural` of SIASN. */
export type LeadershipTraining = RuleRow & {
  readonly code: string
  readonly names: readonly string[]
  /** The level of office that it is for. */
  readonly office: string
}

export type ValueScore = RuleRow & { readonly above: number | null; readonly score: number }

export type PredicateScore = RuleRow & { readonly predicate: string; readonly score: number }

export type PunishmentScore = RuleRow & {
  readonly level: 'ringan' | 'sedang' | 'berat'
  readonly score: number
}

export type IpAsnCategory = RuleRow & { readonly name: string; readonly from: number }
