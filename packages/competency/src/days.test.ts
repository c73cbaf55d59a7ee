import { describe, expect, test } from 'vitest'
import {
  birthDateFault,
  completionFault,
  contractDayFault,
  endFault,
  joinLifeDays,
  lifeDayFault,
  lifeDayOddity,
  lifeDaysOf,
  recordedDayFault,
  servedAfter,
  sessionFault,
} from './days.ts'

describe('the first days of a person', () => {
  test.each([
    ['a PNS, appointed after 18', '1986-09-26', ['198609262015051001'], '1986', '2015-05-01'],
    ['a PPPK, by the year', '1990-09-13', ['199009132025242014'], '1990', '2025-01-01'],
    ['one appointed too young', '2000-09-13', ['200009132016011001'], '2000', '2018-01-01'],
    [
      'a PPPK who became a PNS, by the first appointment',
      '1990-09-13',
      ['199009132025062001', '199009132021212014'],
      '1990',
      '2021-01-01',
    ],
    ['one without a NIP', '1990-09-13', [], '1990', '2008-01-01'],
    [
      'a birth date later than the NIP says',
      '1990-09-13',
      ['198009132005011001'],
      '1980',
      '2005-01-01',
    ],
  ])('of %s', (_, birthDate, nips, born, firstPlausibleDay) => {
    const days = { firstPossibleDay: `${born}-01-01`, firstPlausibleDay }
    expect(lifeDaysOf(birthDate, nips)).toEqual(days)
  })

  test('of somebody of whom nothing is known are not known, and refuse nothing', () => {
    expect(lifeDaysOf('', [])).toEqual({})
    expect(lifeDayFault('1905-01-01', {})).toBeUndefined()
    expect(lifeDayOddity('1905-01-01', {})).toBeUndefined()
  })

  test('of several records are the earliest of each', () => {
    const [one, other] = [
      { firstPossibleDay: '1986-01-01', firstPlausibleDay: '2015-05-01' },
      { firstPossibleDay: '1987-01-01', firstPlausibleDay: '2006-01-01' },
    ]
    const joined = { firstPossibleDay: '1986-01-01', firstPlausibleDay: '2006-01-01' }
    expect(joinLifeDays([one, {}, other])).toEqual(joined)
    expect(joinLifeDays([{}])).toEqual({})
  })
})

describe('a posting', () => {
  const postings = [{ since: '2010-01-01' }, { since: '2020-01-01' }]

  test.each([
    ['2010-01-01', undefined],
    ['2010-01-02', 'born-after-posting'],
  ])('of somebody born on %s: %s', (birthDate, fault) => {
    expect(birthDateFault(birthDate, postings)).toBe(fault)
  })

  test('has a contract in the life of the person, which comes before it', () => {
    const life = { firstPossibleDay: '1986-01-01' }
    expect(contractDayFault('2020-01-01', '2020-01-01', life)).toBeUndefined()
    expect(contractDayFault('2020-01-02', '2020-01-01', life)).toBe('contract-after-posting')
    expect(contractDayFault('1985-12-31', '2020-01-01', life)).toBe('before-birth')
    const contracted = [{ since: '2020-01-01', contractSince: '1986-03-01' }]
    expect(birthDateFault('1986-03-01', contracted)).toBeUndefined()
    expect(birthDateFault('1986-09-26', contracted)).toBe('born-after-posting')
  })

  test('is served after a last day that comes before it', () => {
    const days = ['2010-01-01', '2020-01-01']
    expect(servedAfter('2009-12-31', days)).toBe('2020-01-01')
    expect(servedAfter('2020-01-01', days)).toBeUndefined()
  })
})

describe('a day', () => {
  const life = { firstPossibleDay: '1986-01-01', firstPlausibleDay: '2015-05-01' }

  test.each([
    ['1905-03-01', 'before-birth', 'before-service'],
    ['1985-12-31', 'before-birth', 'before-service'],
    ['1986-01-01', undefined, 'before-service'],
    ['2015-04-30', undefined, 'before-service'],
    ['2015-05-01', undefined, undefined],
  ])('of %s in a life is: %s, %s', (day, fault, odd) => {
    expect(lifeDayFault(day, life)).toBe(fault)
    expect(lifeDayOddity(day, life)).toBe(odd)
  })

  test.each([
    ['2026-04-02', 'in-the-future'],
    ['2026-04-01', undefined],
    ['1926-04-01', undefined],
    ['1926-03-31', 'too-long-ago'],
    ['1905-03-01', 'too-long-ago'],
  ])('of %s, recorded on 1 April 2026: %s', (day, fault) => {
    expect(recordedDayFault(day, '2026-04-01')).toBe(fault)
  })

  test.each([
    ['2001-03-02', 'outside-cohort'],
    ['2026-03-01', 'outside-cohort'],
    ['2026-03-02', undefined],
    ['2026-03-06', undefined],
    ['2026-03-07', 'outside-cohort'],
  ])('of a session on %s, of a cohort from 2 to 6 March: %s', (day, fault) => {
    expect(sessionFault(day, { startsOn: '2026-03-02', endsOn: '2026-03-06' })).toBe(fault)
  })

  test.each([
    ['1999-01-01', 'before-cohort'],
    ['2026-03-01', 'before-cohort'],
    ['2026-03-02', 'before-last-session'],
    ['2026-03-03', undefined],
    ['2026-09-01', undefined],
  ])('of a completion on %s, after a session on 3 March: %s', (day, fault) => {
    const cohort = { startsOn: '2026-03-02', endsOn: '2026-03-06' }
    const sessions = [{ heldOn: '2026-03-03' }, { heldOn: '2026-03-02' }]
    expect(completionFault(day, cohort, sessions)).toBe(fault)
  })

  test('that is the last is not before the first', () => {
    expect(endFault('2026-03-02', '2026-03-01')).toBe('ends-before-start')
    expect(endFault('2026-03-02', '2026-03-02')).toBeUndefined()
  })
})
