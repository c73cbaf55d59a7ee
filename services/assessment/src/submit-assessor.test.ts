import { randomUUID } from 'node:crypto'
import { errorOf } from '@jejak/rpc/error'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  assessmentOf,
  openMemoryTestbed,
  openRegistry,
  refusalIn,
  refusalOf,
  type Testbed,
} from './testing/service.ts'

const occurredOn = '2026-01-31'
let bed: Testbed
let asnId: string

beforeEach(async () => {
  const employees = openRegistry()
  asnId = employees.register()
  bed = await openMemoryTestbed('2026-02-01T00:00:00Z', { employees })
})
afterEach(() => bed.close())

const rsud = () => bed.assessments('rsud-daya')
const by = (assessorId: string, of = asnId) => ({
  requestId: randomUUID(),
  assessment: { ...assessmentOf(of), occurredOn, assessorId },
})
type Sent = ReturnType<typeof by>

async function* only(sent: Sent) {
  yield sent
}

/** By each call that takes an assessment; undefined where it was stored. */
const ways: Readonly<Record<string, (sent: Sent) => Promise<unknown>>> = {
  SubmitAssessment: sent => rsud().submitAssessment(sent),
  SubmitAssessments: async sent => {
    for await (const { outcome } of rsud().submitAssessments(only(sent))) {
      if (outcome.case === 'refused') throw errorOf(outcome.value)
    }
  },
  CorrectAssessment: async sent => {
    const wrong = { ...sent, assessment: assessmentOf(sent.assessment.asnId) }
    const submitted = { ...wrong, requestId: randomUUID() }
    const { assessmentId } = await rsud().submitAssessment(submitted)
    await rsud().correctAssessment({ ...sent, assessmentId, reason: 'salah asesor' })
  },
}

const outcomeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'stored',
    error => refusalIn(error).reason,
  )

describe.each(Object.entries(ways))('by %s, who assesses', (_, send) => {
  test('is on the register, and is seen there at once', async () => {
    const assessorId = randomUUID()
    expect(await refusalOf(send(by(assessorId)))).toMatchObject({
      ...{ code: 'NOT_FOUND', reason: 'ASSESSOR_UNKNOWN' },
    })
    bed.employees.putAssessor({ since: '2024-03-01' }, assessorId)
    expect(await outcomeOf(send(by(assessorId)))).toBe('stored')
  })

  test('was on the register on the day of the assessment', async () => {
    const days = { since: '2026-01-31', until: '2026-01-31' }
    expect(await outcomeOf(send(by(bed.employees.putAssessor(days))))).toBe('stored')
    for (const off of [{ since: '2026-02-01' }, { since: '2024-03-01', until: '2026-01-30' }]) {
      const refusal = await refusalOf(send(by(bed.employees.putAssessor(off))))
      expect(refusal).toMatchObject({
        ...{ code: 'FAILED_PRECONDITION', reason: 'ASSESSOR_OFF_REGISTER' },
        metadata: { since: off.since, until: off.until ?? '' },
      })
    }
  })

  test('is not who is assessed, by whichever record', async () => {
    const duplicate = bed.employees.register()
    const [own, other] = [asnId, duplicate].map(asnId =>
      bed.employees.putAssessor({ since: '2024-03-01', asnId }),
    ) as [string, string]
    expect(await outcomeOf(send(by(own)))).toBe('ASSESSOR_IS_ASSESSED')
    expect(await outcomeOf(send(by(asnId)))).toBe('ASSESSOR_IS_ASSESSED') // The record itself.
    expect(await outcomeOf(send(by(other)))).toBe('stored')
    bed.employees.merge(duplicate, asnId)
    expect(await outcomeOf(send(by(other)))).toBe('ASSESSOR_IS_ASSESSED')
  })
})

