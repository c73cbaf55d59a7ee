import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from '@jejak/embedded/testing/testbed'
import { CertificateStatus } from '@jejak/proto/jejak/certification/v1/certificate'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { personReport } from './commands/audit.ts'
import { type AuditFixture, openAuditFixture } from './testing/audit-fixture.ts'
import { endedOn, jp, PersonGame, someSteps } from './testing/person-game.ts'
import { hoursIn, seatsIn } from './testing/person-model.ts'

const services = ['enrollment', 'assessment', 'certification', 'reporting']
const games: PersonGame[] = []

let fixture: AuditFixture
beforeAll(async () => {
  fixture = await openAuditFixture()
}, 60_000)
afterAll(() => fixture.close())

/** The cohorts of the person's certificates, as certification lists them. */
const certifiedCohorts = async (asnId: string): Promise<readonly string[]> => {
  const { certificates, enrollments } = fixture.as({ role: 'hr' })
  const listed = (await certificates.listCertificates({ asnId })).certificates
  const valid = listed.filter(({ status }) => status === CertificateStatus.VALID)
  const found = valid.map(({ enrollmentId }) => enrollments.getEnrollment({ enrollmentId }))
  return (await Promise.all(found)).flatMap(({ enrollment }) => enrollment?.cohortId ?? [])
}

test('whatever happens to records in whatever order, a person is one', async () => {
  const property = fc.asyncProperty(someSteps, async steps => {
    const game = new PersonGame(fixture)
    await game.begin()
    for (const step of steps) {
      await game.play(step)
      await eventually(fixture.idle) // A certificate comes when it is due, and not after a merge.
    }
    const hr = fixture.as({ role: 'hr' })
    for (const cohortId of game.cohorts) {
      const { cohort } = await hr.programs.getCohort({ cohortId })
      expect(cohort?.seatsTaken).toBe(seatsIn(game.people, cohortId))
    }
    for (const person of game.people) {
      for (const asnId of person.records) {
        expect(new Set(await certifiedCohorts(asnId))).toEqual(person.certified)
      }
    }
    games.push(game)
  })
  await fc.assert(property, { numRuns: 12, endOnFailure: true })
}, 300_000)

test('and so say the offline audit and the export', async () => {
  const people = games.flatMap(({ people }) => people)
  const from: string[] = []
  for (const service of services) from.push(await fixture.export('logs', service))
  for (const person of people) {
    for (const asnId of person.records) {
      const { findings, history } = await personReport(asnId, { from })
      expect(findings).toEqual([])
      expect(new Set(history.records)).toEqual(new Set(person.records))
      expect(history.erased).toBe(person.erased)
      expect(history.hours.reduce((sum, { jp }) => sum + jp, 0)).toBe(hoursIn(person, jp))
    }
  }
  const year = Number(endedOn.slice(0, 4))
  const out = await fixture.exportSiasn('kursus', { format: 'csv', year })
  const [, ...rows] = readFileSync(join(out, 'siasn-kursus.csv'), 'utf8').trim().split('\r\n')
  const exported = people.filter(({ erased }) => !erased)
  expect(rows).toHaveLength(exported.reduce((sum, { certified }) => sum + certified.size, 0))
}, 300_000)
