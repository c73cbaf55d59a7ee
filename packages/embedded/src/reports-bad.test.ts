import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openReports, type Reports } from './testing/reports.ts'
import { type FixturePerson, newPerson, recordTraining } from './testing/training-fixture.ts'

let bed: Reports
let hr: string
let siti: FixturePerson
beforeAll(async () => {
  bed = await openReports()
  const { people } = await recordTraining(bed)
  siti = people[0] as FixturePerson
  hr = bed.issue({ role: 'hr' })
  await bed.caughtUp()
}, 60_000)
afterAll(() => bed.close())

const nip = '198609262015051001'
const body = (sent: unknown, type = 'application/json'): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': type },
  body: typeof sent === 'string' ? sent : JSON.stringify(sent),
})
const search = '/v1/people/search'
const of = (rest = '') => `/v1/people/${siti.asnId}${rest}`

type Case = readonly [
  what: string,
  request: () => readonly [path: string, init?: RequestInit],
  status: number,
  reason: string,
  fields?: readonly string[],
]

const cases: readonly Case[] = [
  ['no UUID', () => ['/v1/people/siti'], 400, 'invalid', ['asnId']],
  [
    'a UUID in capitals',
    () => [of().toUpperCase().replace('/V1/PEOPLE', '/v1/people')],
    400,
    'invalid',
    ['asnId'],
  ],
  ['a NIP in the path', () => [`/v1/people/${nip}`], 400, 'invalid', ['asnId']],
  ['a NIP in the query', () => [of(`?nip=${nip}`)], 400, 'invalid', ['nip']],
  ['no day', () => [of('/history?asOf=2026-02-30')], 400, 'invalid', ['asOf']],
  ['a day in another order', () => [of('/history?asOf=31-01-2026')], 400, 'invalid', ['asOf']],
  ['no moment', () => [of('/history?knownAt=2026-01-31')], 400, 'invalid', ['knownAt']],
  [
    'a moment with a bare +',
    () => [of('/history?knownAt=2026-01-31T08:00:00+08:00')],
    400,
    'invalid',
    ['knownAt'],
  ],
  ['neither true nor false', () => [of('/history?proofs=yes')], 400, 'invalid', ['proofs']],
  [
    'a parameter twice',
    () => [of('/history?asOf=2026-01-31&asOf=2026-02-01')],
    400,
    'invalid',
    ['asOf'],
  ],
  [
    'everything wrong',
    () => ['/v1/people/x/history?asOf=x&knownAt=x&proofs=x&as_of=x'],
    400,
    'invalid',
    ['asnId', 'asOf', 'knownAt', 'proofs', 'as_of'],
  ],
  ['a limit of 0', () => [of('/reads?limit=0')], 400, 'invalid', ['limit']],
  ['a limit of 201', () => ['/v1/agencies/dinkes/people?limit=201'], 400, 'invalid', ['limit']],
  ['a limit that is no number', () => [of('/reads?limit=ten')], 400, 'invalid', ['limit']],
  ['half a limit', () => [of('/reads?limit=1.5')], 400, 'invalid', ['limit']],
  ['no page key', () => ['/v1/agencies/dinkes/people?after=*'], 400, 'invalid', ['after']],
  ['a broken page key', () => ['/v1/agencies/dinkes/people?after=aaaa'], 400, 'invalid', ['after']],
  [
    'a NIP as the purpose',
    () => [of(), { headers: { 'x-purpose': `cek ${nip}` } }],
    400,
    'invalid',
    ['x-purpose'],
  ],
  [
    'a NIP in digits of another script as the purpose',
    () => [of(), { headers: { 'x-purpose': utf8('cek ١٩٨٦٠٩٢٦-٢٠١٥٠٥-١-٠٠١') } }],
    400,
    'invalid',
    ['x-purpose'],
  ],
  [
    'an invisible character in the purpose',
    () => [of(), { headers: { 'x-purpose': utf8('pemeriksaan\u200b') } }],
    400,
    'invalid',
    ['x-purpose'],
  ],
  ['no code of an agency', () => ['/v1/agencies/RSUD%20Daya/gaps'], 400, 'invalid', ['code']],
  ['a URL that is none', () => ['/v1/people/%zz'], 400, 'bad-url'],
  ['a person who is not there', () => [`/v1/people/${v7()}`], 404, 'employee-unknown'],
  ['the history of nobody', () => [`/v1/people/${v7()}/history`], 404, 'employee-unknown'],
  ['a NIP that nobody has', () => [search, body({ nip: newPerson().nip })], 404, 'nip-unknown'],
  ['a route that is not there', () => ['/v1/persons'], 404, 'no-such-route'],
  ['a method that is not there', () => [of(), { method: 'DELETE' }], 404, 'no-such-route'],
  ['a NIP of 17 digits', () => [search, body({ nip: nip.slice(1) })], 400, 'invalid', ['nip']],
  ['a NIP that is a number', () => [search, body(`{"nip":${nip}}`)], 400, 'invalid', ['nip']],
  ['no NIP', () => [search, body({})], 400, 'invalid', ['nip']],
  ['more than a NIP', () => [search, body({ nip, name: 'Siti' })], 400, 'invalid', ['name']],
  ['no object', () => [search, body('[]')], 400, 'invalid', ['body']],
  ['no body', () => [search, { method: 'POST' }], 400, 'invalid', ['body']],
  ['an empty body', () => [search, body('')], 400, 'bad-json'],
  ['no JSON', () => [search, body('{"nip":')], 400, 'bad-json'],
  ['a prototype', () => [search, body(`{"__proto__":{"nip":"${nip}"}}`)], 400, 'bad-json'],
  ['a text', () => [search, body(nip, 'text/plain')], 415, 'content-type'],
  [
    'a form',
    () => [search, body(`nip=${nip}`, 'application/x-www-form-urlencoded')],
    415,
    'content-type',
  ],
  ['20 KB', () => [search, body({ nip, x: 'x'.repeat(20_000) })], 413, 'body-too-large'],
]

