import { addMonths, dayOf } from '@jejak/competency/calendar'
import { eventually } from '@jejak/embedded/testing/testbed'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { personReport } from './commands/audit.ts'
import {
  type AuditFixture,
  openAuditFixture,
  recordAuditedTraining,
} from './testing/audit-fixture.ts'

vi.setConfig({ testTimeout: 60_000 })

const services = ['enrollment', 'assessment', 'certification', 'reporting'] as const
type Service = (typeof services)[number]
const [secondMs, hourMs, dayMs] = [1_000, 3_600_000, 86_400_000]
/** Long enough ago for every clock that is behind by hours. */
const day = dayOf(Date.now() - 2 * dayMs)

let fixture: AuditFixture
afterEach(() => fixture.close())

/** By how much the clock of each service is ahead. */
type Skews = { [S in Service]?: number }

const open = async (skews: Skews) => {
  const clockOf = (service: string) => () => Date.now() + (skews[service as Service] ?? 0)
  fixture = await openAuditFixture(clockOf)
}

const audit = async (asnId: string, name: string, options = {}) => {
  await eventually(fixture.idle)
  const from: string[] = []
  for (const service of services) from.push(await fixture.export(name, service))
  return personReport(asnId, { from, ...options })
}

const apart: readonly (readonly [string, Skews])[] = [
  ['certification is 3 s behind', { certification: -3 * secondMs }],
  ['certification is 5 hours behind', { certification: -5 * hourMs }],
  [
    'assessment is 5 hours behind, and enrollment ahead',
    { assessment: -5 * hourMs, enrollment: 5 * hourMs },
  ],
  ['enrollment is 400 days ahead', { enrollment: 400 * dayMs }],
  ['certification is 400 days ahead', { certification: 400 * dayMs }],
]

describe('where the clock of', () => {
  test.each(apart)('%s, a certificate is deserved, and its history is told', async (_, skews) => {
    await open(skews)
    const { siti, certificateId, last } = await recordAuditedTraining(fixture, { today: day })
    const { findings, history, clocks } = await audit(siti, 'ekspor')
    expect(findings).toEqual([])
    const isLate = (skews.certification ?? 0) > dayMs // It has a day that is yet to come.
    expect(history.certificates.map(it => it.certificateId)).toEqual(isLate ? [] : [certificateId])
    expect(history.enrollments).toMatchObject([{ status: 'completed', completedOn: day }])
    expect(history.levels).toMatchObject([{ level: 4, assessmentIds: [last.assessmentId] }])
    const types = history.lines.map(({ fact }) => fact.type)
    expect(types).toContain('EnrollmentApproved')
    const seen = clocks.map(({ behind, ahead, byMs }) => [behind, ahead, byMs > secondMs] as const)
    const expected: [string, Service, boolean][] = []
    if ((skews.certification ?? 0) < 0) {
      expected.push(['certification', 'assessment', true], ['certification', 'enrollment', true])
    }
    if (skews.assessment) expected.push(['assessment', 'enrollment', true])
    expect(seen).toEqual(expect.arrayContaining(expected))
    for (const name of ['enrollment', 'certification'] as const) {
      const isAhead = (skews[name] ?? 0) > hourMs
      expect(seen.some(([behind, ahead]) => behind === 'reader' && ahead === name)).toBe(isAhead)
    }
  })

  test('certification has jumped by 400 days, the log keeps it, and it says so', async () => {
    const skews: Skews = { certification: 400 * dayMs }
    await open(skews)
    await recordAuditedTraining(fixture, { today: day })
    skews.certification = 0
    const nips = ['198703012010011002', '199103032016032003', '196905052000052005'] as const
    const second = await recordAuditedTraining(fixture, { today: day, nips })
    const { findings, history } = await audit(second.siti, 'ekspor')
    expect(findings).toMatchObject([
      { problem: 'Undecided', detail: expect.stringContaining('whether the clock went back') },
    ])
    expect(history.certificates).toMatchObject([
      { issuedOn: dayOf(Date.now()), validUntil: addMonths(dayOf(Date.now()), 36) },
    ])
  })

  test('certification is 400 days behind, nothing is issued until it is mended', async () => {
    const skews: Skews = { certification: -400 * dayMs }
    await open(skews)
    const waiting = { today: day, awaitsCertificate: false }
    const { siti, hr } = await recordAuditedTraining(fixture, waiting)
    const [enrollment] = (await hr.enrollments.listEnrollments({ asnId: siti })).enrollments
    const enrollmentId = enrollment?.enrollmentId ?? ''
    const missing = async () =>
      hr.certificates.explainCertification({ enrollmentId }).then(
        ({ missing }) => missing.join(),
        () => '', // It has not heard of it yet.
      )
    await eventually(async () => (await missing()).includes(`an assessment is of ${day}`))
    skews.certification = 0
    const nips = ['198703012010011002', '199103032016032003', '196905052000052005'] as const
    // It looks again at the latest when it hears of something.
    await recordAuditedTraining(fixture, { today: day, nips })
    const { findings, history } = await audit(siti, 'ekspor')
    expect(findings).toEqual([])
    expect(history.certificates).toMatchObject([{ issuedOn: dayOf(Date.now()) }])
  })

  test('certification is behind, a moment in between can not be told, and it says so', async () => {
    await open({ certification: -3 * secondMs })
    const { siti } = await recordAuditedTraining(fixture, { today: day })
    const { history: now } = await audit(siti, 'ekspor')
    const issued = now.lines.find(({ fact }) => fact.type === 'CertificateIssued')
    const knownAt = issued?.fact.time
    const { clocks } = await audit(siti, 'lagi', { knownAt })
    expect(clocks).toContainEqual(
      expect.objectContaining({ behind: 'certification', undecided: true }),
    )
    const { clocks: earlier } = await audit(siti, 'dulu', { knownAt: '2020-01-01T00:00:00Z' })
    expect(earlier.some(({ undecided }) => undecided)).toBe(false)
  })
})
