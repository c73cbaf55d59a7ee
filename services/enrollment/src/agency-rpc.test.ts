import { randomUUID } from 'node:crypto'
import { agencies as builtIn } from '@jejak/competency/agencies'
import { enrollmentEvents } from '@jejak/events/enrollment'
import { BadRequestSchema } from '@jejak/proto/google/rpc/error_details'
import type { RpcError } from '@jejak/rpc/error'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { enrollmentService } from './service.ts'
import {
  andi,
  namesOf,
  openTestbed,
  refusalOf,
  registered,
  rsud,
  siti,
  type Testbed,
} from './testing/service.ts'

let bed: Testbed
beforeEach(async () => {
  bed = await openTestbed({ store: memoryStore(), projections: memoryProjections() })
})
afterEach(() => bed.close())

const written = () => ({ requestId: randomUUID(), basis: 'Perda 1/2026' })
const register = (agency: string, since: string) =>
  bed.agencies('hr').registerAgency({ ...written(), agency, title: `Dinas ${agency}`, since })
const close = (agency: string, since: string, successor = '') =>
  bed.agencies('hr').closeAgency({ ...written(), agency, since, successor })

/** What a refusal says of each field; fails if the call was answered. */
const violationsOf = async (call: Promise<unknown>): Promise<Record<string, string>> => {
  const error: RpcError = await call.then(
    () => Promise.reject(new Error('the call was answered')),
    error => error,
  )
  const violations = error.detail(BadRequestSchema)?.fieldViolations ?? []
  return Object.fromEntries(violations.map(({ field, description }) => [field, description]))
}

describe('the register of agencies', () => {
  test('has those of the city, and each that HR adds, renames and closes', async () => {
    const sent = { ...written(), agency: 'dinas-pertanahan', title: 'Dinas', since: '2017-01-01' }
    const first = await bed.agencies('hr').registerAgency(sent)
    expect(namesOf(first.recorded)).toEqual(['AgencyRegistered'])
    const again = await bed.agencies('hr').registerAgency(sent)
    expect(again.recorded?.entries).toEqual(first.recorded?.entries)
    const renamed = { ...sent, ...written(), title: 'Dinas Tata Ruang', since: '2021-01-01' }
    await bed.agencies('hr').renameAgency(renamed)
    await close('dinas-pertanahan', '2026-01-01', 'dinas-pu')

    const { agencies } = await bed.agencies(randomUUID()).listAgencies({}) // A civil servant's.
    expect(agencies.length).toBe(builtIn.length + 1)
    expect(agencies.find(({ code }) => code === 'dinas-pertanahan')).toMatchObject({
      titles: [
        { title: 'Dinas', since: '2017-01-01' },
        { title: 'Dinas Tata Ruang', since: '2021-01-01' },
      ],
      closedSince: '2026-01-01',
      successor: 'dinas-pu',
    })
    const codes: string[] = []
    for (let pageToken = ''; ; ) {
      const page = await bed.agencies('ministry').listAgencies({ pageSize: 7, pageToken })
      codes.push(...page.agencies.map(({ code }) => code))
      pageToken = page.nextPageToken
      if (pageToken === '') break
    }
    expect(codes).toEqual(agencies.map(({ code }) => code))
  })

  test('is read again after a restart', async () => {
    await register('dinas-pertanahan', '2017-01-01')
    const { close: closeService, employees } = await enrollmentService(bed.ports)
    const asnId = await registered(bed, siti, { ...rsud, agency: 'dinas-pertanahan' })
    expect(await employees.resolve([asnId])).toMatchObject([{ agency: 'dinas-pertanahan' }])
    await closeService()
  })

  test('has no successor that is not there, is itself, or leads back', async () => {
    expect(await violationsOf(close('dispar', '2026-01-01', 'disbudd'))).toEqual({
      successor: 'is no agency on that day: did you mean disbud?',
    })
    const itself = { successor: 'must be another than agency, and not merged into it' }
    expect(await violationsOf(close('dispar', '2026-01-01', 'dispar'))).toEqual(itself)
    await close('dispar', '2026-06-01', 'disbud')
    expect(await violationsOf(close('disbud', '2026-01-01', 'dispar'))).toEqual(itself)
    expect(await refusalOf(close('nowhere', '2026-01-01'))).toMatchObject({
      reason: 'AGENCY_UNKNOWN',
    })
    expect(await refusalOf(close('dispar', '2026-07-01'))).toMatchObject({
      reason: 'AGENCY_CLOSED',
    })
  })
})

describe('a posting', () => {
  const registration = (agency: string, since: string) =>
    bed.employees('hr').registerEmployee({
      requestId: randomUUID(),
      person: siti,
      posting: { ...rsud, agency, since },
    })

  test('is at an agency that exists on its day; a misspelt one gets the nearest', async () => {
    expect(await violationsOf(registration('rsud-dya', '2020-01-01'))).toEqual({
      'posting.agency': 'is no agency on that day: did you mean rsud-daya?',
    })
    expect(await bed.vault.find(siti.nip)).toBeUndefined() // The NIP is not reserved.
    await register('brida', '2023-01-01')
    expect(await violationsOf(registration('brida', '2022-12-31'))).toEqual({
      'posting.agency': expect.stringContaining('is no agency on that day'),
    })
    const { asnId } = await registration('brida', '2023-01-01')

    await close('dispar', '2026-02-01', 'disbud')
    const post = (agency: string, since: string) =>
      bed.employees('hr').postEmployee({
        requestId: randomUUID(),
        asnId,
        posting: { ...rsud, agency, since },
      })
    expect(await violationsOf(post('dispar', '2026-02-01'))).toEqual({
      'posting.agency': 'is no agency on that day: did you mean disbud?',
    })
    await post('dispar', '2026-01-31')
  })

  test('at an agency that was merged is the successor’s to read, from that day on', async () => {
    const [merged, own] = [
      await registered(bed, siti, { ...rsud, agency: 'dispar' }),
      await registered(bed, andi, { ...rsud, agency: 'dinkes' }),
    ]
    const read = () => bed.employees('dinkes').getEmployee({ asnId: merged })
    const listed = async (agency: string) => {
      const { employees } = await bed.employees('hr').listEmployees({ agency })
      return employees.map(({ asnId }) => asnId)
    }
    await close('dispar', '2026-04-02', 'dinkes') // Today is the day before.
    expect(await refusalOf(read())).toMatchObject({ code: 'PERMISSION_DENIED' })
    expect(await listed('dispar')).toEqual([merged])

    await close('disbud', '2026-04-01', 'dinkes')
    await bed.employees('hr').postEmployee({
      requestId: randomUUID(),
      asnId: merged,
      posting: { ...rsud, agency: 'disbud', since: '2026-03-01' },
    })
    expect((await read()).employee?.postings.at(-1)?.agency).toBe('disbud')
    expect(await bed.directory.resolve([merged])).toMatchObject([{ agency: 'dinkes' }])
    expect(await listed('disbud')).toEqual([])
    expect(await listed('dinkes')).toEqual([merged, own].sort())
  })

  test('of before there was a register stays, under its code', async () => {
    const asnId = await registered(bed)
    const { log } = bed
    const posting = { agency: 'dinas-lama', position: rsud.position, since: '2021-01-01' }
    const posted = { type: 'EmployeePosted', asnId, ...posting } as const
    const stream = `employee/${asnId}`
    const event = enrollmentEvents.encode(posted, randomUUID())
    await log.append({ stream, expected: 3, events: [event] })
    expect(await bed.directory.resolve([asnId])).toMatchObject([{ agency: 'dinas-lama' }])
  })
})
