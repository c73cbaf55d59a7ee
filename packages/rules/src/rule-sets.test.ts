import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { builtInRuleSets } from './built-in.ts'
import { type AdoptedRuleSet, ruleSetsOf } from './rule-sets.ts'

const contest = builtInRuleSets().find(({ set }) => set.kind === 'contest')?.content ?? ''

const adopted = (id: string, validFrom: string, time: string): AdoptedRuleSet => ({
  content: contest
    .replace(/^id: .*$/m, `id: ${id}`)
    .replace(/^validFrom: .*$/m, `validFrom: ${validFrom}`),
  time,
  id: `event-of-${id}`,
})

const old = adopted('old', '2020-01-01', '2020-02-01T00:00:00Z')
const next = adopted('next', '2027-01-01', '2026-12-01T00:00:00Z')
const instead = adopted('instead', '2027-01-01', '2027-03-01T00:00:00Z')

describe('the rules of a day', () => {
  const sets = ruleSetsOf([old, next, instead])

  test('are those that began last by then', () => {
    expect(sets.on('contest', '2026-12-31')).toMatchObject({ id: 'old', adoptedBy: 'event-of-old' })
    expect(sets.on('contest', '2019-12-31')).toBeUndefined()
  })

  test('are, of two that begin on one day, those that were recorded last', () => {
    expect(sets.on('contest', '2027-01-01')).toMatchObject({ id: 'instead' })
    const before = ruleSetsOf([old, next, instead], '2027-02-28T23:59:59Z')
    expect(before.on('contest', '2027-06-01')).toMatchObject({ id: 'next' })
  })

  test('are those that come with Jejak, if none of their kind was known', () => {
    expect(sets.on('hours', '2026-01-01')).toMatchObject({ id: 'jam-pelajaran-v1' })
    const early = ruleSetsOf([old], '2020-01-31T00:00:00Z').on('contest', '2026-01-01')
    expect(early).toMatchObject({ id: 'keberatan-v1' })
    expect(early).not.toHaveProperty('adoptedBy')
  })

  test('of offices are grouped as the law of the day groups them', () => {
    const groupsOn = (day: string) => sets.on('offices', day)?.rules.groups.map(({ code }) => code)
    expect(groupsOn('2023-10-30')).toEqual(['pimpinan-tinggi', 'administrasi', 'fungsional'])
    expect(groupsOn('2023-10-31')).toEqual(['manajerial', 'nonmanajerial'])
  })

  test('agree with a naive reading of the log, by both clocks', () => {
    const day = fc
      .integer({ min: 1, max: 28 })
      .map(day => `2026-01-${String(day).padStart(2, '0')}`)
    const recorded = fc.array(fc.record({ validFrom: day, waited: fc.nat(2) }), { maxLength: 12 })
    fc.assert(
      fc.property(recorded, day, fc.nat(30), (list, asked, knownAtDay) => {
        let hours = 0
        const events = list.map(({ validFrom, waited }, at) => {
          hours += waited * 24
          const time = new Date(Date.UTC(2026, 0, 1, hours)).toISOString()
          return { validFrom, time, set: adopted(`set-${at}`, validFrom, time) }
        })
        const knownAt = new Date(Date.UTC(2026, 0, 1 + knownAtDay)).toISOString()
        let naive: (typeof events)[number] | undefined
        for (const event of events) {
          if (event.time > knownAt || event.validFrom > asked) continue
          if (naive === undefined || event.validFrom >= naive.validFrom) naive = event
        }
        const known = events.some(({ time }) => time <= knownAt)
        const found = ruleSetsOf(
          events.map(({ set }) => set),
          knownAt,
        ).on('contest', asked)
        expect(found?.adoptedBy).toBe(naive?.set.id)
        expect(found?.id).toBe(known ? naive?.set.id.replace('event-of-', '') : 'keberatan-v1')
      }),
    )
  })
})
