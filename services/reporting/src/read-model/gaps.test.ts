import { historyOf } from '@jejak/history/history'
import { sealed } from '@jejak/history/testing/events'
import { expect, test } from 'vitest'
import { assessed, framework, merged, registered } from '../testing/events.ts'
import {
  type Happened,
  idOf,
  type Logs,
  noon,
  openLogs,
  readModelAfter,
} from '../testing/read-model.ts'
import { openQueries } from './queries.ts'

const standard = (validFrom: string, level: number) =>
  ({
    type: 'StandardSet',
    position: 'bidan-terampil',
    validFrom,
    legalBasis: 'Keputusan Wali Kota',
    requirements: [
      { framework, competency: 'integritas', level },
      { framework, competency: 'kerja-sama', level: 2 },
    ],
  }) satisfies Happened

const five = [idOf(101), idOf(102), idOf(103), idOf(104), idOf(105)] as const

const register = ({ append }: Logs, asnId: string, position: string) =>
  append('enrollment', `employee/${asnId}`, ...registered(asnId, 'dinkes', position))

const queriesOf = async (levels: readonly (number | undefined)[]) => {
  const logs = await openLogs()
  const { append } = logs
  await append('assessment', 'standard/bidan-terampil', standard('2020-01-01', 5))
  await append('assessment', 'standard/bidan-terampil', standard('2026-01-01', 4))
  // Set anew for the same day, and for a day that is still to come.
  await append('assessment', 'standard/bidan-terampil', standard('2026-01-01', 3))
  await append('assessment', 'standard/bidan-terampil', standard('2026-07-01', 1))
  for (const [at, level] of levels.entries()) {
    const asnId = idOf(100 + at)
    await register(logs, asnId, 'bidan-terampil')
    if (!level) continue
    await append('assessment', `competency/${asnId}`, assessed(asnId, idOf(200 + at), level))
  }
  await register(logs, idOf(300), 'arsiparis')
  return openQueries({
    store: await readModelAfter(logs, await logs.messages()),
    clock: () => noon,
  })
}

const bySet = {
  validFrom: '2026-01-01',
  legalBasis: 'Keputusan Wali Kota',
  eventId: expect.any(String),
}
const none = { above: 0, attained: 0, below: 0, expired: 0, notAssessed: 0 }

const ofDinkes = {
  agency: 'dinkes',
  asOf: '2026-06-15',
  people: 6,
  incomplete: 0,
  withoutStandard: 1,
  positions: [
    { position: 'arsiparis', held: true, people: 1 },
    {
      ...{ position: 'bidan-terampil', office: 'terampil', held: true, people: 5 },
      standard: bySet,
    },
  ],
  positionsLeftOut: 0,
  competencies: [
    {
      ...{ framework, competency: 'integritas', requiredLevel: 3, people: 5 },
      ...{ ...none, above: 1, attained: 2, below: 2, notAssessed: 1, meanLevel: 2.5 },
    },
    {
      ...{ framework, competency: 'kerja-sama', requiredLevel: 2, people: 5 },
      ...{ ...none, notAssessed: 5 },
    },
  ],
  lacking: [
    {
      ...{ framework, competency: 'integritas', people: 5 },
      ...{ below: 2, missingLevels: 3, expired: 0, notAssessed: 1 },
    },
    {
      ...{ framework, competency: 'kerja-sama', people: 5 },
      ...{ below: 0, missingLevels: 0, expired: 0, notAssessed: 5 },
    },
  ],
  ruleSets: ['level-policy', 'offices', 'position-levels'].map(kind =>
    expect.objectContaining({ kind, id: expect.any(String), certainty: expect.any(String) }),
  ),
}

test('the gaps of an agency count people by what their positions require', async () => {
  const { gaps } = await queriesOf([4, 3, 2, 1, undefined])
  expect(await gaps({ agency: 'dinkes' })).toEqual(ofDinkes)
  expect(await gaps({ agency: 'disdukcapil' })).toMatchObject({ people: 0, positions: [] })
})

