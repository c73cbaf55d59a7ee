import { type IpAsnInputs, ipAsnOf } from '@jejak/competency/figures/ip-asn'
import { ruleSetsOf } from '@jejak/rules/rule-sets'
import { describe, expect, test } from 'vitest'
import { careerOf } from './career.ts'
import { referenceOf } from './reference.ts'
import { eventRecorder, idOf, sealed, siti } from './testing/events.ts'

const rules = ruleSetsOf([])
const lastDay = '2026-12-31'
const source = 'SIASN 2026-06-01'
const none = { punishments: [] }

type Recorder = ReturnType<typeof eventRecorder>

/** A nurse of whom all is recorded. */
const nurse = (position = 'perawat-ahli-muda') => {
  const bed = eventRecorder()
  let made = 0
  const career = (type: Parameters<Recorder['record']>[1], data: object, at = '2026-06-01') =>
    bed.record(at, type, { asnId: siti, recordId: idOf(500 + ++made), source, ...data })
  const learned = (form: number, on: string, other: object = {}) =>
    bed.record('2026-06-02', 'LearningRecorded', {
      ...{ learningId: idOf(600 + ++made), asnId: siti, title: 'Kursus', organiser: 'LAN' },
      ...{ form, startsOn: on, endsOn: on, claimedJp: 20, ...other },
    })
  const posted = (position: string, since: string, other: object = {}) =>
    bed.record(since, 'EmployeePosted', {
      ...{ asnId: siti, agency: 'rsud-daya', position, since, ...other },
    })
  const facts = {
    posting: posted(position, '2020-01-01', { employment: 'pns' }),
    education: career('QualificationRecorded', { education: 'S-1', graduatedOn: '2012-08-01' }),
    performance: career('PerformanceRecorded', {
      ...{ year: 2025, assessedOn: '2026-01-15', predicate: 'baik' },
    }),
    functional: learned(2, '2019-02-01', { forPosition: 'perawat' }),
    technical: learned(3, '2026-03-01'),
    seminar: learned(9, '2026-05-01'),
    statement: bed.record('2026-06-01', 'DisciplineStated', {
      ...{ asnId: siti, asOf: '2026-05-31', statement: sealed },
    }),
  }
  return { ...bed, career, learned, posted, ...facts }
}

const careerIn = ({ facts }: Pick<Recorder, 'facts'>, asOf = lastDay, knownAt?: string) => {
  const now = Date.parse('2027-06-01T00:00:00Z')
  return careerOf([siti], facts, referenceOf(facts), { asOf, knownAt, now })
}

const indexOf = (bed: Pick<Recorder, 'facts'>, inputs: IpAsnInputs = none, asOf = lastDay) => {
  const set = rules.on('ip-asn', asOf)
  if (!set) throw new Error('no rules of IP-ASN')
  return ipAsnOf({ ...careerIn(bed, asOf).inputs, ...inputs }, set.rules, asOf)
}

