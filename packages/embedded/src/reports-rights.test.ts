import { rights } from '@jejak/access/rights'
import type { Grant } from '@jejak/access/token'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openReports, type Reports } from './testing/reports.ts'
import {
  agencies,
  changedRules,
  type FixturePerson,
  recordTraining,
  unregistered,
} from './testing/training-fixture.ts'

type Caller = Grant & { readonly token: string }

let bed: Reports
let people: readonly FixturePerson[]
let callers: readonly Caller[]
beforeAll(async () => {
  bed = await openReports()
  people = (await recordTraining(bed)).people
  const grants: Grant[] = [
    ...agencies.map(agency => ({ role: 'agency', agency }) as const),
    ...(['hr', 'auditor', 'ministry'] as const).map(role => ({ role })),
    ...[...people.filter(({ label }) => label !== 'was erased'), unregistered()].map(
      ({ asnId }) => ({ role: 'asn', asnId }) as const,
    ),
  ]
  callers = grants.map(grant => ({ ...grant, token: bed.issue(grant) }))
  await bed.caughtUp()
}, 60_000)
afterAll(() => bed.close())

const posting = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
const shorter = changedRules('level-policy', 'one-month', 'Months: 36', 'Months: 1')
type Ask = (of: FixturePerson) => readonly [path: string, init?: RequestInit]
const ofPerson: Readonly<Record<string, Ask>> = {
  'POST /v1/people/search': ({ nip }) => ['/v1/people/search', posting({ nip })],
  'GET /v1/people/:asnId': ({ recordId }) => [`/v1/people/${recordId}`],
  'GET /v1/people/:asnId/history': ({ recordId }) => [`/v1/people/${recordId}/history`],
  'GET /v1/people/:asnId/gap': ({ recordId }) => [`/v1/people/${recordId}/gap`],
  'GET /v1/people/:asnId/hours': ({ recordId }) => [`/v1/people/${recordId}/hours`],
  'GET /v1/people/:asnId/ip-asn': ({ recordId }) => [`/v1/people/${recordId}/ip-asn`],
}
const ofReaders: Readonly<Record<string, Ask>> = {
  'GET /v1/people/:asnId/reads': ({ recordId }) => [`/v1/people/${recordId}/reads`],
}
const ofAgency: Readonly<Record<string, Ask>> = {
  'GET /v1/agencies/:code/people': ({ agency }) => [`/v1/agencies/${agency}/people`],
  'GET /v1/agencies/:code/contests': ({ agency }) => [`/v1/agencies/${agency}/contests`],
  'GET /v1/agencies/:code/gaps': ({ agency }) => [`/v1/agencies/${agency}/gaps`],
  'GET /v1/agencies/:code/hours': ({ agency }) => [`/v1/agencies/${agency}/hours`],
  'GET /v1/agencies/:code/ip-asn': ({ agency }) => [`/v1/agencies/${agency}/ip-asn`],
}
const ofCity: Readonly<Record<string, Ask>> = { 'GET /v1/gaps': () => ['/v1/gaps'] }
const ofEverybody: Readonly<Record<string, Ask>> = {
  'GET /v1/contests': () => ['/v1/contests'],
}
const ofOperation: Readonly<Record<string, Ask>> = {
  'POST /v1/rebuild': () => ['/v1/rebuild', { method: 'POST' }],
  'POST /v1/rules/preview': () => ['/v1/rules/preview', posting({ content: shorter })],
}
const routes = Object.entries({
  ...ofPerson,
  ...ofReaders,
  ...ofAgency,
  ...ofCity,
  ...ofEverybody,
  ...ofOperation,
})

/** Whether a grant allows a route, derived from the roles' work and not from the table. */
const may = ({ role, agency, asnId }: Grant, route: string, of: FixturePerson): boolean => {
  if (route in ofOperation) return role === 'hr' // Runs it.
  if (route in ofEverybody) return ['hr', 'auditor'].includes(role)
  if (route in ofCity) return ['hr', 'auditor', 'ministry'].includes(role) // Has nobody in it.
  switch (role) {
    case 'hr':
    case 'auditor': // See everything.
      return true
    case 'ministry': // Sees nobody.
      return false
    case 'agency': // Sees its own people, and not who else does.
      return !(route in ofReaders) && of.agency === agency
    case 'asn': // Sees themselves.
      return !(route in ofAgency) && of.asnId === asnId
  }
}

/** Actions whose missing right was named to a caller. */
const asked = new Set<string>()

describe('a right to a report', () => {
  test('is tried here for every route there is', async () => {
    const { paths } = (await (await fetch(`${bed.address}/openapi.json`)).json()) as {
      paths: Record<string, object>
    }
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(
        method => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      ),
    )
    expect(routes.map(([route]) => route).sort()).toEqual(described.sort())
  })

  test.each(routes)('to %s has who is to have it, whomever it is about', async (route, ask) => {
    const before = bed.refused.length
    let refused = 0
    for (const of of people) {
      // Once somebody is erased, their NIP is nobody's.
      if (route.startsWith('POST') && of.label === 'was erased') continue
      for (const caller of callers) {
        const { status, body, text } = await bed.ask(caller.token, ...ask(of))
        const who = `${caller.role} ${caller.agency ?? ''}, of who ${of.label}`
        const granted = may(caller, route, of)
        expect([who, status]).toEqual([who, granted ? 200 : 403])
        if (granted) continue
        refused++
        expect(body.type).toBe('urn:jejak:problem:no-right')
        asked.add(body.metadata.action)
        for (const secret of [of.nip, of.name, of.asnId]) expect(text).not.toContain(secret)
      }
    }
    expect(bed.refused.slice(before)).toEqual(Array(refused).fill(route))
    expect(refused).toBeGreaterThan(0)
  })

  test('is asked for by a route, whatever is in the table', () => {
    const ours = Object.keys(rights).filter(action => action.startsWith('reporting.'))
    expect([...asked].sort()).toEqual(ours.filter(action => !action.endsWith('.Export')).sort())
  })

  test('that a role does not have does not show it who is there', async () => {
    for (const { role, token } of callers) {
      for (const [route, ask] of routes) {
        // A civil servant does not learn who has a NIP either.
        if (role !== 'ministry' && !(role === 'asn' && route.startsWith('POST'))) continue
        if (route in ofCity) continue
        const { status, body } = await bed.ask(token, ...ask(unregistered()))
        expect([role, route, status]).toEqual([role, route, 403])
        expect(body.type).toBe('urn:jejak:problem:no-right')
      }
    }
  })
})