test('gaps hold as of a day and as known at a moment, of a position or of all', async () => {
  const { gaps } = await queriesOf([4, 3, 2, 1, undefined])
  const integrity = async (query: Parameters<typeof gaps>[0]) =>
    (await gaps(query)).competencies.find(({ competency }) => competency === 'integritas')
  const agency = 'dinkes'
  // From 1 July on it requires 1: whoever was below is not any more.
  const later = { requiredLevel: 1, attained: 4, above: 3, below: 0, notAssessed: 1 }
  expect(await integrity({ agency, asOf: '2026-07-01' })).toMatchObject(later)
  const expired = { requiredLevel: 1, expired: 4, notAssessed: 1 }
  expect(await integrity({ agency, asOf: '2029-03-02' })).toMatchObject(expired)
  const before = { requiredLevel: 5, attained: 0, below: 0, notAssessed: 5 }
  expect(await integrity({ agency, asOf: '2025-12-31' })).toMatchObject(before)
  expect(await gaps({ agency, knownAt: '2026-01-01T00:00:00Z' })).toMatchObject({ people: 0 })
  expect(await gaps({ agency, position: 'arsiparis' })).toMatchObject({ people: 1 })
  expect(await gaps({ agency, unit: 'tata-usaha' })).toMatchObject({ people: 0 })
  const { agency: _, ...ofAgency } = await gaps({ agency })
  expect(await gaps({})).toEqual(ofAgency)
  const few = await gaps({ leastPeople: 6 })
  expect(few).toMatchObject({ people: 6, competencies: [], lacking: [], positions: [] })
  expect(few.positionsLeftOut).toBe(2)
})

const common = (frameworkId: string, validFrom: string, ...competencies: readonly string[]) =>
  [
    {
      ...{ type: 'FrameworkPublished', frameworkId, title: 'Kamus', series: framework },
      ...{ legalBasis: 'PermenPANRB', validFrom, sample: false, scale: [] },
      defined: competencies.length + 1,
    },
    ...competencies.map(code => ({
      ...{ type: 'CompetencyDefined', frameworkId, code, title: code, kind: 'manajerial' },
    })),
    {
      ...{ type: 'CompetencyDefined', frameworkId, code: 'menyuntik', title: 'x', kind: 'teknis' },
    },
  ] as readonly Happened[]

/** Chief of a section, who stands in for a chief above and then becomes one. */
const chief = async () => {
  const logs = await openLogs()
  const { append } = logs
  const [of] = five
  const first = common(framework, '2018-01-01', 'integritas', 'kerja-sama')
  await append('assessment', `framework/${framework}`, ...first, {
    ...{ type: 'CompetencyRetired', frameworkId: framework, competency: 'kerja-sama' },
    ...{ since: '2026-06-16', reason: 'digabung' },
  })
  await append('assessment', 'framework/next', ...common('next', '2027-01-01', 'kelincahan'))
  await register(logs, of, 'kepala-seksi')
  const posted = { type: 'EmployeePosted', asnId: of, agency: 'dinkes' } as const
  const section = { ...posted, position: 'kepala-seksi', office: 'pengawas', since: '2021-01-01' }
  const acting = { ...posted, position: 'kepala-bidang', office: 'administrator' }
  await append('enrollment', `employee/${of}`, section)
  await append('enrollment', `employee/${of}`, {
    ...{ ...acting, assignment: 'plt', since: '2026-01-01' },
  })
  await append('enrollment', `employee/${of}`, { ...acting, since: '2026-07-01' })
  await append('assessment', `competency/${of}`, assessed(of, idOf(200), 2))
  const store = await readModelAfter(logs, await logs.messages())
  const { person, gapOf } = openQueries({ store, clock: () => noon })
  const facts = await person(of)
  if (!facts) throw new Error('nobody')
  return (query: Parameters<typeof gapOf>[1]) => gapOf(facts, query)
}

