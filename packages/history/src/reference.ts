import type { RuleKind } from '@jejak/rules/kinds'
import type { AdoptedRuleSet } from '@jejak/rules/rule-sets'
import { type DataOf, type Fact, named } from './fact.ts'

export type PublishedProgram = DataOf<'ProgramPublished'>
export type OpenedCohort = DataOf<'CohortOpened'>

/** The kinds of rules that a history goes by. */
export const historyRules = ['level-policy', 'hours'] as const satisfies readonly RuleKind[]

/** The stream of enrollment's log that has the rule sets of a kind. */
export const ruleStream = (kind: RuleKind): string => `rule-set/${kind}`

/** What facts of people refer to, by its ids, and the rules that their figures go by. */
export type Reference = {
  readonly programs: ReadonlyMap<string, PublishedProgram>
  readonly cohorts: ReadonlyMap<string, OpenedCohort>
  /** Those that were adopted, in the order of recording: `ruleSetsOf` says which hold. */
  readonly ruleSets: readonly AdoptedRuleSet[]
}

export const referenceOf = (
  facts: readonly Fact[],
  ruleSets: readonly AdoptedRuleSet[] = adoptedIn(facts),
): Reference => ({
  programs: new Map(named(facts, 'ProgramPublished').map(({ data }) => [data.programId, data])),
  cohorts: new Map(named(facts, 'CohortOpened').map(({ data }) => [data.cohortId, data])),
  ruleSets,
})

/** The rule sets that were adopted, in the order of recording. */
export const adoptedIn = (facts: readonly Fact[]): readonly AdoptedRuleSet[] =>
  named(facts, 'RuleSetAdopted')
    .toSorted((a, b) => a.position - b.position)
    .map(({ id, time, data: { content } }) => ({ id, time, content }))
