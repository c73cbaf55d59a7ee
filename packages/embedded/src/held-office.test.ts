import { serverOptions } from '@jejak/reporting/http/server'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, openTestbed, type Testbed } from './testing/testbed.ts'
import { newPerson, written } from './testing/training-fixture.ts'

let bed: Testbed
let http: FastifyInstance
beforeAll(async () => {
  bed = await openTestbed()
  http = Fastify(serverOptions)
  await http.register(bed.reports)
}, 60_000)
afterAll(async () => {
  await http.close()
  await bed.close()
})

const own = { agency: 'dinkes', position: 'analis-kesehatan', office: 'pelaksana' }
const acting = { agency: 'dinkes', position: 'kepala-seksi', office: 'pengawas' }
const since = '2020-01-01'

/** The position that each answer measures by, and the level that it requires of integrity. */
const measured = async (asnId: string) => {
  await eventually(bed.idle)
  const token = bed.issue({ role: 'hr' })
  const profile = await bed.as(token).assessments.getCompetencyProfile({ asnId })
  const headers = { authorization: `Bearer ${token}` }
  const gap = (await http.inject({ url: `/v1/people/${asnId}/gap`, headers })).json()
  type Line = { readonly competency: string; readonly requiredLevel: number }
  const levelIn = (lines: readonly Line[]) =>
    lines.find(({ competency }) => competency === 'integritas')?.requiredLevel
  return [
    [profile.standard, levelIn(profile.levels)],
    [gap.positions[0]?.standard ? gap.positions[0].position : '', levelIn(gap.person.levels)],
  ]
}

test('who stands in for another is measured everywhere by the office that they hold', async () => {
  const { employees } = bed.as(bed.issue({ role: 'hr' }))
  const posting = { ...own, since }
  const { asnId } = await employees.registerEmployee({ ...written(), person: newPerson(), posting })
  expect(await measured(asnId)).toEqual(Array(2).fill(['analis-kesehatan', 1]))

  const standingIn = { ...acting, since: '2026-01-01', assignment: 'plt' }
  await employees.postEmployee({ ...written(), asnId, posting: standingIn })
  expect(await measured(asnId)).toEqual(Array(2).fill(['analis-kesehatan', 1]))

  const promoted = { ...acting, since: '2026-03-01', assignment: 'definitif' }
  await employees.postEmployee({ ...written(), asnId, posting: promoted })
  expect(await measured(asnId)).toEqual(Array(2).fill(['kepala-seksi', 2]))
})

test('who holds no office has nothing that is required of them', async () => {
  const { employees } = bed.as(bed.issue({ role: 'hr' }))
  const posting = { ...acting, since, assignment: 'plt' }
  const { asnId } = await employees.registerEmployee({ ...written(), person: newPerson(), posting })
  expect(await measured(asnId)).toEqual(Array(2).fill(['', undefined]))
})
