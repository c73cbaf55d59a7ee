import { randomUUID } from 'node:crypto'
import { EmployeeStatus } from '@jejak/proto/jejak/enrollment/v1/employee'
import { builtInRuleSets } from '@jejak/rules/built-in'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  andi,
  dinkes,
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

const newOffices = (builtInRuleSets().findLast(({ set }) => set.kind === 'offices')?.content ?? '')
  .replace(/^id: .*/m, 'id: jabatan-2026')
  .replace(/^validFrom: .*/m, 'validFrom: 2026-02-01')
  .replace(
    /^ {2}levels:\n/m,
    match => `${match}    - { code: ahli-agung, name: Ahli Agung, group: nonmanajerial }\n`,
  )

describe('a registration', () => {
  const request = () => ({ requestId: randomUUID(), person: siti, posting: rsud })

  test('answers the same when it is sent again', async () => {
    const sent = request()
    const first = await bed.employees('rsud-daya').registerEmployee(sent)
    expect(first.asnId).toBe(sent.requestId)
    expect(namesOf(first.recorded)).toEqual([
      'SubjectKeyCreated',
      'EmployeeRegistered',
      'EmployeePosted',
    ])
    expect(first.recorded?.receipts).toHaveLength(3)
    const again = await bed.employees('rsud-daya').registerEmployee(sent)
    expect(again.recorded?.entries).toEqual(first.recorded?.entries)
    expect([first.recorded?.repeated, again.recorded?.repeated]).toEqual([false, true])
  })

  test('is refused where its request_id was used, and holds nothing then', async () => {
    const sent = request()
    await bed.employees('rsud-daya').registerEmployee(sent)
    const reused = { code: 'ALREADY_EXISTS', reason: 'REQUEST_ID_REUSED' }
    const other = { ...sent, person: andi }
    expect(await refusalOf(bed.employees('rsud-daya').registerEmployee(other))).toMatchObject(
      reused,
    )
    expect(await refusalOf(bed.employees('hr').registerEmployee(other))).toMatchObject(reused)
    expect(await bed.vault.find(andi.nip)).toBeUndefined()
  })

  test('is refused where the NIP is somebody else’s, and says whose', async () => {
    const asnId = await registered(bed)
    expect(await refusalOf(bed.employees('rsud-daya').registerEmployee(request()))).toMatchObject({
      code: 'ALREADY_EXISTS',
      reason: 'NIP_TAKEN',
      metadata: { asn_id: asnId },
    })
  })

  test('goes on where a crash has left only the reservation of the NIP', async () => {
    const sent = request()
    await bed.vault.reserve(siti.nip, sent.requestId)
    await bed.vault.create(sent.requestId)
    await bed.employees('rsud-daya').registerEmployee(sent)
    const { employee } = await bed.employees('hr').lookUpEmployee({ nip: siti.nip })
    expect(employee?.asnId).toBe(sent.requestId)
  })

  test('makes no second key where the vault is older than the registration', async () => {
    const sent = request()
    await bed.employees('rsud-daya').registerEmployee(sent)
    bed.rows.keys.clear()
    expect(await refusalOf(bed.employees('rsud-daya').registerEmployee(sent))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'KEY_LOST',
    })
    expect(bed.rows.keys.size).toBe(0)
  })

  test('takes the NIP of one that never began, which then never begins', async () => {
    const abandoned = request()
    await bed.vault.reserve(siti.nip, abandoned.requestId)
    const asnId = await registered(bed)
    const { employee } = await bed.employees('hr').lookUpEmployee({ nip: siti.nip })
    expect(employee?.asnId).toBe(asnId)
    expect(await refusalOf(bed.employees('rsud-daya').registerEmployee(abandoned))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'EMPLOYEE_ERASED',
    })
    const get = bed.employees('hr').getEmployee({ asnId: abandoned.requestId })
    expect(await refusalOf(get)).toMatchObject({ code: 'NOT_FOUND', reason: 'EMPLOYEE_UNKNOWN' })
  })

  test('of one NIP, sent twice at once, makes one person', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => bed.employees('rsud-daya').registerEmployee(request())),
    )
    const done = outcomes.flatMap(outcome =>
      outcome.status === 'fulfilled' ? [outcome.value.asnId] : [],
    )
    expect(done).toHaveLength(1)
    const { employee } = await bed.employees('hr').lookUpEmployee({ nip: siti.nip })
    expect(employee?.asnId).toBe(done[0])
  })

  test('says all that is wrong at once, and never the number', async () => {
    const nip = '199502302020122001'
    const wrong = {
      requestId: 'one',
      person: { nip, name: '', birthDate: '1995-02-30', phone: '0812' },
      posting: { ...rsud, agency: 'RSUD Daya' },
    }
    const refusal = await refusalOf(bed.employees('hr').registerEmployee(wrong))
    expect(refusal).toMatchObject({
      code: 'INVALID_ARGUMENT',
      fields: [
        'request_id',
        'person.nip',
        'person.name',
        'person.birth_date',
        'person.phone',
        'posting.agency',
      ],
    })
    expect(JSON.stringify(refusal)).not.toContain(nip)
  })

  test('with a NIP that nobody can have is refused, as it may stand in a text', async () => {
    for (const nip of ['201509262032051001', '198609261999061001', '198609262045071001']) {
      const refusal = await refusalOf(
        bed.employees('hr').registerEmployee({ ...request(), person: { ...siti, nip } }),
      )
      expect(refusal).toMatchObject({ fields: ['person.nip'] })
      const asnId = await registered(bed, { ...andi, nip: `19680411199303100${nip.at(-8)}` })
      const change = { requestId: randomUUID(), asnId, person: { phone: '+6281100000' } }
      await bed.employees('hr').correctPersonalData({ ...change, reason: `surat ${nip}` })
    }
  })

  test('warns of a birth date that the NIP does not have, and takes it', async () => {
    const odd = { ...request(), person: { ...siti, birthDate: '1986-09-27' } }
    const { warnings } = await bed.employees('hr').registerEmployee(odd)
    expect(warnings).toEqual([expect.stringContaining('person.birth_date')])
  })

  test('warns of a sex that the NIP does not have, and takes it, sealed', async () => {
    const odd = { ...request(), person: { ...siti, sex: 'female' } }
    const { asnId, warnings } = await bed.employees('hr').registerEmployee(odd)
    expect(warnings).toEqual([expect.stringMatching(/^person\.sex: .*digit 15/)])
    const { employee } = await bed.employees('hr').getEmployee({ asnId })
    expect(employee?.person).toMatchObject({ sex: 'female' })
    const right = { requestId: randomUUID(), asnId, person: { sex: 'male' }, reason: 'Akta' }
    expect((await bed.employees('hr').correctPersonalData(right)).warnings).toEqual([])
    const wrong = { ...right, requestId: randomUUID(), person: { sex: 'female' } }
    expect((await bed.employees('hr').correctPersonalData(wrong)).warnings).toEqual(warnings)
    const cleared = { ...wrong, requestId: randomUUID(), person: {}, cleared: ['sex'] }
    await bed.employees('hr').correctPersonalData(cleared)
    const now = await bed.employees('hr').getEmployee({ asnId })
    expect(now.employee?.person).toMatchObject({ sex: '' })
    const unknown = { ...request(), person: { ...siti, sex: 'F' } }
    expect(await refusalOf(bed.employees('hr').registerEmployee(unknown))).toMatchObject({
      fields: ['person.sex'],
    })
  })

  test('warns of a new NIP with another sex than is recorded', async () => {
    const person = { ...siti, sex: 'female' }
    const { asnId } = await bed.employees('hr').registerEmployee({ ...request(), person })
    const change = { requestId: randomUUID(), asnId, reason: 'SK', since: '2026-02-01' }
    const { warnings } = await bed
      .employees('hr')
      .changeNip({ ...change, nip: siti.nip.replace(/001$/, '002') })
    expect(warnings).toEqual([expect.stringContaining('another sex than is recorded')])
  })

  test('has no birth in the future, and no posting before it', async () => {
    const unborn = { ...request(), person: { ...siti, birthDate: '2026-04-02' } }
    expect(await refusalOf(bed.employees('hr').registerEmployee(unborn))).toMatchObject({
      fields: ['person.birth_date'],
    })
    const early = { ...request(), posting: { ...rsud, since: '1985-12-31' } }
    expect(await refusalOf(bed.employees('hr').registerEmployee(early))).toMatchObject({
      fields: ['posting.since'],
    })
    const asnId = await registered(bed)
    const posted = { requestId: randomUUID(), asnId, posting: early.posting }
    expect(await refusalOf(bed.employees('hr').postEmployee(posted))).toMatchObject({
      reason: 'DAYS_CONTRADICT',
    })
  })

  test('warns of a posting before the appointment in the NIP, also a later one', async () => {
    const early = { ...rsud, since: '2015-04-30' }
    const { asnId, warnings } = await bed
      .employees('hr')
      .registerEmployee({ ...request(), posting: early })
    expect(warnings).toEqual([expect.stringContaining('posting.since')])
    const posted = { requestId: randomUUID(), asnId, posting: { ...early, unit: 'igd' } }
    expect((await bed.employees('hr').postEmployee(posted)).warnings).toEqual(warnings)
  })

  test('has the employment of the NIP, unless it says another', async () => {
    const posted = async (person: typeof siti, posting: object) => {
      const sent = { requestId: randomUUID(), person, posting: { ...rsud, ...posting } }
      await bed.employees('rsud-daya').registerEmployee(sent)
      const { employee } = await bed.employees('hr').getEmployee({ asnId: sent.requestId })
      return employee?.postings[0]
    }
    const contract = { employment: 'pppk', contractSince: rsud.since, office: 'ahli-pertama' }
    const held = { ...contract, assignment: 'plt' }
    expect(await posted(andi, held)).toMatchObject({ ...held, employmentFromNip: false })
    const suggested = { employment: 'pns', contractSince: '', employmentFromNip: true }
    expect(await posted(siti, {})).toMatchObject(suggested)
  })

  test('refuses an employment, a contract and an assignment that there are not', async () => {
    const violated = async (posting: object) => {
      const sent = { requestId: randomUUID(), person: siti, posting: { ...rsud, ...posting } }
      return (await refusalOf(bed.employees('rsud-daya').registerEmployee(sent))).fields
    }
    expect(await violated({ employment: 'honorer', assignment: 'pj', office: 'Ahli' })).toEqual([
      'posting.employment',
      'posting.office',
      'posting.assignment',
    ])
    const fields = ['posting.contract_since']
    expect(await violated({ employment: 'pns', contractSince: rsud.since })).toEqual(fields)
    expect(await violated({ employment: 'pppk', contractSince: '2999-01-01' })).toEqual(fields)
    expect(await violated({ employment: 'pppk', contractSince: '2026-02-30' })).toEqual(fields)
    expect(await violated({ employment: 'pppk', contractSince: '1985-12-31' })).toEqual(fields)
    // A PNS by the NIP, as long as nothing else is stated.
    expect(await violated({ contractSince: rsud.since })).toEqual(fields)
    const born = ['person.birth_date']
    expect(await violated({ employment: 'pppk', contractSince: '1986-03-01' })).toEqual(born)
  })

  test('warns of a contract before the appointment in the NIP', async () => {
    const contract = { employment: 'pppk', contractSince: '2014-01-01' }
    const sent = { ...request(), posting: { ...rsud, ...contract } }
    const { warnings } = await bed.employees('rsud-daya').registerEmployee(sent)
    expect(warnings).toEqual([expect.stringContaining('posting.contract_since')])
  })

  test('has a level of office by the law of the day', async () => {
    const posted = (office: string, since: string) => {
      const sent = { ...request(), posting: { ...rsud, office, since } }
      return bed.employees('rsud-daya').registerEmployee(sent)
    }
    const refused = await refusalOf(posted('raja-di-raja', rsud.since))
    expect(refused).toMatchObject({ fields: ['posting.office'] })
    expect(refused.message).toContain('ahli-pertama')
    await bed.rules('hr').adoptRuleSet({ requestId: randomUUID(), content: newOffices })
    expect(await refusalOf(posted('ahli-agung', rsud.since))).toMatchObject({
      fields: ['posting.office'],
    })
    const { asnId } = await posted('ahli-agung', '2026-03-01')
    const old = { ...rsud, office: 'ahli-agung', since: '2006-01-01' }
    const late = bed.employees('hr').postEmployee({ requestId: randomUUID(), asnId, posting: old })
    expect(await refusalOf(late)).toMatchObject({ fields: ['posting.office'] })
    const known = { ...old, office: 'ahli-pertama' }
    await bed.employees('hr').postEmployee({ requestId: randomUUID(), asnId, posting: known })
  })

  test('has no birth date after a contract, by a correction either', async () => {
    const contract = { employment: 'pppk', contractSince: '1987-01-01' }
    const sent = { ...request(), posting: { ...rsud, ...contract } }
    const { asnId } = await bed.employees('rsud-daya').registerEmployee(sent)
    const person = { birthDate: '1987-01-02' }
    const correction = { requestId: randomUUID(), asnId, person, reason: 'Akta' }
    expect(await refusalOf(bed.employees('hr').correctPersonalData(correction))).toMatchObject({
      fields: ['person.birth_date'],
    })
  })

  test('leaves no personal data in the log that can be read', async () => {
    const person = { ...siti, email: 'siti@example.go.id', phone: '+6281234567890' }
    await bed.employees('hr').registerEmployee({ ...request(), person })
    for await (const { entries } of bed.log.read(0)) {
      const text = Buffer.concat(entries).toString()
      for (const value of Object.values(person)) expect(text).not.toContain(value)
    }
  })
})

