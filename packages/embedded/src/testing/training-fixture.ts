import { Phase } from '@jejak/proto/jejak/assessment/v1/assessment'
import { builtInRuleSets } from '@jejak/rules/built-in'
import type { RuleKind } from '@jejak/rules/kinds'
import { v7 } from 'uuid'
import { assessorId, eventually, type Testbed } from './testbed.ts'

export const agencies = ['rsud-daya', 'dinkes', 'disdukcapil'] as const
export const framework = 'permenpanrb-38-2017'
export const position = 'perawat-ahli-pertama'
export const since = '2020-01-01'
export const reason = 'salah input'

/** A person, and the ids of one of everything that the services record of a person. */
export type FixturePerson = {
  /** The name of the person in a failing test. */
  readonly label: string
  /** The id of the surviving record. */
  readonly asnId: string
  /** The id of the record that is asked for, which may have been merged into another. */
  readonly recordId: string
  /** The agency of their posting today. */
  readonly agency: string
  /** The agency that submitted the assessment. */
  readonly assessedBy: string
  readonly nip: string
  readonly name: string
  /** A completed enrollment, with a certificate. */
  readonly enrollmentId: string
  readonly certificateId: string
  readonly cohortId: string
  readonly programId: string
  /** An enrollment that is not approved yet. */
  readonly nominationId: string
  readonly assessmentId: string
  readonly contestId: string
  readonly learningId: string
}

export const written = () => ({ requestId: v7() })

let serial = 0
const dayMs = 86_400_000
/** A person who is not registered. Each call makes another one. */
export const newPerson = () => {
  const birthDate = new Date(serial++ * dayMs).toISOString().slice(0, 10)
  const nip = `${birthDate.replaceAll('-', '')}1995011001`
  return { nip, name: `Pegawai nomor ${serial} seluruhnya`, birthDate }
}

export const assessmentOf = (asnId: string) => ({
  asnId,
  framework,
  competency: 'integritas',
  level: 3,
  method: 'uji-kompetensi',
  phase: Phase.AFTER_TRAINING,
  assessorId,
  occurredOn: '2026-05-20',
  evidence: [{ sha256: 'ab'.repeat(32) }],
})

let certificates = 0
/** A course elsewhere. Each call has another certificate. */
export const learningOf = () => ({
  form: 16,
  title: 'E-learning keselamatan pasien',
  organiser: 'Kemenkes',
  startsOn: '2026-04-01',
  endsOn: '2026-04-02',
  sessions: [{ on: '2026-04-01', minutes: 90 }],
  claimedJp: 2,
  abroad: false,
  certificateNumber: `${++certificates}/KEMENKES/2026`,
  certifiedOn: '2026-04-10',
  evidence: [{ sha256: 'ab'.repeat(32), archive: 'srikandi', identifier: 'SPT-2026-1142' }],
  forPosition: 'perawat',
})

type FixtureBed = Pick<Testbed, 'as' | 'issue'>

/** Publishes a programme of one module of `jp` hours, and opens a cohort of it. */
export const openCohort = async (bed: FixtureBed, hr: string, jp: number) => {
  const { programs } = bed.as(hr)
  const module = { code: 'mutu', title: 'Mutu Layanan', jp, practiceJp: 0 }
  const targets = [{ framework, competency: 'integritas', level: 3 }]
  const named = { code: 'mrs-2026', title: 'Manajemen Rumah Sakit', field: 'kesehatan' }
  const program = { ...named, targets, modules: [module], validityMonths: 36 }
  const { programId } = await programs.publishProgram({ ...written(), program })
  const days = { startsOn: '2026-05-01', endsOn: '2026-05-15' }
  const cohort = { programId, title: 'Angkatan I', ...days, capacity: 1_000 }
  const { cohortId } = await programs.openCohort({ ...written(), cohort })
  return { programId, cohortId }
}

