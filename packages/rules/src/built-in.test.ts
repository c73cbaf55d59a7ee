import { describe, expect, test } from 'vitest'
import { builtInRuleSets, checkRuleSet } from './built-in.ts'
import { ruleKinds } from './kinds.ts'

const files = builtInRuleSets().map(({ set, content }) => ({ name: set.id, set, content }))

describe('a rule set that comes with Jejak', () => {
  test.each(files)('passes the check that all files go through: $name', ({ set, content }) => {
    expect(checkRuleSet(Buffer.from(content))).toEqual({ set })
  })

  test('is there for every kind, and has an id of its own', () => {
    expect(new Set(files.map(({ set }) => set.kind))).toEqual(new Set(ruleKinds))
    expect(new Set(files.map(({ name }) => name)).size).toBe(files.length)
  })

  test('is written for who writes the next one: it begins with what it is for', () => {
    for (const { content } of files) expect(content).toMatch(/^# [A-Z].*\n# [A-Z]/)
  })
})

describe('the hours that come with Jejak', () => {
  const hours = files.map(({ set }) => set).find(set => set.kind === 'hours')
  const form = (id: number) => hours?.rules.forms.find(form => form.id === id)

  test('have the conversion of every form of learning', () => {
    expect(hours?.rules.forms.map(({ id }) => id)).toEqual(
      Array.from({ length: 25 }, (_, i) => i + 1),
    )
    expect(form(14)).toMatchObject({ credit: 'per-session', jp: 2, maxSessionsPerMonth: 2 })
    expect(form(16)).toMatchObject({ credit: 'as-logged', maxJpPerDay: 3 })
    expect(form(20)).toMatchObject({ credit: 'per-activity', jp: 10 })
    expect(form(10)).toMatchObject({ credit: 'per-activity', jp: 20, abroad: { jp: 24 } })
  })

  test('are classical from 1 to 9 and 11 to 13', () => {
    const classical = hours?.rules.forms.filter(({ setting }) => setting === 'classical')
    expect(classical?.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13])
  })

  test('have a floor for a PNS by calendar year, a ceiling for a PPPK by year of contract', () => {
    expect(hours?.rules.employments).toMatchObject([
      { employment: 'pns', year: 'calendar', floorJp: 20, ceilingJp: null },
      { employment: 'cpns' },
      { employment: 'pppk', year: 'contract', floorJp: null, ceilingJp: 24 },
      { employment: 'pppk-paruh-waktu', certainty: 'assumed' },
    ])
  })
})
