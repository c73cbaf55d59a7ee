import { expect, test } from 'vitest'
import { assessed, framework, registered } from './deeds.ts'
import { openReads } from './reads.ts'
import { type Happened, heard, idOf, noon, openLogs } from './testbed.ts'

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

const toldOf = async (levels: readonly (number | undefined)[]) => {
  const logs = await openLogs()
  const { tell } = logs
  await tell('assessment', 'standard/bidan-terampil', standard('2020-01-01', 5))
  await tell('assessment', 'standard/bidan-terampil', standard('2026-01-01', 4))
  // Set anew for the same day, and for a day that is still to come.
  await tell('assessment', 'standard/bidan-terampil', standard('2026-01-01', 3))
  await tell('assessment', 'standard/bidan-terampil', standard('2026-07-01', 1))
  for (const [at, level] of levels.entries()) {
    const asnId = idOf(100 + at)
    await tell('enrollment', `employee/${asnId}`, ...registered(asnId, 'dinkes', 'bidan-terampil'))
    if (!level) continue
    await tell('assessment', `competency/${asnId}`, assessed(asnId, idOf(200 + at), level))
  }
  await tell('enrollment', `employee/${idOf(300)}`, ...registered(idOf(300), 'dinkes', 'arsiparis'))
  return openReads({ store: await heard(logs, await logs.messages()), clock: () => noon })
}

test('the gaps of an agency count people by what their positions require today', async () => {
  const { gaps } = await toldOf([4, 3, 2, 1, undefined])
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
