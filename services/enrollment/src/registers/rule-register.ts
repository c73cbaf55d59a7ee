import { hash } from 'node:crypto'
import { keptBriefly } from '@jejak/eventsourcing/kept-briefly'
import { builtInRequest } from '@jejak/rpc/request'
import { recordedOf } from '@jejak/rpc/write'
import { builtInRuleSets } from '@jejak/rules/built-in'
import { type DatedRules, ruleKinds } from '@jejak/rules/kinds'
import { type AdoptedRuleSet, type RuleSets, ruleSetsOf } from '@jejak/rules/rule-sets'
import type { EnrollmentStreams } from '../streams.ts'
import { adoptRuleSet, type KnownRuleSet } from './rule-set.ts'

export type RuleRegister = ReturnType<typeof openRuleRegister>

/** The rule sets that were adopted, in memory: every derived figure asks for one. */
export const openRuleRegister = ({ ruleSets }: Pick<EnrollmentStreams, 'ruleSets'>) => {
  type Kept = { readonly adopted: readonly KnownRuleSet[]; readonly now: RuleSets }
  const kept = keptBriefly<void, Kept>(async () => {
    const adopted = (await Promise.all(ruleKinds.map(kind => ruleSets.read(kind)))).flat()
    return { adopted, now: ruleSetsOf(adopted) }
  })
  const adopted = async () => (await kept.ask()).adopted

  return {
    /** All of them: those of one kind in the order in which they were recorded. */
    adopted,

    /** Those of each kind, as others ask for them. */
    ruleSets: async (kinds: readonly string[]): Promise<readonly (readonly AdoptedRuleSet[])[]> => {
      const all = await adopted()
      return kinds.map(kind => all.filter(set => set.kind === kind))
    },

    rules: async (knownAt?: string): Promise<RuleSets> => {
      const { adopted, now } = await kept.ask()
      return knownAt === undefined ? now : ruleSetsOf(adopted, knownAt)
    },

    /** Reads them again for the next question: one was adopted. */
    changed: kept.forget,
  }
}

/** What the event says of a file beside its content. */
export const adoptionOf = (
  { kind, id: ruleSetId, validFrom, legalBasis, certainty }: DatedRules,
  content: string,
) => ({
  ...{ kind, ruleSetId, validFrom, legalBasis, certainty },
  sha256: hash('sha256', content),
  content,
})

/**
 * Records the rule sets that come with the program, each once: the first of an id stays, and so
 * does what somebody has adopted for the same first day.
 */
export const recordBuiltInRules = async ({ ruleSets }: Pick<EnrollmentStreams, 'ruleSets'>) => {
  // In the order of their days: of one kind they are in one stream.
  for (const { set, content } of builtInRuleSets()) {
    const transacted = await ruleSets.transact(set.kind, {
      decide: state =>
        state.some(
          ({ ruleSetId, validFrom }) => ruleSetId === set.id || validFrom === set.validFrom,
        )
          ? []
          : adoptRuleSet(state, adoptionOf(set, content)),
      request: builtInRequest(`rule-set/${set.id}`),
      attributes: { actor: 'enrollment' },
    })
    if ('refused' in transacted && transacted.refused === 'AdoptedOtherwise') continue
    await recordedOf(transacted)
  }
}
