import { ruleSetsOf } from '@jejak/rules/rule-sets'
import { describe, expect, test } from 'vitest'
import type { DataOf } from './fact.ts'
import { creditedHours } from './hours.ts'
import { referenceOf } from './reference.ts'
import { certificate, restsOnAll, trained } from './testing/certificates.ts'
import { eventRecorder, historyIn, idOf, siti } from './testing/events.ts'

const asOf = '2026-12-31'
type Recorder = ReturnType<typeof eventRecorder>
type Days = Pick<DataOf<'LearningRecorded'>, 'startsOn' | 'endsOn'> &
  Partial<DataOf<'LearningRecorded'>>
const learned = ({ record }: Recorder, id: number, other: Days, at = '2026-06-01') => {
  const named = { title: 'Kursus', organiser: 'LAN', form: 11 }
  return record(at, 'LearningRecorded', { learningId: idOf(id), asnId: siti, ...named, ...other })
}
const on = (startsOn: string, endsOn = startsOn) => ({ startsOn, endsOn })
const hoursIn = ({ facts }: Recorder, day = asOf, postings: readonly object[] = []) =>
  creditedHours(facts, [], postings as never, referenceOf(facts), ruleSetsOf([]), day)

describe('a training here', () => {
  const creditsOf = (form?: number) => {
    const { facts } = trained({ ...(form && { form }) })
    const { enrollments } = historyIn(facts)
    const { credits } = creditedHours(
      ...([facts, enrollments, [], referenceOf(facts), ruleSetsOf([]), asOf] as const),
    )
    return credits
  }

  test('has the JP of its programme, by the form of that', () => {
    expect(creditsOf(2)).toMatchObject([{ form: 2, claimedJp: 8, creditedJp: 8 }])
    expect(creditsOf(2)[0]).not.toHaveProperty('formAssumed')
  })

  test('of a programme that does not say its form counts as Diklat Teknis, and says so', () => {
    expect(creditsOf()).toMatchObject([{ form: 3, creditedJp: 8, formAssumed: true }])
  })

  test('gives nothing from the day on which its certificate was revoked, and says so', () => {
    const book = trained({ form: 3 })
    book.record('2026-03-15', 'CertificateIssued', {
      ...certificate,
      restsOn: restsOnAll(book, certificate),
    })
    const { certificateId } = certificate
    const { id } = book.record('2026-05-01', 'CertificateRevoked', {
      certificateId,
      reason: 'palsu',
    })
    const on = (day: string) => historyIn(book.facts, { asOf: day }).credits
    expect(on('2026-04-30')).toMatchObject([{ creditedJp: 8 }])
    expect(on('2026-05-01')).toMatchObject([
      { claimedJp: 8, creditedJp: 0, reasons: [{ kind: 'revoked', on: '2026-05-01' }] },
    ])
    expect(on('2026-05-01')[0]?.restsOn).toContain(id)
  })

  test('has the caps of its form, by the minutes that were attended on each day', () => {
    const cap = { kind: 'day-cap', on: '2026-03-05', maxJp: 3 }
    expect(creditsOf(16)).toMatchObject([{ claimedJp: 8, creditedJp: 3, reasons: [cap] }])
  })
})

describe('hours', () => {
  test('1: a certificate of 2019 that is entered in 2025 counts to the 20 JP of 2019', () => {
    const bed = eventRecorder()
    const days = on('2019-03-04', '2019-03-08')
    const { id } = learned(bed, 1, { ...days, claimedJp: 20 }, '2025-02-01')
    const { credits, years } = hoursIn(bed)
    expect(credits).toMatchObject([{ creditedJp: 20, attributedOn: '2019-03-08', restsOn: [id] }])
    expect(years[0]).toMatchObject({ from: '2019-01-01', jp: 20 })
  })

  test('2: the JP of a course across New Year belong to the year of its last day', () => {
    const bed = eventRecorder()
    learned(bed, 1, { ...on('2025-12-29', '2026-01-02'), claimedJp: 30 })
    expect(hoursIn(bed).years).toMatchObject([{ from: '2026-01-01', jp: 30 }])
  })

  test('3: the same certificate twice (number, organiser and end date) counts once', () => {
    const bed = eventRecorder()
    const paper = { ...on('2026-03-02'), claimedJp: 8, certificateNumber: '500/LAN/2026' }
    learned(bed, 1, paper)
    learned(bed, 2, { ...paper, organiser: 'lan' })
    expect(hoursIn(bed).years).toMatchObject([{ jp: 8, activityIds: [idOf(1)] }])
  })

  test('5: when a PPPK becomes a CPNS the history stays, and the ceiling becomes a floor', () => {
    const bed = eventRecorder()
    learned(bed, 1, { ...on('2025-05-05'), claimedJp: 30 })
    const contract = { since: '2025-03-01', employment: 'pppk', contractSince: '2025-03-01' }
    const { years } = hoursIn(bed, asOf, [contract, { since: '2026-03-01', employment: 'cpns' }])
    const [first] = years.filter(({ year }) => year === 'contract')
    expect(first).toMatchObject({ from: '2025-03-01', jp: 30, ceilingJp: 24, overJp: 6 })
    expect(years.find(({ from }) => from === '2026-01-01')).toMatchObject({ floorJp: 20 })
  })

  test('9: the third coaching of a month credits 0; 31 Jan and 1 Feb are two months', () => {
    const bed = eventRecorder()
    for (const [at, day] of ['2026-01-05', '2026-01-19', '2026-01-31', '2026-02-01'].entries()) {
      learned(bed, at, { ...on(day), form: 14, sessions: [{ on: day, minutes: 90 }] })
    }
    expect(hoursIn(bed).credits.map(({ creditedJp }) => creditedJp)).toEqual([2, 2, 0, 2])
  })

  test('10: 5 JP on one day: self-study credits 2 of 5 claimed, e-learning 3', () => {
    const bed = eventRecorder()
    learned(bed, 1, { ...on('2026-02-02'), form: 22, claimedJp: 5 })
    learned(bed, 2, { ...on('2026-02-02'), form: 16, claimedJp: 5 })
    expect(hoursIn(bed).credits).toMatchObject([
      { claimedJp: 5, creditedJp: 2, reasons: [{ kind: 'day-cap' }] },
      { claimedJp: 5, creditedJp: 3, reasons: [{ kind: 'day-cap' }] },
    ])
  })

  test('11: what is revoked later counts until then; a new run differs and says why', () => {
    const bed = eventRecorder()
    learned(bed, 1, { ...on('2026-02-02'), claimedJp: 8 })
    const revoked = { learningId: idOf(1), asnId: siti, since: '2026-09-01', reason: 'Palsu' }
    const { id } = bed.record('2026-09-02', 'LearningRevoked', revoked)
    expect(hoursIn(bed, '2026-08-31').credits).toMatchObject([{ creditedJp: 8 }])
    expect(hoursIn(bed).credits).toMatchObject([
      { creditedJp: 0, reasons: [{ kind: 'revoked', on: '2026-09-01' }] },
    ])
    expect(hoursIn(bed).credits[0]?.restsOn).toContain(id)
  })
})
