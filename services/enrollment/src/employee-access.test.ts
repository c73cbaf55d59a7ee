import { randomUUID } from 'node:crypto'
import { packedIds } from '@jejak/events/read-audit'
import { decode } from '@jejak/eventsourcing/entry'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  andi,
  erasureOf,
  openTestbed,
  refusalOf,
  registered,
  rsud,
  siti,
  type Testbed,
} from './testing/service.ts'

let bed: Testbed
let asnId: string
let batches: number
beforeEach(async () => {
  const store = memoryStore()
  const write: typeof store.write = (batch, fence) => {
    batches++
    return store.write(batch, fence)
  }
  bed = await openTestbed({ store: { ...store, write }, projections: memoryProjections() })
  asnId = await registered(bed)
  batches = 0
})
afterEach(() => bed.close())

/** The read audit of one day, that of the testbed's clock. */
const reads = async () => {
  const [page] = await bed.log.readStreams([{ stream: 'access/2026-04-01' }])
  return (page?.events ?? []).map(({ entry }) => decode(entry))
}

describe('personal data', () => {
  const calls: readonly [string, () => Promise<unknown>][] = [
    ['GetEmployee', () => bed.employees('rsud-daya').getEmployee({ asnId })],
    ['LookUpEmployee', () => bed.employees('rsud-daya').lookUpEmployee({ nip: siti.nip })],
    ['ListEmployees', () => bed.employees('rsud-daya').listEmployees(rsud)],
  ]

  test.each(calls)('that %s gives out is recorded, and not what it says', async (_, call) => {
    await call()
    const [entry, ...more] = await reads()
    expect(more).toEqual([])
    expect(entry).toMatchObject({
      type: 'jejak.enrollment.PersonalDataRead.v2',
      actor: expect.stringMatching(/f2$/),
      agency: 'rsud-daya',
      data: {
        readId: entry?.id,
        reader: entry?.['actor'],
        role: 'agency',
        agency: 'rsud-daya',
        people: packedIds([asnId]),
        fields: ['birthDate', 'name', 'nip'],
        until: '2026-04-01T01:00:00.000Z',
      },
    })
    for (const value of Object.values(siti)) expect(JSON.stringify(entry)).not.toContain(value)
  })

  test.each(calls)('that can’t be recorded, %s does not give out', async (_, call) => {
    const { append } = bed.log
    const refusals = [
      { refused: 'Closed', reason: 'the log is closing' },
      { refused: 'Busy', reason: 'the queue is full', retryAfterMs: 250 },
      { refused: 'Unknown', retryAfterMs: 250 },
    ] as const
    for (const refusal of refusals) {
      Object.assign(bed.log, { append: async () => refusal })
      const refused = await refusalOf(call())
      expect(refused).toMatchObject({ code: 'UNAVAILABLE', reason: 'TRY_LATER' })
      for (const value of Object.values(siti)) expect(JSON.stringify(refused)).not.toContain(value)
    }
    Object.assign(bed.log, { append })
    await call()
    expect(await reads()).toHaveLength(1)
  })

  test('is not given out by a log that is closed', async () => {
    await bed.log.close()
    for (const [, call] of calls) {
      expect(await refusalOf(call())).toMatchObject({ code: 'UNAVAILABLE' })
    }
  })

  test('of somebody who reads it themselves is recorded as well', async () => {
    await bed.employees(asnId).getEmployee({ asnId })
    expect(await reads()).toMatchObject([{ data: { role: 'asn', people: packedIds([asnId]) } }])
  })

  test('of a page is read once, and an empty one not at all', async () => {
    const other = await registered(bed, andi)
    await bed.employees('hr').listEmployees({ agency: 'rsud-daya' })
    await bed.employees('hr').listEmployees({ agency: 'dinkes' })
    expect(await reads()).toMatchObject([{ data: { people: packedIds([asnId, other].sort()) } }])
  })

  test('is recorded where it is given, and nowhere else', async () => {
    const unknown = randomUUID()
    await refusalOf(bed.employees('dinkes').getEmployee({ asnId }))
    await refusalOf(bed.employees('hr').getEmployee({ asnId: unknown }))
    await refusalOf(bed.employees('hr').lookUpEmployee({ nip: andi.nip }))
    const erasure = { requestId: randomUUID(), ...erasureOf(asnId) }
    await bed.employees('hr').eraseEmployee(erasure)
    await bed.employees('hr').getEmployee({ asnId }) // Says that they were erased.
    expect(await reads()).toEqual([])
  })

  test('that many read at once is recorded in few writes', async () => {
    const many = 200
    const get = () => bed.employees('hr').getEmployee({ asnId })
    await Promise.all(Array.from({ length: many }, get))
    expect((await reads()).length).toBeLessThanOrEqual(many)
    expect(batches).toBeLessThan(many / 4)
  })

  test('that is read again in the same hour is recorded already, unless by another', async () => {
    const get = (who: string) => bed.employees(who).getEmployee({ asnId })
    for (let again = 0; again < 100; again++) await get('hr')
    await get('rsud-daya')
    await bed.employees('hr').listEmployees(rsud)
    expect(await reads()).toMatchObject([{ data: { role: 'hr' } }, { data: { role: 'agency' } }])
    const other = await registered(bed, andi)
    await bed.employees('hr').listEmployees(rsud)
    expect((await reads())[2]).toMatchObject({ data: { people: packedIds([other]) } })
  })
})