describe('a civil servant', () => {
  test('has what was given at the registration', async () => {
    const person = { ...siti, birthPlace: 'Makassar', bknId: 'A5EB03E23C85F6A0E040640A040252AD' }
    const asnId = await registered(bed, person)
    const { employee } = await bed.employees(asnId).getEmployee({ asnId })
    expect(employee).toMatchObject({
      asnId,
      status: EmployeeStatus.ACTIVE,
      person,
      postings: [rsud],
    })
  })

  test('who is transferred is the new agency’s to read from that day on', async () => {
    const asnId = await registered(bed)
    const posting = { ...dinkes, since: '2026-02-01' }
    const read = (token: string) => bed.employees(token).getEmployee({ asnId })
    expect(await refusalOf(read('dinkes'))).toMatchObject({ code: 'PERMISSION_DENIED' })
    await bed.employees('hr').postEmployee({ requestId: randomUUID(), asnId, posting: dinkes })
    expect((await read('rsud-daya')).employee?.postings).toMatchObject([rsud, dinkes])
    await bed.employees('hr').postEmployee({ requestId: randomUUID(), asnId, posting })
    expect((await read('dinkes')).employee?.postings).toMatchObject([rsud, posting, dinkes])
    expect(await refusalOf(read('rsud-daya'))).toMatchObject({ code: 'PERMISSION_DENIED' })
  })

  test('is in the list of the agency where they serve, a page at a time', async () => {
    const people = await Promise.all(
      Array.from({ length: 7 }, (_, at) =>
        registered(bed, { ...siti, nip: `19860926201505100${at + 1}` }),
      ),
    )
    const [first = ''] = people
    const posting = { ...dinkes, since: '2026-01-01' }
    await bed.employees('hr').postEmployee({ requestId: randomUUID(), asnId: first, posting })
    const seen: string[][] = []
    let pageToken = ''
    do {
      const list = { agency: 'rsud-daya', pageSize: 2, pageToken }
      const page = await bed.employees('rsud-daya').listEmployees(list)
      seen.push(page.employees.map(({ asnId }) => asnId))
      pageToken = page.nextPageToken
    } while (pageToken)
    expect(seen.map(({ length }) => length)).toEqual([2, 2, 2])
    expect(seen.flat()).toEqual(people.slice(1).sort())
    const list = bed.employees('hr').listEmployees({ agency: 'dinkes', pageToken: 'another' })
    expect(await refusalOf(list)).toMatchObject({ fields: ['page_token'] })
  })
})
