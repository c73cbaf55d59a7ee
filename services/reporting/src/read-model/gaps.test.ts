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

test('the gaps of an agency count people by what their positions require today', async () => {
  const { gaps } = await queriesOf([4, 3, 2, 1, undefined])
  expect(await gaps('dinkes')).toEqual({
    agency: 'dinkes',
    asOf: '2026-06-15',
    people: 6,
    incomplete: 0,
    positions: [
      { position: 'arsiparis', people: 1, competencies: [] },
      {
        position: 'bidan-terampil',
        people: 5,
        standard: { validFrom: '2026-01-01', legalBasis: 'Keputusan Wali Kota' },
        competencies: [
          {
            ...{ framework, competency: 'integritas', requiredLevel: 3 },
            ...{ above: 1, at: 1, below: 2, unrated: 1, meanLevel: 2.5 },
          },
          {
            ...{ framework, competency: 'kerja-sama', requiredLevel: 2 },
            ...{ above: 0, at: 0, below: 0, unrated: 5 },
          },
        ],
      },
    ],
  })
  expect(await gaps('disdukcapil')).toMatchObject({ people: 0, positions: [] })
})

test('gaps count what histories say of a level: no more, and nothing of it less', async () => {
  const logs = await openLogs()
  const { append } = logs
  await append('assessment', 'standard/bidan-terampil', standard('2020-01-01', 3))
  const [corrected, upheld, survivor, expired, duplicate] = five
  const assess = (asnId: string, level: number, more: object = {}) =>
    append('assessment', `competency/${asnId}`, { ...assessed(asnId, idOf(200), level), ...more })
  for (const asnId of five) {
    await register(logs, asnId, 'bidan-terampil')
  }
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
    { type: 'ContestResolved', ...contest, upheld: true, reason: 'benar' },
  )
  await assess(expired, 5, { occurredOn: '2020-01-01' })
  await assess(duplicate, 3)
  await merged(logs, duplicate, survivor)
  const store = await readModelAfter(logs, await logs.messages())
  const { gaps, person } = openQueries({ store, clock: () => noon })
  const { positions } = await gaps('dinkes')
  expect(positions[0]?.competencies[0]).toMatchObject({ above: 0, at: 1, below: 1, unrated: 2 })
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
