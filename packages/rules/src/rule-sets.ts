import { builtInOf } from './built-in.ts'
import type { DatedRules, RuleKind } from './kinds.ts'
import { adoptedRuleSet } from './rule-set-file.ts'

/** A rule set that was put in force, as the event RuleSetAdopted has it. */
export type AdoptedRuleSet = {
  /** The text of its file. */
  readonly content: string
  /** When the log recorded it, RFC 3339. */
  readonly time: string
  /** Id of the event. */
  readonly id: string
}

/** A set, its file, and the event that put it in force: what comes with Jejak may have none. */
export type RuleSetInForce<K extends RuleKind = RuleKind> = DatedRules<K> & {
  readonly content: string
  readonly adoptedBy?: string
}

/** All rules that were known at a time. */
export type RuleSets = {
  /** The one that holds on a day, RFC 3339 full-date; undefined before the first. */
  readonly on: <K extends RuleKind>(kind: K, day: string) => RuleSetInForce<K> | undefined
  /** Those of a kind, in the order of their days; of one day, that which was recorded last. */
  readonly all: <K extends RuleKind>(kind: K) => readonly RuleSetInForce<K>[]
}

/**
 * The rules by what was adopted, in the order of recording, and known by a moment (RFC 3339), or by
 * now. A kind of which nothing was known has the sets that come with Jejak: times before an upgrade
 * have rules too.
 */
export const ruleSetsOf = (adopted: readonly AdoptedRuleSet[], knownAt?: string): RuleSets => {
  const knownMs = knownAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(knownAt)
  const known = adopted
    .filter(({ time }) => Date.parse(time) <= knownMs)
    .map(
      ({ content, id }): RuleSetInForce => ({ ...adoptedRuleSet(content), content, adoptedBy: id }),
    )
  const kinds = new Map<RuleKind, readonly RuleSetInForce[]>()
  const all = <K extends RuleKind>(kind: K) => {
    const found = kinds.get(kind) ?? inForceOf(kind, known)
    kinds.set(kind, found)
    return found as readonly RuleSetInForce<K>[]
  }
  return {
    all,
    on: (kind, day) => all(kind).findLast(({ validFrom }) => validFrom <= day),
  }
}

const inForceOf = (kind: RuleKind, known: readonly RuleSetInForce[]): readonly RuleSetInForce[] => {
  const own = known.filter(set => set.kind === kind)
  const sets =
    own.length > 0 ? own : builtInOf(kind).map(({ set, content }) => ({ ...set, content }))
  const byDay = new Map(sets.map(set => [set.validFrom, set]))
  return [...byDay.values()].toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1))
}
