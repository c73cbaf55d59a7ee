import { randomUUID } from 'node:crypto'
import { sampleStandards } from '@jejak/frameworks/standards'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  assessmentOf,
  openMemoryTestbed,
  openRegistry,
  refusalOf,
  type Testbed,
} from './testing/service.ts'

const position = 'perawat-ahli-pertama'
let bed: Testbed
let asnId: string
let today: string

beforeEach(async () => {
  const employees = openRegistry()
  asnId = employees.register({ position })
  today = '2026-02-01'
  bed = await openMemoryTestbed(() => `${today}T00:00:00Z`, { employees })
})
afterEach(() => bed.close())

const profile = (of = '') => bed.assessments(asnId).getCompetencyProfile({ asnId, position: of })
const integrity = async (of?: string) =>
  (await profile(of)).levels.find(({ competency }) => competency === 'integritas')

describe('the profile of a person', () => {
  test('is measured by their position, or by the one that was asked for', async () => {
    const requestId = randomUUID()
    await bed
      .assessments('rsud-daya')
      .submitAssessment({ requestId, assessment: assessmentOf(asnId) })
    expect(await integrity()).toMatchObject({
      level: 3,
      assessmentIds: [requestId],
      requiredLevel: 2,
      gap: 1,
    })
    expect(await integrity('perawat-ahli-madya')).toMatchObject({ requiredLevel: 4, gap: -1 })
    const { policy, standard, levels } = await profile()
    expect([policy, standard]).toEqual(['latest-three-years-v1', position])
    const required = sampleStandards().find(
      standard => standard.position === position,
    )?.requirements
    expect(levels).toHaveLength(required?.length ?? 0)
  })

  test('goes by the level of the office where nothing was set for the position', async () => {
    const requestId = randomUUID()
    const assessment = assessmentOf(asnId)
    await bed.assessments('rsud-daya').submitAssessment({ requestId, assessment })
    const found = await profile('bidan-ahli-muda')
    expect(found).toMatchObject({
      ...{ standard: 'bidan-ahli-muda', standardRuleSet: 'tingkat-jabatan-v1' },
      office: 'ahli-muda',
      // Integrity at 3 of 3; of the other eight no assessment counts.
      match: {
        ...{ attained: 3, met: 3, required: 27, deficits: 8, unknown: 8 },
        ...{ cap: 'TOTAL_100', ruleSet: 'kesesuaian-jabatan-v1' },
      },
    })
    expect(found.match?.percent).toBeCloseTo(11.11, 2)
    const categories = found.match?.categories.map(({ purpose, code }) => [purpose, code])
    expect(categories?.slice(0, 2)).toEqual([
      ['selection', 'KMS'],
      ['mapping', 'kurang-optimal'],
    ])
    expect((await profile()).standardRuleSet).toBe('')
  })

  test('has no gaps where nothing is required', async () => {
    expect(await profile('walikota')).toMatchObject({ standard: '', levels: [] })
  })

  test('loses a level that is too old, and still shows the competency', async () => {
    await bed
      .assessments('rsud-daya')
      .submitAssessment({ requestId: randomUUID(), assessment: assessmentOf(asnId) })
    today = '2029-01-31'
    expect(await integrity('walikota')).toMatchObject({ level: 3 })
    today = '2029-02-01'
    expect(await integrity('walikota')).toMatchObject({ level: 0, assessmentIds: [] })
  })

  test('says all that is wrong with the question', async () => {
    const asked = bed.assessments('hr').getCompetencyProfile({ asnId: '1', position: 'Perawat' })
    const { violations } = await refusalOf(asked)
    expect(violations.map(([field]) => field)).toEqual(['asn_id', 'position'])
  })
})
