import { randomUUID } from 'node:crypto'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openTestbed, refusalOf, registered, siti, type Testbed } from '../testing/service.ts'

const written = () => ({ requestId: randomUUID() })

let bed: Testbed
let asnId: string
beforeEach(async () => {
  bed = await openTestbed({ store: memoryStore(), projections: memoryProjections() })
  asnId = await registered(bed, siti)
})
afterEach(() => bed.close())

const career = (token = 'hr') => bed.career(token)
const performance = { year: 2025, assessedOn: '2026-01-20', predicate: 'Kurang/misconduct' }
const punishments = [{ level: 'ringan', on: '2024-02-02', until: '' }]
const stated = { asOf: '2026-03-31', punishments, source: 'BKPSDMD' }

describe('a career', () => {
  test('is recorded by HR, in the words of SIASN too, and read by the agency', async () => {
    await career().recordCareer({ ...written(), asnId, performance, source: 'SIASN' })
    const { records } = await career('rsud-daya').listCareer({ asnId })
    expect(records).toMatchObject([
      { asnId, source: 'SIASN', performance: { year: 2025, predicate: 'kurang' } },
    ])
  })

  test('is refused with everything that is wrong', async () => {
    const wrong = { year: 2027, assessedOn: '2026-13-01', value: 201 }
    const request = { ...written(), asnId, performance: wrong, source: '' }
    expect(await refusalOf(career().recordCareer(request))).toMatchObject({
      fields: expect.arrayContaining([
        ...['performance.year', 'performance.assessed_on', 'performance.value', 'source'],
      ]),
    })
  })

  test('has discipline that HR and the person alone read', async () => {
    await career().stateDiscipline({ ...written(), asnId, ...stated })
    for (const token of ['hr', asnId]) {
      const { statements } = await career(token).getDiscipline({ asnId })
      expect(statements).toMatchObject([stated])
    }
    for (const token of ['rsud-daya', 'auditor', 'ministry']) {
      expect(await refusalOf(career(token).getDiscipline({ asnId }))).toMatchObject({
        reason: 'NO_RIGHT',
      })
    }
  })
})
