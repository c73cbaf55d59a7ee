import { ipAsnTexts } from '@jejak/texts/ip-asn'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openReports, type Reports } from './testing/reports.ts'
import { newPerson, written } from './testing/training-fixture.ts'

const agency = 'rsud-daya'
const source = 'SIASN 2026-06-01'

let bed: Reports
let hr: string
let siti: string
let budi: string
beforeAll(async () => {
  bed = await openReports()
  hr = bed.issue({ role: 'hr' })
  siti = await enter('perawat-ahli-muda', 'pns')
  budi = await enter('pelaksana', 'pns')
  await recordCareer(siti)
  await recordCareer(budi)
  await learn(siti, { form: 2, forPosition: 'perawat', endsOn: '2019-02-01' })
  for (const asnId of [siti, budi]) {
    await learn(asnId, { form: 3, endsOn: '2026-03-01' })
    await learn(asnId, { form: 9, endsOn: '2026-05-01' })
  }
  await state(siti, [{ level: 'ringan', on: '2024-02-02', until: '' }])
  await bed.caughtUp()
}, 60_000)
afterAll(() => bed.close())

const enter = async (position: string, employment: string) => {
  const posting = { agency, position, since: '2020-01-01', employment }
  const registration = { ...written(), person: newPerson(), posting }
  return (await bed.as(hr).employees.registerEmployee(registration)).asnId
}

const recordCareer = (asnId: string) =>
  bed.as(hr).career.recordCareer({
    ...{ ...written(), asnId, source },
    qualification: { education: 'S-1', graduatedOn: '2012-08-01' },
    performance: { year: 2025, assessedOn: '2026-01-15', predicate: 'Baik' },
  })

const learn = (asnId: string, of: { form: number; endsOn: string; forPosition?: string }) => {
  const named = { title: 'Kursus', organiser: 'Kemenkes', claimedJp: 20 }
  const learning = { ...named, startsOn: of.endsOn, ...of }
  return bed.as(hr).learning.recordLearning({ ...written(), asnId, learning })
}

const state = (asnId: string, punishments: readonly object[]) =>
  bed.as(hr).career.stateDiscipline({
    ...{ ...written(), asnId, asOf: '2026-05-31', source },
    punishments: [...punishments] as [],
  })

const get = async (path: string, token = hr) => {
  const { status, body } = await bed.ask(token, `/v1${path}`)
  expect(status).toBe(200)
  return body
}

type Scored = { readonly dimension: string; readonly score?: number; readonly state: string }
const scoresOf = ({ dimensions }: { readonly dimensions: readonly Scored[] }) =>
  Object.fromEntries(dimensions.map(({ dimension, score, state }) => [dimension, score ?? state]))

