import { randomUUID } from 'node:crypto'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  course,
  opened,
  openTestbed,
  refusalOf,
  registered,
  rsud,
  type Testbed,
} from '../testing/service.ts'

let bed: Testbed
beforeEach(async () => {
  bed = await openTestbed({ store: memoryStore(), projections: memoryProjections() })
})
afterEach(() => bed.close())

const hr = () => bed.enrollments('hr')
const written = () => ({ requestId: randomUUID() })
const pppk = { employment: 'pppk', contractSince: '2026-01-02', since: '2026-01-02' }

/** A training of 12 JP in March, after so many JP elsewhere on a day. */
const nominated = async (claimedJp: number, { day = '2026-02-02', posting = {} } = {}) => {
  const asnId = await registered(bed, undefined, { ...rsud, ...pppk, ...posting })
  const learning = { ...course, startsOn: day, endsOn: day, claimedJp }
  await bed.learning('hr').recordLearning({ ...written(), asnId, learning })
  const { cohortId } = await opened(bed, 10)
  return hr().nominate({ ...written(), cohortId, asnId })
}
const approving = (enrollmentId: string, overrideReason = '') =>
  hr().approve({ ...written(), enrollmentId, overrideReason })

describe('the ceiling of 24 JP in a year of a contract', () => {
  test('is warned of at the nomination, and refuses a seat unless somebody says why', async () => {
    const { enrollmentId, warnings } = await nominated(13)
    expect(warnings).toEqual([
      'cohort_id: the year of the contract from 2026-01-02 to 2027-01-01 ' +
        'would have 25 JP, and may have 24',
    ])
    const size = await bed.log.size()
    expect(await refusalOf(approving(enrollmentId))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'HOURS_ABOVE_CEILING',
      metadata: { jp: '25', ceiling_jp: '24', rule: 'jam-pelajaran-v1' },
    })
    expect(await bed.log.size()).toBe(size)
    const { recorded } = await approving(enrollmentId, 'Tenaga terampil sangat dibutuhkan')
    expect(recorded?.entries).toHaveLength(2)
    const approved = recorded?.entries.map(entry => Buffer.from(entry).toString()).join()
    expect(approved).toContain('"override":{"reason":"Tenaga terampil sangat dibutuhkan"')
  })

  test.each([
    ['that is just reached', nominated, 12, {}],
    ['of another year', nominated, 13, { day: '2026-01-01' }],
    ['of a PNS', nominated, 30, { posting: { employment: 'pns', contractSince: '' } }],
  ] as const)('%s stands in nobody’s way', async (_, nominating, jp, other) => {
    const { enrollmentId, warnings } = await nominating(jp, other)
    expect(warnings).toEqual([])
    const { recorded } = await approving(enrollmentId, 'Tidak diperlukan')
    const approved = recorded?.entries.map(entry => Buffer.from(entry).toString()).join()
    expect(approved).not.toContain('override')
  })
})