/** A header has one character for each byte. */
const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

describe('a report that is asked for with', () => {
  for (const [what, request, status, reason, fields] of cases) {
    test(`${what} is refused, and says why`, async () => {
      const before = await bed.logOf('reporting').size()
      const answer = await bed.ask(hr, ...request())
      const type = `urn:jejak:problem:${reason}`
      expect([answer.status, answer.body.type]).toEqual([status, type])
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
      expect(answer.headers.get('cache-control')).toBe('no-store')
      const errors = answer.body.errors as { field: string; description: string }[] | undefined
      expect(errors?.map(({ field }) => field).sort()).toEqual(fields?.toSorted())
      expect(answer.text).not.toContain(nip) // No answer repeats what was sent.
      expect(await bed.logOf('reporting').size()).toBe(before)
      expect(bed.failures).toEqual([])
    })
  }

  test('the page key of another list is refused', async () => {
    const page = await bed.ask(hr, '/v1/agencies/dinkes/people?limit=1')
    const other = await bed.ask(hr, `/v1/agencies/rsud-daya/people?after=${page.body.next}`)
    expect(other.body.errors).toMatchObject([{ field: 'after' }])
  })

  test.each([
    ['no token', undefined, 'no-token'],
    ['a token that nobody has', 'jejak_hr_made-up', 'unknown-token'],
    ['a token that was revoked', 'revoked', 'unknown-token'],
  ])('%s is refused before anything is read', async (_, bearer, reason) => {
    const revoked = bed.tokens.issue({ role: 'hr' })
    bed.tokens.revoke(revoked.principal.id)
    const token = bearer === 'revoked' ? revoked.token : bearer
    const counted = bed.refused.length
    for (const [path, init] of [[of()], ['/v1/people/x'], [search, body('{')]] as const) {
      const { status, body, headers } = await bed.ask(token, path, init)
      expect([status, body.type]).toEqual([401, `urn:jejak:problem:${reason}`])
      expect(headers.get('www-authenticate')).toBe('Bearer')
    }
    const route = 'GET /v1/people/:asnId'
    expect(bed.refused.slice(counted)).toEqual([route, route, 'POST /v1/people/search'])
  })

  test('its own correlation id has that in the answer, where it is one', async () => {
    const asked = async (id: string) => {
      const answer = await bed.ask(hr, '/v1/people/x', { headers: { 'x-correlation-id': id } })
      expect(answer.headers.get('x-correlation-id')).toBe(answer.body.correlationId)
      return [answer.body.correlationId, answer.headers.get('x-correlation-id-replaced')]
    }
    const made = expect.stringMatching(/^[0-9a-f-]{36}$/)
    expect(await asked('ticket-17')).toEqual(['ticket-17', null])
    expect(await asked('<script>')).toEqual([made, 'malformed'])
    expect(await asked(`cek-${nip}`)).toEqual([made, 'personal-number'])
  })
})
