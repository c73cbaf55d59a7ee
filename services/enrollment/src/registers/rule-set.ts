import type { StreamEventOf } from '@jejak/events/declaration'
import type { enrollmentEvents } from '@jejak/events/enrollment'
import { type Decider, type Outcome, refuse } from '@jejak/eventsourcing/decider'
import type { Provenance } from '../claims/claim.ts'

type Kept = StreamEventOf<typeof enrollmentEvents, 'rule-set'>
export type RuleSetEvent = Kept & { readonly from?: Provenance }

/** What the event has of a rule set, and when it was recorded, as which event. */
export type KnownRuleSet = Omit<Kept, 'type'> & { readonly time: string; readonly id: string }

/** All rule sets of one kind, in the order in which they were recorded. */
export type RuleSetsOfKind = readonly KnownRuleSet[]

export const ruleSets: Decider<RuleSetsOfKind, RuleSetEvent> = {
  initial: [],
  evolve: {
    RuleSetAdopted: (state, { type: _, from, ...adopted }) => [
      ...state,
      { ...adopted, time: from?.time ?? '', id: from?.id ?? '' },
    ],
  },
}

export type Refused = 'AdoptedOtherwise'

/**
 * An id stands for one file for ever. Another file for the same first day is taken: it holds from
 * its recording on, and the answers of before can still be asked for.
 */
export const adoptRuleSet = (
  current: RuleSetsOfKind,
  adopted: Omit<Kept, 'type'>,
): Outcome<RuleSetEvent, Refused> => {
  const known = current.find(({ ruleSetId }) => ruleSetId === adopted.ruleSetId)
  if (!known) return [{ type: 'RuleSetAdopted', ...adopted }]
  return known.sha256 === adopted.sha256 ? [] : refuse('AdoptedOtherwise')
}