describe('a career', () => {
  test('has every input with the event that it rests on, and where it is known from', () => {
    const bed = nurse()
    const { inputs, lines, why, statement, employment } = careerIn(bed)
    expect(inputs).toEqual({
      office: 'ahli-muda',
      education: 'S-1',
      leadershipTraining: [],
      functionalTraining: [{ on: '2019-02-01', matchesOffice: true }],
      technicalTraining: [{ on: '2026-03-01', jp: 20 }],
      seminars: [{ on: '2026-05-01' }],
      performance: { predicate: 'baik' },
    })
    const { posting, education, performance, functional, technical, seminar } = bed
    expect(lines.map(({ restsOn }) => restsOn)).toEqual(
      [posting, education, functional, technical, seminar, performance].map(({ id }) => [id]),
    )
    expect(lines).toContainEqual({
      ...{ input: 'performance', on: '2026-01-15', value: 'baik', year: 2025, source },
      restsOn: [performance.id],
    })
    expect(why).toEqual({})
    expect(statement?.id).toBe(bed.statement.id)
    expect(employment).toBe('pns')
    // 15 + (15 + 15 + 10) + 25 + 5
    expect(indexOf(bed)).toMatchObject({ total: 85, category: 'Tinggi', unknown: [] })
  })

  test('says of what nobody has recorded that it is not known, and why', () => {
    const bed = eventRecorder()
    bed.record('2026-01-01', 'EmployeePosted', {
      ...{ asnId: siti, agency: 'dinkes', position: 'kepala-bagian', since: '2026-01-01' },
    })
    expect(careerIn(bed).why).toEqual({
      office: 'not-recorded',
      education: 'not-recorded',
      performance: 'not-recorded',
      punishments: 'not-recorded',
    })
    expect(indexOf(bed, {})).toMatchObject({
      unknown: ['education', 'office', 'performance', 'punishments'],
    })
    expect(indexOf(bed, {})).not.toHaveProperty('total')
  })

  test('goes by the highest education, and by the last record of the last year', () => {
    const bed = nurse()
    bed.career('QualificationRecorded', { education: 'S-2', graduatedOn: '2018-08-01' })
    bed.career('QualificationRecorded', { education: 'SLTA', graduatedOn: '2008-08-01' })
    bed.career('PerformanceRecorded', { year: 2024, assessedOn: '2026-07-01', value: 91 })
    bed.career('PerformanceRecorded', { year: 2025, assessedOn: '2026-07-01', value: 91 })
    const { inputs } = careerIn(bed)
    expect(inputs).toMatchObject({ education: 'S-2', performance: { value: 91 } })
    expect(careerIn(bed, '2018-07-31').inputs).toMatchObject({ education: 'S-1' })
  })

  test('leaves out what another record of the same kind replaces, on any day', () => {
    const bed = nurse()
    const wrong = bed.career('QualificationRecorded', {
      ...{ education: 'S-3', graduatedOn: '2015-08-01' },
    })
    const replaces = String(wrong.data['recordId'])
    const at = '2026-08-01'
    bed.career('StructuralTrainingRecorded', { training: '2', completedOn: '2020-01-01', replaces })
    expect(careerIn(bed).inputs.education).toBe('S-3')
    const right = { education: 'S-2', graduatedOn: '2026-07-01', replaces }
    bed.career('QualificationRecorded', right, at)
    expect(careerIn(bed).inputs.education).toBe('S-2')
    expect(careerIn(bed, '2016-01-01').inputs.education).toBe('S-1')
    expect(careerIn(bed, lastDay, '2026-07-31T00:00:00Z').inputs.education).toBe('S-3')
  })

  test('has no performance of years ago, and no statement of discipline of years ago', () => {
    const bed = nurse()
    const { inputs, why, statement } = careerIn(bed, '2027-06-01')
    expect(why).toEqual({ performance: 'too-old', punishments: 'too-old' })
    expect(inputs).not.toHaveProperty('performance')
    expect(statement).toBeUndefined()
    expect(careerIn(bed, '2027-05-31').statement).toBeDefined()
    expect(careerIn(bed, '2026-05-30').why).toEqual({ punishments: 'not-recorded' })
  })

  test('goes by the statement of the latest day, whatever was recorded after it', () => {
    const bed = nurse()
    const state = (asOf: string) =>
      bed.record('2026-07-01', 'DisciplineStated', { asnId: siti, asOf, statement: sealed })
    const last = state('2026-06-30')
    state('2024-12-31')
    expect(careerIn(bed).statement?.id).toBe(last.id)
  })

  test('11: does not count a learning that was revoked, from that day on', () => {
    const bed = nurse()
    const learningId = String(bed.technical.data['learningId'])
    const revoked = { learningId, asnId: siti, since: '2026-09-01', reason: 'Palsu' }
    bed.record('2026-09-02', 'LearningRevoked', revoked)
    expect(careerIn(bed).inputs.technicalTraining).toEqual([])
    expect(careerIn(bed, '2026-08-31').inputs.technicalTraining).toHaveLength(1)
  })

  test('1: counts a certificate on its own day, not on that of its recording', () => {
    const bed = nurse()
    bed.learned(9, '2023-05-01')
    expect(careerIn(bed).inputs.seminars).toContainEqual({ on: '2023-05-01' })
    expect(indexOf(bed, none, '2024-06-01').indicators).toContainEqual(
      expect.objectContaining({ indicator: 'seminars', score: 10, after: '2022-06-01' }),
    )
  })

  test('4: a promotion leaves the training of leaders behind until the next course', () => {
    const bed = nurse('kepala-seksi-pengawas')
    bed.career('StructuralTrainingRecorded', { training: '2', completedOn: '2021-06-01' })
    expect(indexOf(bed)).toMatchObject({ scores: { competency: 40 }, total: 85 })
    bed.posted('kepala-bidang-administrator', '2026-07-01', { employment: 'pns' })
    expect(indexOf(bed)).toMatchObject({ scores: { competency: 25 }, total: 70 })
    bed.career('StructuralTrainingRecorded', { training: '3', completedOn: '2026-10-01' })
    expect(indexOf(bed)).toMatchObject({ scores: { competency: 40 } })
    expect(indexOf(bed, none, '2026-09-30')).toMatchObject({ scores: { competency: 25 } })
  })

  test('of somebody who stands in for a chief is that of the office that they hold', () => {
    const bed = nurse('kepala-seksi-pengawas')
    bed.posted('kepala-bidang-administrator', '2026-07-01', { assignment: 'plt' })
    expect(careerIn(bed).inputs.office).toBe('pengawas')
  })

  test('does not know whether a functional training is of the office if nobody has said', () => {
    const bed = nurse()
    const { forPosition: _, ...unsaid } = bed.functional.data
    const without = bed.facts.map(fact =>
      fact.id === bed.functional.id ? { ...fact, data: unsaid } : fact,
    )
    expect(indexOf({ facts: without }).unknown).toEqual(['functionalTraining'])
    const other = { ...unsaid, forPosition: 'bidan' }
    const ofMidwives = bed.facts.map(fact =>
      fact.id === bed.functional.id ? { ...fact, data: other } : fact,
    )
    expect(indexOf({ facts: ofMidwives })).toMatchObject({ scores: { competency: 25 } })
  })

  test('counts each form of learning for what the rules say, and for nothing else', () => {
    const bed = nurse('pelaksana')
    bed.learned(22, '2026-04-01')
    const { technicalTraining, seminars } = careerIn(bed).inputs
    expect([technicalTraining, seminars].map(all => all?.length)).toEqual([1, 1])
    // The set of 2019 does not say which forms count.
    expect(careerIn(bed, '2019-12-31').why).toMatchObject({ technicalTraining: 'no-rule' })
  })
})