/** Trains people of two agencies: two stay, one moves, one was recorded twice, one is erased. */
export const recordTraining = async (bed: FixtureBed) => {
  const hr = bed.issue({ role: 'hr' })
  const office = bed.as(hr)
  const training = await openCohort(bed, hr, 8)
  const longer = await openCohort(bed, hr, 1_000)

  const enter = async (label: string, agency: string): Promise<FixturePerson> => {
    const own = bed.as(bed.issue({ role: 'agency', agency }))
    const person = newPerson()
    const posting = { agency, position, since }
    const registration = { ...written(), person, posting }
    const { asnId } = await office.employees.registerEmployee(registration)
    const self = bed.as(bed.issue({ role: 'asn', asnId }))
    const nominate = async (cohortId: string) =>
      (await own.enrollments.nominate({ ...written(), cohortId, asnId })).enrollmentId
    const enrollmentId = await nominate(training.cohortId)
    const about = () => ({ ...written(), enrollmentId })
    await office.enrollments.approve(about())
    const session = { module: 'mutu', heldOn: '2026-05-02', jp: 8 }
    await own.enrollments.recordAttendance({ ...about(), ...session })
    await office.enrollments.complete({ ...about(), completedOn: '2026-05-15' })
    const learned = { ...written(), asnId, learning: learningOf() }
    const { learningId } = await own.learning.recordLearning(learned)
    const submission = { ...written(), assessment: assessmentOf(asnId) }
    const { assessmentId } = await own.assessments.submitAssessment(submission)
    const contest = { ...written(), asnId, assessmentId, statement: 'Saya cuti.' }
    const { contestId } = await self.assessments.contestAssessment(contest)
    const certificate = await eventually(
      async () => (await office.certificates.listCertificates({ asnId })).certificates[0],
    )
    const ids = {
      asnId,
      recordId: asnId,
      enrollmentId,
      assessmentId,
      contestId,
      learningId,
      ...training,
    }
    const { certificateId } = certificate
    const nominationId = await nominate(longer.cohortId)
    return { label, ...person, ...ids, agency, assessedBy: agency, nominationId, certificateId }
  }

  const [stays, other, moves] = [
    await enter('stays', 'rsud-daya'),
    await enter('is of the other agency', 'dinkes'),
    await enter('moved', 'rsud-daya'),
  ]
  const [twice, erased] = [
    await enter('was recorded twice', 'rsud-daya'),
    await enter('was erased', 'rsud-daya'),
  ]
  const posting = { agency: 'dinkes', position, since: '2026-06-01' }
  await office.employees.postEmployee({ ...written(), asnId: moves.asnId, posting })
  const merge = { survivorId: other.asnId, duplicateId: twice.recordId, reason }
  await office.employees.mergeEmployees({ ...written(), ...merge })
  await office.employees.eraseEmployee({ ...written(), ...erasureOf(erased.asnId) })
  return {
    ...training,
    people: [
      stays,
      other,
      { ...moves, agency: 'dinkes' },
      { ...twice, agency: 'dinkes', asnId: other.asnId },
      erased,
    ] as readonly FixturePerson[],
    erased,
  }
}

/** Somebody who still serves is erased by a decision that overrides retention. */
export const erasureOf = (asnId: string) => ({
  asnId,
  basis: 'UU 27/2022 Pasal 43',
  disposition: 'dinilai-kembali',
  overrideReason: 'Putusan PTUN 12/G/2026',
})

/** Ids and a NIP that are not recorded anywhere. */
export const unregistered = (): FixturePerson => ({
  label: 'is not registered',
  ...newPerson(),
  asnId: v7(),
  recordId: v7(),
  agency: 'disdukcapil',
  assessedBy: 'disdukcapil',
  enrollmentId: v7(),
  certificateId: v7(),
  cohortId: v7(),
  programId: v7(),
  nominationId: v7(),
  assessmentId: v7(),
  contestId: v7(),
  learningId: v7(),
})

/** Rules of contests as they come with Jejak, as another file. */
export const ruleFile = (id: string): string => {
  const contest = builtInRuleSets().find(({ set }) => set.kind === 'contest')
  return (contest?.content ?? '').replace(/^id: .*$/m, `id: ${id}`)
}

/** The file of a kind that comes with Jejak, with another id and one change. */
export const changedRules = (
  kind: RuleKind,
  id: string,
  from: string | RegExp,
  to: string,
  validFrom = '2027-01-01',
): string => {
  const content = builtInRuleSets().findLast(({ set }) => set.kind === kind)?.content ?? ''
  const changed = content.replace(from, to)
  if (changed === content) throw new Error(`nothing to change in ${kind}: ${from}`)
  return changed
    .replace(/^id: .*$/m, `id: ${id}`)
    .replace(/^validFrom: .*$/m, `validFrom: ${validFrom}`)
}