describe('the index of professionality', () => {
  test('has each component with what it was reckoned from, and the rules', async () => {
    const answer = await get(`/people/${siti}/ip-asn`)
    // 15 + (15 + 15 + 10) + 25 + 3, for there was a light punishment.
    expect(answer).toMatchObject({
      ...{ asnId: siti, asOf: '2026-06-15', employment: 'pns' },
      ...{ total: 83, shown: '83.00', category: 'Tinggi', unknown: [] },
      indicators: [
        { indicator: 'functional-training', score: 15, lines: [{ on: '2019-02-01', jp: 20 }] },
        { indicator: 'technical-training', score: 15, after: '2025-06-15' },
        { indicator: 'seminars', score: 10, lines: [{ source: 'Kemenkes' }] },
      ],
      ruleSets: [{ id: 'ip-asn-2020-v1' }, { kind: 'hours' }, { kind: 'offices' }],
    })
    expect(answer).not.toHaveProperty('withheld')
    const scores = { qualification: 15, competency: 40, performance: 25, discipline: 3 }
    expect(scoresOf(answer)).toEqual(scores)
    const [qualification, , performance, discipline] = answer.dimensions
    const events = [qualification, performance, discipline].map(({ lines: [line] }) => line)
    expect(events).toMatchObject([
      { value: 'S-1', source },
      { value: 'baik', year: 2025, source },
      { value: 'ringan', on: '2024-02-02', source },
    ])
    for (const { restsOn } of events) expect(restsOn).toHaveLength(1)
  })

  test('gives no total while an input is missing, and says which and whose it is', async () => {
    const answer = await get(`/people/${budi}/ip-asn`)
    expect(answer.unknown).toEqual([
      {
        ...{ input: 'punishments', why: 'not-recorded', from: 'hr' },
        what: ipAsnTexts['discipline-unknown'],
      },
    ])
    expect(answer).not.toHaveProperty('total')
    expect(answer).not.toHaveProperty('category')
    const before = await get(`/people/${siti}/ip-asn?asOf=2026-01-14`)
    expect(before.unknown.map(({ input }: { input: string }) => input)).toEqual([
      ...['performance', 'punishments'],
    ])
    const then = await get(`/people/${siti}/ip-asn?knownAt=2026-01-01T00:00:00Z`)
    expect(then.unknown[0]).toMatchObject({ input: 'education' })
  })

  test('of a year is as of its last day, or as of today', async () => {
    expect(await get(`/people/${siti}/ip-asn?year=2026`)).toMatchObject({ asOf: '2026-06-15' })
    expect(await get(`/people/${siti}/ip-asn?year=2019`)).toMatchObject({
      asOf: '2019-12-31',
      ruleSets: [{ id: 'ip-asn-2019-v1' }, {}, {}],
    })
    const both = await bed.ask(hr, `/v1/people/${siti}/ip-asn?year=2025&asOf=2026-01-01`)
    expect(both).toMatchObject({ status: 400, body: { errors: [{ field: 'year' }] } })
  })

  test('shows discipline to the person and HR, and nothing of it to anybody else', async () => {
    const self = await get(`/people/${siti}/ip-asn`, bed.issue({ role: 'asn', asnId: siti }))
    expect(self).toMatchObject({ total: 83 })
    const others = [bed.issue({ role: 'agency', agency }), bed.issue({ role: 'auditor' })]
    for (const token of others) {
      const answer = await get(`/people/${siti}/ip-asn`, token)
      expect(scoresOf(answer)).toMatchObject({ competency: 40, discipline: 'withheld' })
      expect(answer).toMatchObject({ unknown: [], withheld: ipAsnTexts.withheld })
      for (const field of ['total', 'shown', 'category']) expect(answer).not.toHaveProperty(field)
      // The same of whoever was punished and of whoever was not.
      await state(budi, [])
      await bed.caughtUp()
      const unpunished = await get(`/people/${budi}/ip-asn`, token)
      expect(unpunished.dimensions[3]).toEqual(answer.dimensions[3])
    }
  })

  test('of an agency counts categories, and means only over those who are known', async () => {
    const third = await enter('perawat-ahli-muda', 'pppk')
    await bed.caughtUp()
    const answer = await get(`/agencies/${agency}/ip-asn`)
    expect(answer).toMatchObject({ agency, people: 3, asOf: '2026-06-15' })
    const [pns, pppk] = answer.groups
    // 83 of Siti, and 15 + (22.5 + 17.5) + 25 + 5 of Budi.
    expect(pns).toMatchObject({
      ...{ employment: 'pns', people: 2, known: 2, unknownPeople: 0, unknown: [] },
      ...{ average: 84, shown: '84.00' },
    })
    expect(pns.categories).toContainEqual({ category: 'Tinggi', people: 2 })
    expect(pppk).toMatchObject({ employment: 'pppk', people: 1, known: 0, unknownPeople: 1 })
    expect(pppk).not.toHaveProperty('average')
    expect(pppk.unknown).toContainEqual(
      expect.objectContaining({ input: 'education', why: 'not-recorded', people: 1 }),
    )
    expect(third).not.toBe('')

    const own = await get(`/agencies/${agency}/ip-asn`, bed.issue({ role: 'agency', agency }))
    expect(own).toMatchObject({ withheld: ipAsnTexts.withheld, groups: [{ known: 2 }, {}] })
    expect(JSON.stringify(own)).not.toMatch(/"discipline"|"punishments"|categories|shown/)
    expect(own.groups[0]).not.toHaveProperty('average')
  })
})
