import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addMonths } from '../calendar.ts'
import type { LevelRuleSet, Rating } from '../level.ts'
import { levelOf, levelsOf } from './levels.ts'

const policy: LevelRuleSet = {
  id: 'latest-three-years',
  validFrom: '2018-01-01',
  legalBasis: 'PerBKN 26/2019 Pasal 29 ayat (4)',
  certainty: 'seen',
  rules: { policies: [{ dictionary: '*', pick: 'latest', validityMonths: 36 }] },
}

const basic: Rating = {
  assessmentId: 'basic',
  framework: 'permenpanrb-38-2017',
  competency: 'integritas',
  level: 2,
  occurredOn: '2024-02-29',
  recorded: 1,
  superseded: false,
  upheld: false,
  method: 'uji-kompetensi',
  phase: 'baseline',
  assessorId: 'assessor',
}
const intermediate: Rating = {
  ...basic,
  assessmentId: 'intermediate',
  level: 3,
  occurredOn: '2025-06-01',
  recorded: 2,
}

describe('the level that counts', () => {
  test('is that of the latest assessment, be it lower, and says which', () => {
    const lower = { ...intermediate, assessmentId: 'lower', level: 1, occurredOn: '2025-06-02' }
    expect(levelOf([basic, lower, intermediate], policy, '2026-01-01')).toEqual({
      level: 1,
      assessmentIds: ['lower'],
    })
  })

  test('is that of the day, not of the recording', () => {
    const late = { ...basic, assessmentId: 'late', recorded: 9 }
    expect(levelOf([intermediate, late], policy, '2026-01-01')?.level).toBe(3)
  })

  test('of one day is that which was recorded later', () => {
    const again = { ...intermediate, assessmentId: 'again', level: 2, recorded: 10 }
    for (const ratings of [
      [again, intermediate],
      [intermediate, again],
    ]) {
      expect(levelOf(ratings, policy, '2026-01-01')?.assessmentIds).toEqual(['again'])
    }
  })

  test.each([
    ['on the day before', '2024-02-28', undefined],
    ['on the day', '2024-02-29', 2],
    ['three years later', '2027-02-28', 2],
    ['a day after that', '2027-03-01', undefined],
  ])('counts from its day for three years of the calendar: %s', (_, onDate, level) => {
    expect(levelOf([basic], policy, onDate)?.level).toBe(level)
  })

  test('goes back to the one before where the latest was corrected or the contest upheld', () => {
    for (const flaw of [{ superseded: true }, { upheld: true }]) {
      const flawed = { ...intermediate, ...flaw }
      expect(levelOf([basic, flawed], policy, '2026-01-01')?.assessmentIds).toEqual(['basic'])
      expect(levelOf([flawed], policy, '2026-01-01')).toBeUndefined()
    }
  })

  test('is of each competency of each dictionary on its own', () => {
    const ratings = [
      { ...basic, competency: 'perekat-bangsa', level: 4 },
      { ...basic, framework: 'sampel', level: 5 },
      { ...basic, competency: 'komunikasi', superseded: true },
      basic,
      intermediate,
    ]
    expect(levelsOf(ratings, policy, '2026-01-01')).toEqual([
      {
        framework: 'permenpanrb-38-2017',
        competency: 'integritas',
        level: 3,
        assessmentIds: ['intermediate'],
      },
      {
        framework: 'permenpanrb-38-2017',
        competency: 'perekat-bangsa',
        level: 4,
        assessmentIds: ['basic'],
      },
      { framework: 'sampel', competency: 'integritas', level: 5, assessmentIds: ['basic'] },
    ])
  })

  test('is by the rule of its dictionary, or else by that of all', () => {
    const rule = { dictionary: 'sampel', pick: 'latest', validityMonths: 12 } as const
    const set = { ...policy, rules: { policies: [...policy.rules.policies, rule] } }
    const ratings = [basic, { ...basic, framework: 'sampel' }]
    const dictionariesOn = (day: string) =>
      levelsOf(ratings, set, day).map(({ framework }) => framework)
    expect(dictionariesOn('2025-02-28')).toEqual(['permenpanrb-38-2017', 'sampel'])
    expect(dictionariesOn('2025-03-01')).toEqual(['permenpanrb-38-2017'])
  })
})

// Few, so that many fall on one day, and on either side of three years.
const days = fc.constantFrom(0, 1, 35, 36, 37, 48).map(months => addMonths('2022-01-31', months))

const histories = fc
  .array(
    fc.record({
      competency: fc.constantFrom('integritas', 'komunikasi'),
      level: fc.integer({ min: 1, max: 5 }),
      occurredOn: days,
      superseded: fc.boolean(),
      upheld: fc.boolean(),
    }),
    { maxLength: 12 },
  )
  .map(drawn =>
    drawn.map((some, at): Rating => ({ ...basic, ...some, assessmentId: `${at}`, recorded: at })),
  )

describe('the levels of any history', () => {
  test('do not depend on the order in which it is given', () => {
    const shuffled = histories.chain(history =>
      fc.tuple(
        fc.constant(history),
        fc.shuffledSubarray(history, { minLength: history.length, maxLength: history.length }),
      ),
    )
    fc.assert(
      fc.property(shuffled, days, ([history, other], onDate) => {
        expect(levelOf(other, policy, onDate)).toEqual(levelOf(history, policy, onDate))
        expect(levelsOf(other, policy, onDate)).toEqual(levelsOf(history, policy, onDate))
      }),
    )
  })

  test('are as if what was superseded or upheld had never been', () => {
    fc.assert(
      fc.property(histories, days, (history, onDate) => {
        const sound = history.filter(({ superseded, upheld }) => !(superseded || upheld))
        expect(levelOf(history, policy, onDate)).toEqual(levelOf(sound, policy, onDate))
      }),
    )
  })

  test('rest on one that holds on the day, and no later one does', () => {
    fc.assert(
      fc.property(histories, days, (history, onDate) => {
        const holds = history.filter(
          ({ superseded, upheld, occurredOn }) =>
            !superseded && !upheld && occurredOn <= onDate && addMonths(occurredOn, 36) >= onDate,
        )
        const level = levelOf(history, policy, onDate)
        const picked = holds.find(({ assessmentId }) => level?.assessmentIds[0] === assessmentId)
        expect(picked?.level).toBe(level?.level)
        expect(level === undefined).toBe(holds.length === 0)
        for (const other of holds) {
          const order = (rating?: Rating) =>
            `${rating?.occurredOn} ${(rating?.recorded ?? 0) + 100}`
          expect(order(other) <= order(picked)).toBe(true)
        }
      }),
    )
  })
})
