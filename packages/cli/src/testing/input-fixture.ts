import {
  assessorId,
  type Clients,
  openTestbed,
  refusalDetailsOf,
  type Testbed,
} from '@jejak/embedded/testing/testbed'
import { erasureOf } from '@jejak/embedded/testing/training-fixture'
import { Phase } from '@jejak/proto/jejak/assessment/v1/assessment'
import { v7 } from 'uuid'

/** A NIP that somebody has, and one that nobody has. */
export const nip = '199001012015012901'
export const freeNip = '199001012015012777'
export const stranger = '019b8bab-0680-75be-8eaf-000000000000'

/** A registration in which nothing is wrong. */
export const registration = (nip: string, agency = 'rsud-daya') => ({
  requestId: v7(),
  person: { nip, name: 'Andi Tenri', birthDate: '1990-01-01' },
  posting: { agency, unit: '', position: 'perawat-ahli-pertama', since: '2015-01-01' },
})

/** An assessment in which nothing is wrong. */
export const assessment = () => ({
  framework: 'permenpanrb-38-2017',
  competency: 'integritas',
  level: 3,
  method: 'uji-kompetensi',
  phase: Phase.BASELINE,
  assessorId,
  occurredOn: '2026-03-31',
  evidence: [{ sha256: 'ab'.repeat(32) }],
})

export const program = () => ({
  code: 'mrs-2026',
  title: 'Manajemen Rumah Sakit',
  field: 'kesehatan',
  targets: [{ framework: 'permenpanrb-38-2017', competency: 'integritas', level: 3 }],
  modules: [
    { code: 'mutu', title: 'Mutu layanan', jp: 12, practiceJp: 6 },
    { code: 'etika', title: 'Etika kerja', jp: 4, practiceJp: 0 },
  ],
  validityMonths: 36,
})
export const dictionary = () => ({
  frameworkId: 'kamus-uji',
  title: 'Kamus uji',
  legalBasis: 'Perwali 1/2026',
  validFrom: '2026-01-01',
  sample: true,
  competencies: [{ code: 'triase', title: 'Triase', kind: 'teknis' }],
})
export const standard = () => ({
  position: 'penguji',
  validFrom: '2026-01-01',
  legalBasis: 'Perwali 1/2026',
  requirements: [{ framework: 'permenpanrb-38-2017', competency: 'integritas', level: 3 }],
})

/** Clients by caller. */
type Who = Record<'agency' | 'hr' | 'asn' | 'ministry' | 'revoked', Clients> & {
  readonly system: Testbed
}

/** A training, requests in which nothing is wrong, and who may call. The day is 2026-06-01. */
export const inputFixture = () => {
  const who = {} as Who
  /** The ids of the people and things of the fixture, by name. */
  const ids = {
    employee: '',
    elsewhere: '',
    erased: '',
    program: '',
    cohort: '',
    enrollment: '',
    waiting: '',
    assessment: '',
  }
  const cohort = () => ({
    programId: ids.program,
    title: 'Angkatan I',
    startsOn: '2026-02-02',
    endsOn: '2026-03-31',
    capacity: 1,
  })
  const submit = (change: object, requestId = v7()) =>
    who.agency.assessments.submitAssessment({
      requestId,
      assessment: { ...assessment(), asnId: ids.employee, ...change },
    })
  const publish = (change: object) =>
    who.hr.programs.publishProgram({ requestId: v7(), program: { ...program(), ...change } })
  const openCohort = (change: object) =>
    who.hr.programs.openCohort({ requestId: v7(), cohort: { ...cohort(), ...change } })
  const registered = async (number: string, agency = 'rsud-daya') =>
    (await who.hr.employees.registerEmployee(registration(number, agency))).asnId
  const nominated = async (asnId: string) => {
    const nomination = { requestId: v7(), cohortId: ids.cohort, asnId }
    return (await who.hr.enrollments.nominate(nomination)).enrollmentId
  }
  const open = async () => {
    const system = await openTestbed({ clock: () => Date.parse('2026-06-01T00:00:00Z') })
    const { tokens, as } = system
    const taken = tokens.issue({ role: 'hr' })
    tokens.revoke(taken.principal.id)
    Object.assign(who, {
      system,
      agency: as(tokens.issue({ role: 'agency', agency: 'rsud-daya' }).token),
      hr: as(tokens.issue({ role: 'hr' }).token),
      ministry: as(tokens.issue({ role: 'ministry' }).token),
      revoked: as(taken.token),
    })
    ids.employee = await registered(nip)
    ids.elsewhere = await registered('199001012015012902', 'dinkes')
    ids.erased = await registered('199001012015012903')
    who.asn = as(tokens.issue({ role: 'asn', asnId: ids.employee }).token)
    await who.hr.employees.eraseEmployee({ requestId: v7(), ...erasureOf(ids.erased) })
    ids.program = (await publish({})).programId
    ids.cohort = (await openCohort({})).cohortId
    ids.enrollment = await nominated(ids.employee)
    ids.waiting = await nominated(ids.elsewhere)
    await who.hr.enrollments.approve({ requestId: v7(), enrollmentId: ids.enrollment })
    ids.assessment = (await submit({})).assessmentId
  }
  /** How a call is refused; fails if it is stored all the same. */
  const unchanged = async (call: () => Promise<unknown>) => {
    const before = await who.system.sizes()
    const error = await refusalDetailsOf(call())
    const after = await who.system.sizes()
    if (`${after}` !== `${before}`) throw new Error(`the logs went from ${before} to ${after}`)
    return error
  }
  return {
    who,
    ids,
    cohort,
    submit,
    publish,
    openCohort,
    open,
    unchanged,
    close: () => who.system.close(),
    /** A session of attendance. */
    session: () => ({
      requestId: v7(),
      enrollmentId: ids.enrollment,
      module: 'mutu',
      heldOn: '2026-02-03',
      jp: 4,
    }),
  }
}
