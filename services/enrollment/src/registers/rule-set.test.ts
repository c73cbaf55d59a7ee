import { refuse } from '@jejak/eventsourcing/decider'
import { given } from '@jejak/eventsourcing/testing/given'
import { describe, expect, test } from 'vitest'
import { adoptRuleSet, ruleSets } from './rule-set.ts'

const hours = {
  kind: 'hours',
  ruleSetId: 'jp-2027',
  validFrom: '2027-01-01',
  legalBasis: 'PerLAN 1/2026',
  certainty: 'seen' as const,
  sha256: 'a'.repeat(64),
  content: 'kind: hours',
}
const adopted = { type: 'RuleSetAdopted', ...hours } as const

describe('a rule set', () => {
  test('is adopted once, and its id stands for one file for ever', () => {
    expect(given(ruleSets).when(adoptRuleSet, hours)).toEqual([adopted])
    expect(given(ruleSets, adopted).when(adoptRuleSet, hours)).toEqual([])
    const other = { ...hours, sha256: 'b'.repeat(64) }
    expect(given(ruleSets, adopted).when(adoptRuleSet, other)).toEqual(refuse('AdoptedOtherwise'))
  })

  test('may begin on the day of another: that one stays on record', () => {
    const instead = { ...hours, ruleSetId: 'jp-2027-perbaikan' }
    expect(given(ruleSets, adopted).when(adoptRuleSet, instead)).toEqual([
      { type: 'RuleSetAdopted', ...instead },
    ])
  })
})
