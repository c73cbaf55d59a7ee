import { randomUUID } from 'node:crypto'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { enrollmentService } from './service.ts'
import { openTestbed, registered, rsud, siti, type Testbed } from './testing/service.ts'

let bed: Testbed

beforeEach(async () => {
  bed = await openTestbed({ store: memoryStore(), projections: memoryProjections() })
})
afterEach(() => bed.close())

describe('the directory', () => {
  test('says where somebody serves, by id and by NIP, in the order it was asked', async () => {
    const asnId = await registered(bed)
    const { agency, position } = rsud
    // From the year of birth, and the appointment in the NIP: no birth date.
    const life = { firstPossibleDay: '1986-01-01', firstPlausibleDay: '2015-05-01' }
    const resolved = { asnId, records: [asnId], agency, position, status: 'active', ...life }
    const nobody = randomUUID()
    expect(await bed.directory.resolve([nobody, asnId])).toEqual([undefined, resolved])
    const nips = ['198609262015051999', siti.nip, '19860926 201505 1 001']
    expect(await bed.directory.byNip(nips)).toEqual([undefined, resolved, resolved])
  })

  test('reads many people in a few round trips', async () => {
    const people = await Promise.all(
      Array.from({ length: 99 }, (_, at) =>
        registered(bed, { ...siti, nip: `1986092620150510${String(at + 1).padStart(2, '0')}` }),
      ),
    )
    const cold = await enrollmentService(bed.ports)
    const { readStreams } = bed.log
    let trips = 0
    Object.assign(bed.log, {
      readStreams: (queries: Parameters<typeof readStreams>[0]) => {
        trips++
        return readStreams(queries)
      },
    })
    const resolved = await cold.employees.resolve(people)
    expect(resolved.map(person => person?.asnId)).toEqual(people)
    expect(trips).toBeLessThan(10)
    await cold.close()
  })
})
