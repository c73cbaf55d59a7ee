import type { SubmitAssessmentResponse } from '@jejak/proto/jejak/assessment/v1/assessment'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestbed, type Testbed } from './testing/testbed.ts'
import { assessmentOf, newPerson, position, since, written } from './testing/training-fixture.ts'

const midJune = () => Date.parse('2026-06-15T02:00:00Z')

let bed: Testbed
beforeAll(async () => {
  bed = await openTestbed({ clockOf: () => midJune }) // Also of the log: an erasure has its day.
})
afterAll(() => bed.close())

const registered = async () => {
  const posting = { agency: 'dinkes', position, since }
  const { employees } = bed.as(bed.issue({ role: 'hr' }))
  return (await employees.registerEmployee({ ...written(), person: newPerson(), posting })).asnId
}

const outcomeOf = (answer: Promise<SubmitAssessmentResponse>) =>
  answer.then(
    ({ recorded }) => (recorded?.repeated ? 'stored before' : 'stored'),
    error => error.reason,
  )

/** Intake keeps what it knows of an assessor for a second. */
const soon = { timeout: 30_000 }

/** The register is that of enrollment, and intake is that of assessment: nothing is between. */
describe('an assessor', () => {
  test('is refused until HR registers them, and before and after their days', async () => {
    const hr = bed.as(bed.issue({ role: 'hr' }))
    const agency = bed.as(bed.issue({ role: 'agency', agency: 'dinkes' }))
    const asnId = await registered()
    const { requestId: assessorId } = written()
    const submit = (occurredOn: string, request = written()) => {
      const assessment = { ...assessmentOf(asnId), assessorId, occurredOn }
      return outcomeOf(agency.assessments.submitAssessment({ ...request, assessment }))
    }
    expect(await submit('2026-05-20')).toBe('ASSESSOR_UNKNOWN')
    const named = { assessorId, name: 'Dr. Halim', since: '2026-05-20' }
    await hr.assessors.registerAssessor({ ...written(), ...named })
    const request = written()
    expect(await submit('2026-05-19')).toBe('ASSESSOR_OFF_REGISTER')
    expect(await submit('2026-05-20', request)).toBe('stored')
    const end = { assessorId, until: '2026-05-20', reason: 'Pindah' }
    await hr.assessors.endAssessor({ ...written(), ...end })
    await expect.poll(() => submit('2026-05-21'), soon).toBe('ASSESSOR_OFF_REGISTER')
    expect(await submit('2026-05-20', request)).toBe('stored before')
  })

  test('does not assess themself, also by a record that is merged later', async () => {
    const hr = bed.as(bed.issue({ role: 'hr' }))
    const agency = bed.as(bed.issue({ role: 'agency', agency: 'dinkes' }))
    const [survivorId, duplicateId] = [await registered(), await registered()]
    const { assessorId } = await hr.assessors.registerAssessor({
      ...written(),
      asnId: duplicateId,
      since: '2026-01-01',
    })
    const submit = (asnId: string) => {
      const assessment = { ...assessmentOf(asnId), assessorId }
      return outcomeOf(agency.assessments.submitAssessment({ ...written(), assessment }))
    }
    expect(await submit(duplicateId)).toBe('ASSESSOR_IS_ASSESSED')
    expect(await submit(survivorId)).toBe('stored')
    const reason = 'terdaftar dua kali'
    await hr.employees.mergeEmployees({ ...written(), survivorId, duplicateId, reason })
    await expect.poll(() => submit(survivorId), soon).toBe('ASSESSOR_IS_ASSESSED')
  })

  test('assesses no more once they were erased, and what they have assessed stays', async () => {
    const hr = bed.as(bed.issue({ role: 'hr' }))
    const agency = bed.as(bed.issue({ role: 'agency', agency: 'dinkes' }))
    const [assessed, asnId] = [await registered(), await registered()]
    const { assessorId } = await hr.assessors.registerAssessor({
      ...{ ...written(), asnId, since: '2026-01-01' },
    })
    const submit = (request = written()) => {
      const assessment = { ...assessmentOf(assessed), assessorId, occurredOn: '2026-06-15' }
      return outcomeOf(agency.assessments.submitAssessment({ ...request, assessment }))
    }
    const request = written()
    expect(await submit(request)).toBe('stored')
    const erasure = { basis: 'UU 27/2022 Pasal 43', disposition: 'musnah' }
    const overrideReason = 'Putusan PTUN 12/G/2026'
    await hr.employees.eraseEmployee({ ...written(), asnId, ...erasure, overrideReason })
    await expect.poll(() => submit(), soon).toBe('ASSESSOR_OFF_REGISTER')
    expect(await submit(request)).toBe('stored before')
  })

  test('has accreditations, by which intake warns', async () => {
    const hr = bed.as(bed.issue({ role: 'hr' }))
    const agency = bed.as(bed.issue({ role: 'agency', agency: 'dinkes' }))
    const accreditation = { title: 'Asesor', issuer: 'BKN', level: 1, since: '2026-01-01' }
    const named = { name: 'Dr. Halim', since: '2026-01-01', accreditation }
    const { assessorId } = await hr.assessors.registerAssessor({ ...written(), ...named })
    const assessment = { ...assessmentOf(await registered()), assessorId, level: 2 }
    const { warnings } = await agency.assessments.submitAssessment({ ...written(), assessment })
    expect(warnings).toEqual([expect.stringContaining('assessment.level: is above level 1')])
  })
})
