import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Grant } from '@jejak/access/token'
import { catalogues } from '@jejak/events/check'
import { type LogRead, type PersonalDataRead, unpackedIds } from '@jejak/events/read-audit'
import { decode } from '@jejak/eventsourcing/entry'
import { serverOptions } from '@jejak/reporting/http/server'
import { RpcError } from '@jejak/rpc/error'
import { type GivesOut, givenByReport, givenByRpc } from '@jejak/rpc/gives-out'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everyCall, type MethodName } from './testing/every-call.ts'
import { eventually, openTestbed, type Testbed, textOf } from './testing/testbed.ts'
import {
  assessmentOf,
  changedRules,
  type FixturePerson,
  newPerson,
  position,
  reason,
  recordTraining,
  since,
  unregistered,
  written,
} from './testing/training-fixture.ts'

let bed: Testbed
let http: FastifyInstance
let of: FixturePerson
let people: readonly FixturePerson[]
beforeAll(async () => {
  bed = await openTestbed()
  people = (await recordTraining(bed)).people
  of = people[0] ?? unregistered()
  const hr = bed.as(bed.issue({ role: 'hr' }))
  await everyCall.FileSubjectRequest(hr, of, unregistered())
  await everyCall.RegisterAssessor(hr, of, of)
  await everyCall.RecordCareer(hr, of, of)
  await everyCall.StateDiscipline(hr, of, of)
  const { claims } = bed.as(bed.issue({ role: 'agency', agency: 'disdukcapil' }))
  const posting = { agency: 'disdukcapil', position, since }
  const person = { ...newPerson(), nip: of.nip }
  await claims.fileClaim({ ...written(), person, posting, reason })
  await contestAnew(of)
  http = Fastify(serverOptions)
  await http.register(bed.reports)
  await eventually(bed.idle)
}, 60_000)
afterAll(async () => {
  await http.close()
  await bed.close()
})

/** A contest that stays open, of an assessment that stays: calls below decide the other. */
const contestAnew = async ({ asnId, agency }: FixturePerson) => {
  const assessment = { ...assessmentOf(asnId), competency: 'kerja-sama' }
  const { assessments } = bed.as(bed.issue({ role: 'agency', agency }))
  const { assessmentId } = await assessments.submitAssessment({ ...written(), assessment })
  const self = bed.as(bed.issue({ role: 'asn', asnId }))
  const contest = { ...written(), asnId, assessmentId, statement: 'Saya cuti.' }
  await self.assessments.contestAssessment(contest)
}

type Read = { readonly type: string } & (PersonalDataRead | LogRead)

/** What the logs have of the reads of this token. */
const readsBy = async (reader: string): Promise<readonly Read[]> => {
  const found: Read[] = []
  for (const { publisher, lift } of catalogues) {
    for await (const { entries } of bed.logs.get(publisher)?.read(0) ?? []) {
      for (const entry of entries) {
        const event = lift(decode(entry)) as Read | undefined
        if (event && 'readId' in event && event.reader === reader) found.push(event)
      }
    }
  }
  return found
}

const grants = (): readonly Grant[] => [
  { role: 'auditor' },
  { role: 'hr' },
  { role: 'agency', agency: of.agency },
  { role: 'asn', asnId: of.asnId },
]

/** Whether the reads say what the row says, and of this person. */
const expectGiven = (row: GivesOut, reads: readonly Read[], name: string) => {
  if (row === 'nothing') return expect(reads, name).toEqual([])
  expect(reads, name).toHaveLength(1)
  const [read] = reads
  if (row === 'entries') return expect(read, name).toMatchObject({ type: 'LogRead' })
  const { fields, people: packed } = read as PersonalDataRead
  expect(unpackedIds(packed), name).toContain(of.asnId)
  expect(fields.length, name).toBeGreaterThan(0)
  for (const field of fields) expect(row, name).toContain(field)
}

describe('the table of what is given out', () => {
  test('has every method of every proto', async () => {
    const root = fileURLToPath(new URL('../../../proto/gen/jejak', import.meta.url))
    const files = readdirSync(root, { recursive: true }).map(String)
    const modules = files.filter(file => file.endsWith('_pb.ts'))
    const exported = await Promise.all(modules.map(file => import(`${root}/${file}`)))
    const services = exported.flatMap(file => Object.values<Proto>(file))
    const methods = services.flatMap(({ kind, methods = [] }) =>
      kind === 'service' ? methods.map(({ name }) => name) : [],
    )
    expect(methods.length).toBeGreaterThan(40)
    expect(Object.keys(givenByRpc).toSorted()).toEqual(methods.toSorted())
  })

  test('has every report, and none that is not served', async () => {
    const { paths } = (await http.inject('/openapi.json')).json()
    const operations = Object.values<Record<string, { operationId: string }>>(paths)
      .flatMap(methods => Object.values(methods).map(({ operationId }) => operationId))
      .map(name => (name.startsWith('export') ? 'makeExport' : name))
    expect(Object.keys(givenByReport).toSorted()).toEqual(operations.toSorted())
  })
})
type Proto = { readonly kind?: string; readonly methods?: readonly { readonly name: string }[] }

