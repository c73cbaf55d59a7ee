import { randomUUID } from 'node:crypto'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { enrollmentService } from '../service.ts'
import {
  andi,
  dyingBefore,
  namesOf,
  openTestbed,
  overtaken,
  refusalOf,
  registered,
  siti,
  type Testbed,
} from '../testing/service.ts'

let bed: Testbed
let asnId: string
let decision: { requestId: string; claimId: string; upheld: true; reason: string }

beforeEach(async () => {
  bed = await openTestbed({ store: memoryStore(), projections: memoryProjections() })
  asnId = await registered(bed)
  const posting = { agency: 'dinkes', position: 'perawat-ahli-muda', since: '2026-02-01' }
  const claim = { requestId: randomUUID(), person: siti, posting, reason: 'SK 824/2025' }
  const { claimId } = await bed.claims('dinkes').fileClaim(claim)
  decision = { requestId: randomUUID(), claimId, upheld: true, reason: 'diperiksa' }
})
afterEach(() => bed.close())

const decide = () => bed.claims('hr').decideClaim(decision)
const restart = async () => (await enrollmentService(bed.ports)).close()
const postingsOf = async (id: string) =>
  (await bed.employees('hr').getEmployee({ asnId: id })).employee?.postings.map(
    ({ since, agency }) => [since, agency],
  )

describe('an upheld claim whose posting comes late', () => {
  test('does not take the place of what HR has posted since', async () => {
    await dyingBefore(bed, `employee/${asnId}`, decide)
    bed.time.ms += 1_000
    const moved = { agency: 'disbud', position: 'perawat-ahli-muda', since: '2026-03-20' }
    await bed.employees('hr').postEmployee({ requestId: randomUUID(), asnId, posting: moved })
    const before = await postingsOf(asnId)
    expect(before).toContainEqual(['2026-03-20', 'disbud'])
    await restart()
    expect(await postingsOf(asnId)).toEqual(before)
    const head = await bed.log.head()
    await restart()
    expect(await bed.log.head()).toEqual(head)
    expect(namesOf((await decide()).recorded)).toEqual(['ClaimDecided'])
  })

  test('goes to the survivor, if the record is merged while it is decided', async () => {
    const survivorId = await registered(bed, andi)
    const merging = () =>
      bed.employees('hr').mergeEmployees({
        requestId: randomUUID(),
        ...{ survivorId, duplicateId: asnId, reason: 'ganda' },
      })
    const { recorded } = await overtaken(bed, `employee/${asnId}`, merging, decide)
    expect(namesOf(recorded)).toEqual(['ClaimDecided', 'EmployeePosted'])
    expect(await postingsOf(survivorId)).toContainEqual(['2026-02-01', 'dinkes'])
  })

  test('is refused once the agency is closed, and keeps no service from starting', async () => {
    await dyingBefore(bed, `employee/${asnId}`, decide)
    const closing = { agency: 'dinkes', since: '2026-01-15', successor: '', basis: 'Perda 3/2026' }
    await bed.agencies('hr').closeAgency({ requestId: randomUUID(), ...closing })
    expect(await refusalOf(decide())).toMatchObject({ reason: 'CLAIM_IMPOSSIBLE' })
    await restart()
    expect(await postingsOf(asnId)).not.toContainEqual(['2026-02-01', 'dinkes'])
  })
})