test('a person is measured by the office that they hold, at the level of that office', async () => {
  const [of] = five
  const gapOf = await chief()
  const gap = await gapOf({})
  expect(gap).toMatchObject({
    people: 1,
    positions: [
      {
        ...{ position: 'kepala-seksi', office: 'pengawas', held: true },
        standard: { ruleSet: 'tingkat-jabatan-v1' },
      },
    ],
    person: {
      ...{ asnId: of, records: [of] },
      levels: [
        {
          ...{ competency: 'integritas', requiredLevel: 2, level: 2, gap: 0, state: 'at' },
          ratings: [{ assessmentId: idOf(200), eventId: expect.any(String), level: 2 }],
        },
        { competency: 'kerja-sama', requiredLevel: 2, level: 0, state: 'not-assessed' },
      ],
      match: {
        ...{ attained: 2, met: 2, required: 4, deficits: 1, unknown: 1, percent: 50 },
        ...{ cap: 'TOTAL_100', ruleSet: 'kesesuaian-jabatan-v1' },
        categories: [{ code: 'KMS' }, { code: 'kurang-optimal' }, { code: 'kurang-optimal' }],
      },
    },
  })
  expect(gap.ruleSets.map(({ kind }) => kind)).toContain('match')
})

test('a promotion, a retired competency and the next dictionary change a standard', async () => {
  const gapOf = await chief()
  const linesOn = async (asOf: string) =>
    (await gapOf({ asOf })).person.levels.map(
      ({ competency, requiredLevel, gap }) => `${competency} ${requiredLevel} ${gap}`,
    )
  // Promoted, and one of the two is not rated any more; then the next dictionary holds.
  expect(await linesOn('2026-07-01')).toEqual(['integritas 3 -1'])
  expect(await linesOn('2027-01-01')).toEqual(['kelincahan 3 -3'])
  const asked = await gapOf({ position: 'pelaksana' })
  expect(asked.person.match).toMatchObject({ required: 2, percent: 100, deficits: 1 })
})

test('gaps count what histories say of a level: no more, and nothing of it less', async () => {
  const logs = await openLogs()
  const { append } = logs
  await append('assessment', 'standard/bidan-terampil', standard('2020-01-01', 3))
  const [corrected, upheld, survivor, expired, duplicate] = five
  const assess = (asnId: string, level: number, more: object = {}) =>
    append('assessment', `competency/${asnId}`, { ...assessed(asnId, idOf(200), level), ...more })
  for (const asnId of five) await register(logs, asnId, 'bidan-terampil')
  await assess(corrected, 5)
  await assess(corrected, 2, {
    ...{ type: 'AssessmentCorrected', assessmentId: idOf(201), supersedes: idOf(200) },
    reason: 'salah ketik',
  })
  await assess(upheld, 4)
  const contest = { contestId: idOf(301), asnId: upheld, assessmentId: idOf(200) }
  await append(
    'assessment',
    `competency/${upheld}`,
    { type: 'AssessmentContested', ...contest, statement: sealed },
    { type: 'ContestResolved', ...contest, upheld: true, reason: 'benar', panel: [] },
  )
  await assess(expired, 5, { occurredOn: '2020-01-01' })
  await assess(duplicate, 3)
  await merged(logs, duplicate, survivor)
  const store = await readModelAfter(logs, await logs.messages())
  const { gaps, person } = openQueries({ store, clock: () => noon })
  const { competencies } = await gaps({ agency: 'dinkes' })
  expect(competencies[0]).toMatchObject({
    ...{ above: 0, attained: 1, below: 1, expired: 1, notAssessed: 1 },
  })
  for (const [asnId, levels] of [
    [corrected, [2]],
    [upheld, []],
    [survivor, [3]],
    [expired, []],
  ] as const) {
    const found = await person(asnId)
    if (!found) throw new Error(asnId)
    const history = historyOf(found.asnIds, found.facts, found.reference, { now: noon })
    expect(history.levels.map(({ level }) => level)).toEqual(levels)
  }
})