describe('what is given out', () => {
  const names = Object.keys(everyCall) as MethodName[]
  const reading = names.filter(name => givenByRpc[name] !== 'nothing')
  const silent = names.filter(name => givenByRpc[name] === 'nothing')
  /** Answers only where a stream is parked: packages/embedded/src/parked.test.ts. */
  const elsewhere: readonly MethodName[] = ['GetParked']

  const call = async (name: MethodName, grant: Grant) => {
    const { token, principal } = bed.tokens.issue(grant)
    try {
      const answer = await everyCall[name](bed.as(token), of, unregistered())
      return { answered: true, text: textOf(answer), reads: await readsBy(principal.id) }
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      return { answered: false, text: error.message, reads: await readsBy(principal.id) }
    }
  }

  test.each(reading)('by %s is recorded, by the table', async name => {
    let answers = 0
    for (const grant of grants()) {
      const { answered, reads } = await call(name, grant)
      if (answered) answers++
      const own = name === 'ListClaims' && grant.role === 'agency' // What it has said itself.
      const row = answered && !own ? givenByRpc[name] : 'nothing'
      expectGiven(row, reads, `${name}, ${grant.role}`)
    }
    expect(answers > 0 || elsewhere.includes(name)).toBe(true)
  })

  test.each(silent)('by %s is nothing personal, and is not recorded', async name => {
    for (const grant of grants()) {
      const { reads, text } = await call(name, grant)
      expectGiven('nothing', reads, `${name}, ${grant.role}`)
      for (const { nip, name } of people)
        expect([nip, name].some(it => text.includes(it))).toBe(false)
    }
  })

  const shorter = changedRules('level-policy', 'one-month', 'Months: 36', 'Months: 1')
  const search = { method: 'POST', payload: () => ({ nip: of.nip }) } as const
  const reports = {
    searchPerson: { ...search, url: () => '/v1/people/search' },
    getPerson: { url: () => `/v1/people/${of.asnId}` },
    getHistory: { url: () => `/v1/people/${of.asnId}/history` },
    listReads: { url: () => `/v1/people/${of.asnId}/reads` },
    listPeople: { url: () => `/v1/agencies/${of.agency}/people` },
    getGap: { url: () => `/v1/people/${of.asnId}/gap` },
    listContests: { url: () => `/v1/agencies/${of.agency}/contests` },
    listCityContests: { url: () => '/v1/contests' },
    getCityGaps: { url: () => '/v1/gaps' },
    getGaps: { url: () => `/v1/agencies/${of.agency}/gaps` },
    getIpAsn: { url: () => `/v1/people/${of.asnId}/ip-asn` },
    getIpAsnSums: { url: () => `/v1/agencies/${of.agency}/ip-asn` },
    getHours: { url: () => `/v1/people/${of.asnId}/hours` },
    listHours: { url: () => `/v1/agencies/${of.agency}/hours` },
    listExports: { url: () => '/v1/exports' },
    previewRules: {
      method: 'POST',
      payload: () => ({ content: shorter, asOf: '2027-01-01' }),
      url: () => '/v1/rules/preview',
    },
  } satisfies Partial<Record<keyof typeof givenByReport, Ask>>
  type Ask = { method?: 'POST'; payload?: () => object; url: () => string }

  test.each(Object.entries<Ask>(reports))('by %s is recorded, by the table', async (name, ask) => {
    const { token, principal } = bed.tokens.issue({ role: 'hr' })
    const { method = 'GET', payload = () => undefined, url } = ask
    const headers = { authorization: `Bearer ${token}` }
    const body = payload()
    const answer = await http.inject({
      method,
      url: url(),
      headers,
      ...(body && { payload: body }),
    })
    expect(answer.statusCode).toBe(200)
    expectGiven(givenByReport[name as keyof typeof reports], await readsBy(principal.id), name)
  })

  test('of a log is said to everybody who is in it', async () => {
    const auditor = bed.as(bed.issue({ role: 'auditor' }))
    const [first, second] = people as [FixturePerson, FixturePerson]
    await Array.fromAsync(auditor.history.readLog({ log: 'assessment' }))
    const stream = `employee/${first.asnId}`
    await Array.fromAsync(auditor.history.readStream({ log: 'enrollment', stream }))
    await eventually(bed.idle)
    const readsOf = async (asnId: string) => {
      const headers = { authorization: `Bearer ${bed.issue({ role: 'hr' })}` }
      const { reads } = (await http.inject({ url: `/v1/people/${asnId}/reads`, headers })).json()
      return (reads as Partial<LogRead>[]).filter(({ log }) => log).map(it => it.stream ?? it.log)
    }
    expect((await readsOf(first.asnId)).slice(0, 2)).toEqual([stream, 'assessment'])
    expect(await readsOf(second.asnId)).toContain('assessment')
    expect(await readsOf(second.asnId)).not.toContain(stream)
  })
})
