import { type Clients, eventually } from '@jejak/embedded/testing/testbed'
import { builtInRuleSets } from '@jejak/rules/built-in'
import type { RuleKind } from '@jejak/rules/kinds'
import { v7 } from 'uuid'
import { afterEach, expect, test, vi } from 'vitest'
import { personReport } from './commands/audit.ts'
import {
  type AuditFixture,
  openAuditFixture,
  recordAuditedTraining,
} from './testing/audit-fixture.ts'

vi.setConfig({ testTimeout: 60_000 })

const services = ['enrollment', 'assessment', 'certification', 'reporting'] as const

let fixture: AuditFixture
let now: number
const day = (date: string) => {
  now = Date.parse(`${date}T09:00:00+08:00`)
}
const written = () => ({ requestId: v7() })

/** The file that comes with Jejak, from a day on with another value. */
const changed = (
  kind: RuleKind,
  [id, validFrom]: readonly [id: string, validFrom: string],
  value: RegExp,
  other: string,
) =>
  (builtInRuleSets().findLast(({ set }) => set.kind === kind)?.content ?? '')
    .replace(/^id: .*$/m, `id: ${id}`)
    .replace(/^validFrom: .*$/m, `validFrom: ${validFrom}`)
    .replace(value, other)

const course = (on: string, certificateNumber: string) => ({
  ...{ form: 22, title: 'Belajar mandiri', organiser: 'BKPSDMD', startsOn: on, endsOn: on },
  ...{ sessions: [], claimedJp: 5, abroad: false, certificateNumber, certifiedOn: on },
  evidence: [{ sha256: 'ab'.repeat(32) }],
})

/** What both the report and the auditor say, as far as rules matter. */
type Told = {
  readonly levels: readonly { readonly level: number; readonly policy: string }[]
  readonly hours: readonly { readonly year: number; readonly jp: number }[]
  readonly ruleSets: readonly { readonly id: string }[]
}
const told = ({ levels, hours, ruleSets }: Told) => ({
  levels: levels.map(({ level, policy }) => [level, policy]),
  hours: hours.map(({ year, jp }) => [year, jp]),
  rules: ruleSets.map(({ id }) => id),
})

/** Self-study gives up to 4 JP a day from 2026 on, and assessments count for six months. */
const adoptForNextYear = async ({ rules }: Pick<Clients, 'rules'>) => {
  const adopt = (content: string) => rules.adoptRuleSet({ ...written(), content })
  const nextYear = '2026-01-01'
  const selfStudy = /(?<=id: 22\b[\s\S]*?maxJpPerDay: )2/
  await adopt(changed('hours', ['jp-2026', nextYear], selfStudy, '4'))
  await adopt(changed('level-policy', ['enam-bulan', nextYear], /(?<=validityMonths: )36/, '6'))
}

afterEach(() => fixture.close())

test('rules for next year leave the years before as they were, and both clocks hold', async () => {
  day('2025-12-01')
  fixture = await openAuditFixture(() => () => now)
  const { siti, hr, certificateId } = await recordAuditedTraining(fixture, { today: '2025-11-03' })
  const learn = (on: string, number: string) =>
    hr.learning.recordLearning({ ...written(), asnId: siti, learning: course(on, number) })
  await learn('2025-11-20', '1/2025')

  day('2025-12-10')
  await adoptForNextYear(hr)

  day('2026-07-01')
  await learn('2026-02-03', '2/2026')
  const nips = ['198703012010011002', '199103032016032003', '196905052000052005'] as const
  const later = await recordAuditedTraining(fixture, { today: '2026-06-20', nips })
  await eventually(fixture.idle)
  const from: string[] = []
  for (const service of services) from.push(await fixture.export('ekspor', service))
  const history = async (asOf: string, knownAt?: string) => {
    const query = new URLSearchParams({ asOf, ...(knownAt && { knownAt }) })
    const report = told((await fixture.report(`/people/${siti}/history?${query}`)) as Told)
    const { findings, history } = await personReport(siti, {
      ...{ from, asOf },
      ...(knownAt && { knownAt }),
    })
    expect(findings).toEqual([])
    expect(history.certificates).toMatchObject([{ certificateId, policy: 'latest-three-years-v1' }])
    expect(told(history)).toEqual(report)
    return report
  }
  const before = {
    levels: [[4, 'latest-three-years-v1']],
    hours: [[2025, 10]],
    rules: ['latest-three-years-v1', 'jam-pelajaran-v1'],
  }
  expect(await history('2025-12-31')).toEqual(before)
  expect(await history('2026-04-01')).toEqual({
    levels: [[4, 'enam-bulan']],
    hours: [
      [2025, 10],
      [2026, 4],
    ],
    rules: ['enam-bulan', 'jam-pelajaran-v1', 'jp-2026'],
  })
  expect(await history('2026-06-01')).toMatchObject({ levels: [] })
  expect(await history('2026-06-01', '2025-12-09T00:00:00Z')).toEqual(before)
  const { findings, history: hers } = await personReport(later.siti, { from, asOf: '2026-07-02' })
  expect(findings).toEqual([])
  expect(hers.certificates).toMatchObject([{ policy: 'enam-bulan' }])
  const profile = await hr.assessments.getCompetencyProfile({ asnId: siti, position: '' })
  expect(profile).toMatchObject({ policy: 'enam-bulan' })
})
