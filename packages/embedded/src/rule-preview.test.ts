import { serverOptions } from '@jejak/reporting/http/server'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, openTestbed, type Testbed } from './testing/testbed.ts'
import {
  changedRules,
  type FixturePerson,
  recordTraining,
  written,
} from './testing/training-fixture.ts'

let bed: Testbed
let http: FastifyInstance
let people: readonly FixturePerson[]
beforeAll(async () => {
  bed = await openTestbed()
  people = (await recordTraining(bed)).people
  http = Fastify(serverOptions)
  await http.register(bed.reports)
  await eventually(bed.idle)
}, 60_000)
afterAll(async () => {
  await http.close()
  await bed.close()
})

const asHr = async (url: string, payload?: object) => {
  const headers = { authorization: `Bearer ${bed.issue({ role: 'hr' })}` }
  const method = payload ? 'POST' : 'GET'
  const answer = await http.inject({ method, url, headers, ...(payload && { payload }) })
  return { status: answer.statusCode, answer: answer.json() }
}

type Figure = { figure: string; of: string; from?: unknown; to?: unknown }

/** What reports answer of each person on a day: levels, required levels, match and categories. */
const figuresOn = async (asOf: string) => {
  const found = new Map<string, Map<string, unknown>>()
  for (const { asnId, recordId } of people) {
    if (asnId !== recordId) continue
    const figures = new Map<string, unknown>()
    const history = (await asHr(`/v1/people/${asnId}/history?asOf=${asOf}`)).answer
    if (history.erased) continue // Nobody's figures are looked at any more.
    for (const { framework, competency, level } of history.levels ?? [])
      figures.set(`level ${framework}/${competency}`, level)
    for (const { year, jp } of history.hours ?? []) figures.set(`hours ${year}`, jp)
    const { person } = (await asHr(`/v1/people/${asnId}/gap?asOf=${asOf}`)).answer
    for (const { framework, competency, requiredLevel } of person?.levels ?? [])
      figures.set(`required ${framework}/${competency}`, requiredLevel)
    if (person?.match) figures.set('match JPM', person.match.percent)
    for (const { purpose, code } of person?.match?.categories ?? [])
      figures.set(`category ${purpose}`, code)
    found.set(asnId, figures)
  }
  return found
}

const cases: readonly Parameters<typeof changedRules>[] = [
  ['match', 'by-competency', 'cap: TOTAL_100', 'cap: PER_COMPETENCY'],
  ['hours', 'longer-jp', 'minutesPerJp: 45', 'minutesPerJp: 60', '2026-01-01'],
  ['level-policy', 'six-months', 'validityMonths: 36', 'validityMonths: 6'],
]

test.each(cases)('a preview of %s is what is answered once it is adopted', async (...changed) => {
  const content = changedRules(...changed)
  const asOf = '2027-01-01'
  const before = await figuresOn(asOf)
  const { status, answer: preview } = await asHr('/v1/rules/preview', { content, asOf })
  expect({ status, asOf: preview.asOf }).toEqual({ status: 200, asOf })
  await bed.as(bed.issue({ role: 'hr' })).rules.adoptRuleSet({ ...written(), content })
  await eventually(bed.idle)
  const after = await figuresOn(asOf)

  const expected = new Map<string, readonly Figure[]>()
  for (const [asnId, was] of before) {
    const will = after.get(asnId) ?? new Map()
    const changes = [...new Set([...was.keys(), ...will.keys()])].flatMap(key => {
      const [from, to] = [was.get(key), will.get(key)]
      const [figure = '', of = ''] = key.split(' ')
      if (from === to) return []
      return { figure, of, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
    })
    if (changes.length > 0) expected.set(asnId, changes)
  }
  type Change = { readonly asnId: string; readonly figures: readonly Figure[] }
  const previewed = new Map(
    (preview.changes as Change[]).map(({ asnId, figures }) => [asnId, figures]),
  )
  expect(previewed).toEqual(expected)
  expect(expected.size).toBeGreaterThan(0)
  expect(preview.changed).toBe(expected.size)
  // Adopted, it changes nothing any more; and years before have their rules.
  expect((await asHr('/v1/rules/preview', { content, asOf })).answer.changed).toBe(0)
  const earlier = { content, asOf: '2025-12-31' }
  expect((await asHr('/v1/rules/preview', earlier)).answer.changed).toBe(0)
})

test('a preview of a file that is wrong says why, and is for HR alone', async () => {
  const content = changedRules(
    'position-levels',
    'higher',
    /level: 2, name: Dasar, offices: \[pengawas, terampil, mahir, ahli-pertama\]/,
    'level: 2, name: Dasar, offices: [pengawas, terampil, mahir]',
  )
  const { status, answer } = await asHr('/v1/rules/preview', { content })
  // An office must have a level: the file is refused, with its line, and nothing was computed.
  expect(status).toBe(400)
  expect(answer.errors).toEqual([
    {
      field: 'content',
      description: expect.stringMatching(/^line \d+, rules.levels lacks ahli-pertama/),
    },
  ])
  const agency = bed.issue({ role: 'agency', agency: 'dinkes' })
  const headers = { authorization: `Bearer ${agency}` }
  const url = '/v1/rules/preview'
  const refused = await http.inject({ method: 'POST', url, headers, payload: { content } })
  expect(refused.statusCode).toBe(403)
})
