import { randomUUID } from 'node:crypto'
import { agencies as builtIn } from '@jejak/competency/agencies'
import { enrollmentEvents } from '@jejak/events/enrollment'
import { BadRequestSchema } from '@jejak/proto/google/rpc/error_details'
import type { RpcError } from '@jejak/rpc/error'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { enrollmentService } from '../service.ts'
import {
  andi,
  namesOf,
  openTestbed,
  refusalOf,
  registered,
  rsud,
  siti,
  type Testbed,
} from '../testing/service.ts'

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

  test('has no ring of successors, by a correction or by two closings at once', async () => {
    const itself = { successor: 'must be another than agency, and not merged into it' }
    await close('dispar', '2024-01-01', 'disbud')
    await close('disbud', '2025-01-01', 'dinkes')
    const correction = { ...written(), agency: 'disbud', successor: 'dispar', correction: true }
    const back = bed.agencies('hr').closeAgency({ ...correction, since: '2023-01-01' })
    expect(await violationsOf(back)).toEqual(itself)

    for (const code of ['dinas-satu', 'dinas-dua', 'dinas-tiga']) await register(code, '2017-01-01')
    const closings = await Promise.allSettled([
      close('dinas-satu', '2025-01-01', 'dinas-dua'),
      close('dinas-dua', '2025-01-02', 'dinas-tiga'),
      close('dinas-tiga', '2025-01-03', 'dinas-satu'),
    ])
    expect(closings.filter(({ status }) => status === 'fulfilled').length).toBeLessThan(3)
    const { agencies } = await bed.agencies('hr').listAgencies({ pageSize: 1_000 })
    const successors = new Map(agencies.map(({ code, successor }) => [code, successor]))
    for (const first of successors.keys()) {
      const passed = new Set<string>()
      for (let at = first; at !== ''; at = successors.get(at) ?? '') {
        expect(passed.has(at)).toBe(false)
        passed.add(at)
      }
    }
  })

  test('opens what was closed by mistake', async () => {
    const asnId = await registered(bed)
    await close('rsud-daya', '2026-02-01', 'dinkes')
    const read = (token: string) => bed.employees(token).getEmployee({ asnId })
    expect(await refusalOf(read('rsud-daya'))).toMatchObject({ reason: 'NO_RIGHT' })
    const basis = 'Salah kode'
    const sent = { requestId: randomUUID(), agency: 'rsud-daya', basis, correction: true }
    const { recorded } = await bed.agencies('hr').closeAgency(sent)
    expect(namesOf(recorded)).toEqual(['AgencyClosingWithdrawn'])
    expect((await read('rsud-daya')).employee?.asnId).toBe(asnId)
    expect(await refusalOf(read('dinkes'))).toMatchObject({ reason: 'NO_RIGHT' })
    const again = await bed.agencies('hr').closeAgency(sent)
    expect(again.recorded?.entries).toEqual(recorded?.entries)
    const never = { ...sent, requestId: randomUUID(), agency: 'disbud' }
    expect(await refusalOf(bed.agencies('hr').closeAgency(never))).toMatchObject({
      reason: 'AGENCY_OPEN',
    })
    const uncorrected = { ...sent, requestId: randomUUID(), correction: false }
    expect(await refusalOf(bed.agencies('hr').closeAgency(uncorrected))).toMatchObject({
      fields: ['since'],
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

  test('is brought in by the successor of a closed one, whose token has no right', async () => {
    const asnId = await registered(bed, andi, { ...rsud, agency: 'dinkes' })
    const request = () => ({
      requestId: randomUUID(),
      person: siti,
      posting: { ...rsud, agency: 'dinkes' },
    })
    const before = request()
    const stored = await bed.employees('dinkes').registerEmployee(before)
    await close('dinkes', '2026-04-01', 'rsud-daya') // Today.
    const calls = (token: string) => {
      const { employees, claims } = bed
      return [
        employees(token).registerEmployee(request()),
        claims(token).fileClaim({ ...request(), reason: 'SK' }),
        claims(token).listClaims({}),
        employees(token).listEmployees({ agency: 'dinkes' }),
        employees(token).getEmployee({ asnId }),
      ].map(call => call.then(() => 'answered').catch(({ reason }) => reason))
    }
    expect(await Promise.all(calls('dinkes'))).toEqual(Array.from({ length: 5 }, () => 'NO_RIGHT'))
    expect(await Promise.all(calls('rsud-daya'))).toEqual([
      ...['NIP_TAKEN', 'CLAIM_NEEDLESS', 'answered', 'answered', 'answered'],
    ])
    const again = await bed.employees('dinkes').registerEmployee(before)
    expect(again.recorded?.entries).toEqual(stored.recorded?.entries) // A retry of before.
  })

  test('with an agency that was closed alone stays its to read; it brings in nobody', async () => {
    const asnId = await registered(bed, andi, { ...rsud, agency: 'dinkes' })
    await close('dinkes', '2026-04-01')
    const sent = { requestId: randomUUID(), person: siti, posting: { ...rsud, agency: 'dinkes' } }
    const register = bed.employees('dinkes').registerEmployee(sent)
    expect(await refusalOf(register)).toMatchObject({ reason: 'NO_RIGHT' })
    const list = await bed.employees('dinkes').listEmployees({ agency: 'dinkes' })
    expect(list.employees).toMatchObject([{ asnId }])
    await bed.employees('hr').registerEmployee(sent)
  })

  test('is read by the right successor, once a wrong one was corrected', async () => {
    const asnId = await registered(bed, siti, { ...rsud, agency: 'dispar' })
    await close('dispar', '2026-04-01', 'dinkes')
    const end = { ...written(), agency: 'dispar', since: '2026-04-01', successor: 'rsud-daya' }
    expect(await refusalOf(bed.agencies('hr').closeAgency(end))).toMatchObject({
      reason: 'AGENCY_CLOSED',
    })
    const correction = { ...end, correction: true }
    const { recorded } = await bed.agencies('hr').closeAgency(correction)
    expect(namesOf(recorded)).toEqual(['AgencyClosed'])
    const read = (token: string) => bed.employees(token).getEmployee({ asnId })
    expect(await refusalOf(read('dinkes'))).toMatchObject({ reason: 'NO_RIGHT' })
    expect((await read('rsud-daya')).employee?.asnId).toBe(asnId)
    const [page] = await bed.log.readStreams([{ stream: 'agency/dispar' }])
    const said = page?.events.map(({ entry }) => enrollmentEvents.read(entry))
    expect(said).toMatchObject([{ successor: 'dinkes' }, { successor: 'rsud-daya' }])
    const never = { ...correction, ...written(), agency: 'disbud' }
    expect(await refusalOf(bed.agencies('hr').closeAgency(never))).toMatchObject({
      reason: 'AGENCY_OPEN',
    })
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
