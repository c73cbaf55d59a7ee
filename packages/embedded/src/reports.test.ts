import { decode } from '@jejak/eventsourcing/entry'
import { parseVerifier } from '@jejak/transparency/key'
import { verifyReceipt } from '@jejak/transparency/receipt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openReports, type Reports } from './testing/reports.ts'
import {
  assessmentOf,
  type FixturePerson,
  reason,
  recordTraining,
  written,
} from './testing/training-fixture.ts'

const dayMs = 86_400_000

let bed: Reports
let hr: string
let [stays, other, twice, erased] = [] as unknown as [
  FixturePerson,
  FixturePerson,
  FixturePerson,
  FixturePerson,
]
beforeAll(async () => {
  bed = await openReports()
  const { people } = await recordTraining(bed)
  ;[stays, other, , twice, erased] = people as [
    FixturePerson,
    FixturePerson,
    FixturePerson,
    FixturePerson,
    FixturePerson,
  ]
  hr = bed.issue({ role: 'hr' })
  await bed.caughtUp()
}, 60_000)
afterAll(() => bed.close())

const json = { 'content-type': 'application/json' }
const search = (nip: string) =>
  bed.ask(hr, '/v1/people/search', { method: 'POST', headers: json, body: JSON.stringify({ nip }) })
const get = async (path: string) => (await bed.ask(hr, `/v1${path}`)).body

describe('a civil servant', () => {
  test('is found by id and by NIP, which is never in a URL', async () => {
    const { nip, name, asnId } = stays
    const byId = await bed.ask(hr, `/v1/people/${asnId}`)
    expect(byId.status).toBe(200)
    expect(byId.body).toMatchObject({
      asnId,
      status: 'active',
      agency: 'rsud-daya',
      person: { nip, name, birthDate: expect.stringMatching(/^19/) },
      postings: [{ agency: 'rsud-daya', since: '2020-01-01' }],
    })
    const spaced = `${nip.slice(0, 8)} ${nip.slice(8, 14)} ${nip.slice(14, 15)} ${nip.slice(15)}`
    for (const spelled of [nip, spaced]) expect((await search(spelled)).body).toEqual(byId.body)
  })

  test('has one report, by whichever record it is asked for', async () => {
    const { asnId, records } = await get(`/people/${twice.recordId}`)
    expect([asnId, records]).toEqual([other.asnId, [other.asnId, twice.recordId]])
    const history = await get(`/people/${twice.recordId}/history`)
    expect(new Set(history.records)).toEqual(new Set(records))
    const streams = history.completeness.streams.map((each: { stream: string }) => each.stream)
    for (const id of records) expect(streams).toContain(`employee/${id}`)
  })

  test('who was erased has no name any more, and what they have done still', async () => {
    for (const path of ['', '/history']) {
      const { status, text } = await bed.ask(hr, `/v1/people/${erased.asnId}${path}`)
      expect(status).toBe(200)
      for (const gone of [erased.nip, erased.name]) expect(text).not.toContain(gone)
    }
    expect(await get(`/people/${erased.asnId}`)).toMatchObject({ status: 'erased' })
    const history = await get(`/people/${erased.asnId}/history`)
    expect(history).toMatchObject({ erased: true, certificates: [{ status: 'valid' }] })
    const lines = history.lines as { type: string; data: object }[]
    const dataOf = (name: string) => lines.find(({ type }) => type === name)?.data
    expect(dataOf('EmployeeRegistered')).toMatchObject({ person: null })
    expect(dataOf('AssessmentContested')).toMatchObject({ statement: null })
    expect((await search(erased.nip)).body.type).toBe('urn:jejak:problem:nip-unknown')
  })

  test('is not sent again to a caller who has it, until something is new', async () => {
    for (const path of ['', '/history', '/history?asOf=2026-05-31&proofs=true']) {
      const url = `/v1/people/${stays.asnId}${path}`
      const ask = (etag: string) => bed.ask(hr, url, { headers: { 'if-none-match': etag } })
      const etag = (await bed.ask(hr, url)).headers.get('etag') ?? ''
      expect(etag).toMatch(/^W\/"[\w-]{27}"$/)
      expect(await ask(`"other", ${etag}`)).toMatchObject({ status: 304, text: '' })
      expect(await ask('"other"')).toMatchObject({ status: 200 })
      const own = bed.as(bed.issue({ role: 'agency', agency: 'rsud-daya' }))
      const assessment = { ...assessmentOf(stays.asnId), competency: 'komunikasi' }
      await own.assessments.submitAssessment({ ...written(), assessment })
      await bed.caughtUp()
      expect(await ask(etag)).toMatchObject({ status: 200 })
    }
  })
})

