import { packedIds } from '@jejak/events/read-audit'
import { decode } from '@jejak/eventsourcing/entry'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openReports, type Reports } from './testing/reports.ts'
import { newPerson, position, since, written } from './testing/training-fixture.ts'

const siti = newPerson()
const posting = { agency: 'rsud-daya', position, since }

let bed: Reports
let asnId: string
let auditor: string
beforeEach(async () => {
  bed = await openReports()
  const { employees } = bed.as(bed.issue({ role: 'hr' }))
  asnId = (await employees.registerEmployee({ ...written(), person: siti, posting })).asnId
  auditor = bed.issue({ role: 'auditor' })
  await bed.caughtUp()
})
afterEach(() => bed.close())

/** The read audit of reporting. */
const recorded = async () =>
  (await Array.fromAsync(bed.logOf('reporting').read(0))).flatMap(({ entries }) =>
    entries.map(entry => decode(entry)),
  )

const search = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ nip: siti.nip }),
}
const named = ['birthDate', 'name', 'nip']
const routes = [
  ['a person', () => `/v1/people/${asnId}`, undefined, named],
  ['a search', () => '/v1/people/search', search, named],
  ['a history', () => `/v1/people/${asnId}/history`, undefined, [...named, 'history'].sort()],
  ['a page of people', () => '/v1/agencies/rsud-daya/people', undefined, named],
] as const

describe('personal data in a report', () => {
  test.each(routes)('is recorded before it is given out: %s', async (_, path, init, fields) => {
    const purpose = { 'x-purpose': 'pemeriksaan APIP 2026' }
    const headers = { ...init?.headers, ...purpose }
    const { status, text } = await bed.ask(auditor, path(), { ...init, headers })
    expect(status).toBe(200)
    expect(text).toContain(siti.nip)
    const [entry, ...more] = await recorded()
    expect(more).toEqual([])
    expect(entry).toMatchObject({
      type: 'jejak.reporting.PersonalDataRead.v2',
      subject: 'access/2026-06-15',
      data: {
        reader: entry?.['actor'],
        role: 'auditor',
        people: packedIds([asnId]),
        fields,
        purpose: purpose['x-purpose'],
      },
    })
    expect(JSON.stringify(entry)).not.toMatch(new RegExp(`${siti.nip}|${siti.name}`))
  })

  test.each(routes)('that can’t be recorded is not given out: %s', async (_, path, init) => {
    const log = bed.logOf('reporting')
    const { append } = log
    const refusals = [
      { refused: 'Busy', reason: 'the disk is full', retryAfterMs: 2_000 },
      { refused: 'Unknown', retryAfterMs: 2_000 },
    ] as const
    for (const refusal of refusals) {
      Object.assign(log, { append: async () => refusal })
      const { status, text, body, headers } = await bed.ask(auditor, path(), init)
      expect([status, body.type]).toEqual([503, 'urn:jejak:problem:try-later'])
      expect(headers.get('retry-after')).toBe('2')
      for (const value of Object.values(siti)) expect(text).not.toContain(value)
    }
    Object.assign(log, { append })
    await log.close()
    const { status, text } = await bed.ask(auditor, path(), init)
    expect(status).toBe(503)
    for (const value of Object.values(siti)) expect(text).not.toContain(value)
  })

  test('is recorded neither where it is refused nor where none is given', async () => {
    const ministry = bed.issue({ role: 'ministry' })
    for (const [, path, init] of routes) {
      expect((await bed.ask(ministry, path(), init)).status).toBe(403)
    }
    await bed.ask(auditor, `/v1/people/${asnId}/reads`)
    await bed.ask(auditor, '/v1/agencies/rsud-daya/gaps')
    await bed.ask(auditor, '/v1/agencies/dinkes/people')
    await bed.ask(auditor, `/v1/people/${asnId}`, { headers: { 'if-none-match': '*' } })
    expect(await recorded()).toEqual([])
  })

  test('that many ask for at once is given to all, each of them recorded', async () => {
    const many = 100
    const ask = async () => (await bed.ask(auditor, `/v1/people/${asnId}`)).status
    const statuses = await Promise.all(Array.from({ length: many }, ask))
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect((await recorded()).length).toBeLessThanOrEqual(many)
  })

  test('is theirs to see who has read it, from any service, in pages', async () => {
    const self = bed.issue({ role: 'asn', asnId })
    const own = bed.as(bed.issue({ role: 'agency', agency: 'rsud-daya' }))
    await own.employees.getEmployee({ asnId })
    bed.pass(1_000)
    await bed.ask(auditor, `/v1/people/${asnId}/history`)
    bed.pass(1_000)
    await bed.ask(self, `/v1/people/${asnId}`)
    bed.pass(1_000)
    await bed.caughtUp()
    await bed.ask(self, `/v1/people/${asnId}/reads`)
    await bed.caughtUp()
    const all = await bed.ask(self, `/v1/people/${asnId}/reads`)
    expect(all.body.reads).toMatchObject([
      { role: 'asn', time: '2026-06-15T02:00:03.000Z', fields: ['reads'] },
      { role: 'asn', time: '2026-06-15T02:00:02.000Z', fields: named },
      { role: 'auditor', fields: [...named, 'history'].sort() },
      { role: 'agency', agency: 'rsud-daya', time: '2026-06-15T02:00:00.000Z', fields: named },
    ])
    const seen: unknown[] = []
    let path: string | undefined = `/v1/people/${asnId}/reads?limit=1`
    while (path) {
      const { body } = await bed.ask(self, path)
      seen.push(...body.reads)
      path = body.next && `/v1/people/${asnId}/reads?limit=1&after=${body.next}`
    }
    expect(seen).toEqual(all.body.reads)
  })

  test('of somebody who was registered just now is asked for again', async () => {
    const stopped = await openReports(false)
    const { employees } = stopped.as(stopped.issue({ role: 'hr' }))
    const registered = await employees.registerEmployee({ ...written(), person: siti, posting })
    const hr = stopped.issue({ role: 'hr' })
    const { status, body } = await stopped.ask(hr, `/v1/people/${registered.asnId}`)
    expect([status, body.type]).toEqual([503, 'urn:jejak:problem:try-later'])
    await stopped.close()
  })
})