describe('an assessor who is accredited', () => {
  const since = '2024-03-01'
  const warningsOf = async (assessorId: string, level: number) => {
    const { requestId, assessment } = by(assessorId)
    const sent = { requestId, assessment: { ...assessment, level } }
    const { assessmentId, warnings } = await rsud().submitAssessment(sent)
    const streamed = await Array.fromAsync(
      rsud().submitAssessments(only({ ...sent, requestId: randomUUID() })),
    )
    expect(streamed.map(answer => answer.warnings)).toEqual([warnings])
    const correction = { ...sent, requestId: randomUUID(), assessmentId, reason: 'salah bukti' }
    expect((await rsud().correctAssessment(correction)).warnings).toEqual(warnings)
    return warnings
  }

  test('is warned of above that level, by the newest that holds on the day', async () => {
    const accreditations = [{ since, level: 2 }]
    const assessorId = bed.employees.putAssessor({ since, accreditations })
    expect(await warningsOf(assessorId, 2)).toEqual([])
    expect(await warningsOf(assessorId, 3)).toEqual([
      'assessment.level: is above level 2, the highest that the assessor is accredited for: ' +
        'look at it',
    ])
    const higher = [...accreditations, { since: '2025-01-01', level: 4 }]
    expect(
      await warningsOf(bed.employees.putAssessor({ since, accreditations: higher }), 3),
    ).toEqual([])
  })

  test('is warned of on a day without; one who never was is not', async () => {
    const ended = [{ since, until: '2026-01-30' }]
    expect(
      await warningsOf(bed.employees.putAssessor({ since, accreditations: ended }), 1),
    ).toEqual(['assessment.assessor_id: was accredited, and not on that day: look at it'])
    const all = [{ since, until: occurredOn }]
    expect(await warningsOf(bed.employees.putAssessor({ since, accreditations: all }), 5)).toEqual(
      [],
    )
    expect(await warningsOf(bed.employees.putAssessor({ since }), 5)).toEqual([])
  })
})

describe('an assessor', () => {
  test('is asked about once a second, however many name them', async () => {
    const assessorId = bed.employees.putAssessor({ since: '2024-03-01' })
    const people = Array.from({ length: 300 }, () => bed.employees.register())
    async function* all() {
      for (const each of people) yield by(assessorId, each)
    }
    const outcomes = await Array.fromAsync(rsud().submitAssessments(all()))
    expect(outcomes.filter(({ outcome }) => outcome.case === 'recorded')).toHaveLength(300)
    expect(bed.employees.asked.assessors).toBeLessThan(bed.employees.asked.resolve + 10)
  })

  test('who has ended since changes nothing of what is stored', async () => {
    const assessorId = bed.employees.putAssessor({ since: '2024-03-01' })
    const sent = by(assessorId)
    const { recorded } = await rsud().submitAssessment(sent)
    bed.employees.putAssessor({ since: '2024-03-01', until: '2026-01-30' }, assessorId)
    await vi.waitFor(
      async () => {
        const refused = await outcomeOf(rsud().submitAssessment(by(assessorId)))
        expect(refused).toBe('ASSESSOR_OFF_REGISTER')
      },
      { timeout: 30_000, interval: 200 },
    )
    const again = await rsud().submitAssessment(sent)
    expect(again.recorded).toMatchObject({ repeated: true, entries: recorded?.entries })
  })

  test('whom nobody has registered changes nothing of what is stored', async () => {
    const assessorId = bed.employees.putAssessor({ since: '2024-03-01' })
    const sent = by(assessorId)
    const { assessmentId, recorded } = await rsud().submitAssessment(sent)
    const corrected = { ...by(assessorId), assessmentId, reason: 'salah level' }
    const { recorded: correction } = await rsud().correctAssessment(corrected)
    bed.employees.removeAssessor(assessorId) // As in a log of before there was a register.
    await vi.waitFor(
      async () =>
        expect(await outcomeOf(rsud().submitAssessment(by(assessorId)))).toBe('ASSESSOR_UNKNOWN'),
      { timeout: 30_000, interval: 200 },
    )
    const again = await rsud().submitAssessment(sent)
    expect(again.recorded).toMatchObject({ repeated: true, entries: recorded?.entries })
    const correctedAgain = await rsud().correctAssessment(corrected)
    expect(correctedAgain.recorded).toMatchObject({
      ...{ repeated: true, entries: correction?.entries },
    })
    for await (const { outcome } of rsud().submitAssessments(only(sent))) {
      expect(outcome).toMatchObject({ case: 'recorded', value: { repeated: true } })
    }
  })
})