describe('a history', () => {
  test('proves each of its lines under the signed heads that it has', async () => {
    const { asnId } = stays
    const { lines, completeness } = await get(`/people/${asnId}/history?proofs=true`)
    expect(lines.length).toBeGreaterThan(10)
    for (const { log, position, stream, version, eventId, entry, receipt } of lines) {
      const bytes = Buffer.from(entry, 'base64')
      const event = { id: eventId, subject: stream, streamversion: version }
      expect(decode(bytes)).toMatchObject(event)
      const head = completeness.logs.find((each: { log: string }) => each.log === log)
      const key = parseVerifier(bed.logOf(log).vkey)
      expect(head.vkey).toBe(bed.logOf(log).vkey)
      expect(verifyReceipt(receipt, bytes, [key]).index).toBe(position)
      expect(receipt.endsWith(`\n\n${head.checkpoint}`)).toBe(true)
      const changed = Buffer.concat([bytes, Buffer.of(0)])
      expect(() => verifyReceipt(receipt, changed, [key])).toThrow()
    }
    for (const { log, stream, versions, dense } of completeness.streams) {
      const ofStream = lines.filter((line: { stream: string }) => line.stream === stream)
      expect([log, stream, ofStream.length, dense]).toEqual([log, stream, versions, true])
    }
  })

  test('rests each level on ratings, by a policy that it has', async () => {
    const { levels, policies, lines } = await get(`/people/${stays.asnId}/history`)
    const integrity = levels.find(
      (each: { competency: string }) => each.competency === 'integritas',
    )
    const [rating] = integrity.ratings
    expect(integrity).toMatchObject({ level: 3, policy: 'latest-three-years-v1' })
    expect(rating).toMatchObject({ assessmentId: stays.assessmentId, level: 3 })
    const line = lines.find((each: { eventId: string }) => each.eventId === rating.eventId)
    expect(line).toMatchObject({ type: 'AssessmentRecorded', occurredOn: '2026-05-20' })
    expect(policies).toMatchObject([{ id: integrity.policy, validityMonths: 36 }])
  })

  test('is as it was known, up to a position of each log that it names', async () => {
    const { asnId, assessmentId } = other
    const own = bed.as(bed.issue({ role: 'agency', agency: 'dinkes' }))
    const before = bed.now()
    const sizes = await sizesNow()
    bed.pass(dayMs)
    const assessment = { ...assessmentOf(asnId), level: 1 }
    await own.assessments.correctAssessment({ ...written(), assessmentId, assessment, reason })
    await bed.caughtUp()
    const levelOf = ({ levels }: { levels: { competency: string; level: number }[] }) =>
      levels.find(({ competency }) => competency === 'integritas')?.level
    const positions = ({ completeness }: { completeness: { logs: { position: number }[] } }) =>
      completeness.logs.map(({ position }) => position)
    const path = `/people/${asnId}/history`
    const then = await get(`${path}?knownAt=${encodeURIComponent(before)}`)
    expect([levelOf(then), positions(then)]).toEqual([3, sizes])
    const now = await get(path)
    expect([levelOf(now), positions(now)]).toEqual([1, await sizesNow()])
    expect(levelOf(await get(`${path}?asOf=2026-05-01`))).toBeUndefined()
    const first = await get(`${path}?knownAt=2020-01-01T00:00:00%2B08:00`)
    expect([first.lines, positions(first)]).toEqual([[], [0, 0, 0]])
  })
})

/** The sizes of the logs whose facts are reported. */
const sizesNow = () =>
  Promise.all(['enrollment', 'assessment', 'certification'].map(name => bed.logOf(name).size()))

describe('an agency', () => {
  test('has its people listed in pages, each once', async () => {
    const all = await get('/agencies/dinkes/people')
    expect(all.people).toHaveLength(2)
    const [first, second] = all.people
    const page = await get('/agencies/dinkes/people?limit=1')
    expect(page.people).toEqual([first])
    const last = await get(`/agencies/dinkes/people?limit=1&after=${page.next}`)
    expect(last).toEqual({ people: [second] })
    expect(all.people.map(({ person }: { person: object }) => person)).toContainEqual(
      expect.objectContaining({ nip: other.nip, name: other.name }),
    )
  })

  test('has the gaps of its positions counted', async () => {
    const { people, positions } = await get('/agencies/dinkes/gaps')
    expect(people).toBe(2)
    expect(positions).toMatchObject([{ position: 'perawat-ahli-pertama', people: 2 }])
    expect(await get('/agencies/disdukcapil/gaps')).toMatchObject({ people: 0, positions: [] })
  })
})
