import { errorOf } from '@jejak/rpc/error'
import { v7 } from 'uuid'
import { panel, type Services } from './testbed.ts'
import {
  assessmentOf,
  erasureOf,
  type FixturePerson,
  framework,
  learningOf,
  newPerson,
  position,
  reason,
  ruleFile,
  since,
  written,
} from './training-fixture.ts'

type KeyOf<T> = T extends unknown ? keyof T & string : never
/** The methods of the protos: a new one does not compile until it has a request here. */
export type MethodName = Capitalize<KeyOf<Services[keyof Services]>>

const accreditation = { title: 'Asesor SDM Aparatur', issuer: 'BKN', level: 4, since }

type Make = (
  services: Services,
  of: FixturePerson,
  /** The person of calls that can't be undone. */
  spared: FixturePerson,
) => Promise<unknown>

const streamOf = (recordId: string) => ({
  service: 'reporting',
  log: 'enrollment',
  stream: `employee/${recordId}`,
})

/** A well-formed request of each method, about a person. */
const punishments = [{ level: 'ringan', on: '2019-02-02' }]
const qualification = { education: 'S-1', field: 'Keperawatan', graduatedOn: '2010-08-01' }

export const everyCall: Readonly<Record<MethodName, Make>> = {
  RegisterEmployee: ({ employees }, { agency }) =>
    employees.registerEmployee({
      ...written(),
      person: newPerson(),
      posting: { agency, position, since },
    }),
  ChangeNip: ({ employees }, { nip }, { recordId: asnId }) =>
    employees.changeNip({ ...written(), asnId, nip, reason, since }),
  CorrectPersonalData: ({ employees }, _, { recordId: asnId }) => {
    const correction = { asnId, person: { name: 'Sitti' }, cleared: ['phone'], reason }
    return employees.correctPersonalData({ ...written(), ...correction, subjectRequestId: v7() })
  },
  MergeEmployees: ({ employees }, _, { recordId: duplicateId }) =>
    employees.mergeEmployees({ ...written(), duplicateId, survivorId: v7(), reason }),
  PostEmployee: ({ employees }, { agency }, { recordId: asnId }) =>
    employees.postEmployee({ ...written(), asnId, posting: { agency, position, since } }),
  EraseEmployee: ({ employees }, _, { recordId: asnId }) =>
    employees.eraseEmployee({
      ...written(),
      ...erasureOf(asnId),
      lastDayOfService: since,
    }),
  GetEmployee: ({ employees }, { recordId: asnId }) => employees.getEmployee({ asnId }),
  LookUpEmployee: ({ employees }, { nip }) => employees.lookUpEmployee({ nip }),
  ListEmployees: ({ employees }, { agency }) => employees.listEmployees({ agency }),

  FileSubjectRequest: ({ subjectRequests }, { recordId: asnId }) =>
    subjectRequests.fileSubjectRequest({
      ...{ ...written(), asnId, kind: 'copy', statement: 'Mohon salinan.' },
    }),
  AnswerSubjectRequest: ({ subjectRequests }) =>
    subjectRequests.answerSubjectRequest({
      ...{ ...written(), subjectRequestId: v7(), outcome: 'refused', reason },
    }),
  ListSubjectRequests: ({ subjectRequests }, { recordId: asnId }) =>
    subjectRequests.listSubjectRequests({ asnId }),
  RegisterAgency: ({ agencies }) =>
    agencies.registerAgency({
      ...written(),
      ...{ agency: `dinas-${v7()}`, title: 'Dinas Baru', since, basis: 'Perda 1/2020' },
    }),
  RenameAgency: ({ agencies }) =>
    agencies.renameAgency({
      ...written(),
      ...{ agency: 'dispar', title: 'Dinas Wisata', since, basis: 'Perda 1/2020' },
    }),
  CloseAgency: ({ agencies }) =>
    agencies.closeAgency({
      ...written(),
      ...{ agency: 'disbud', successor: 'dispar', since, basis: 'Perda 1/2020' },
    }),
  ListAgencies: ({ agencies }) => agencies.listAgencies({}),
  RegisterAssessor: ({ assessors }, _, { recordId: asnId }) =>
    assessors.registerAssessor({ ...written(), asnId, since, accreditation }),
  AccreditAssessor: ({ assessors }) =>
    assessors.accreditAssessor({ ...written(), assessorId: v7(), accreditation }),
  EndAssessor: ({ assessors }) =>
    assessors.endAssessor({ ...written(), assessorId: v7(), until: since, reason }),
  EraseAssessor: ({ assessors }) =>
    assessors.eraseAssessor({ ...written(), assessorId: v7(), basis: 'UU 27/2022 Pasal 43' }),
  ListAssessors: ({ assessors }) => assessors.listAssessors({}),
  AdoptRuleSet: ({ rules }) =>
    rules.adoptRuleSet({ ...written(), content: ruleFile(`uji-${v7()}`) }),
  ListRuleSets: ({ rules }) => rules.listRuleSets({ kind: 'contest' }),
  GetRuleSet: ({ rules }) => rules.getRuleSet({ kind: 'contest', on: '2026-01-01' }),
  RecordCareer: ({ career }, { asnId }) =>
    career.recordCareer({
      ...{ ...written(), asnId, qualification, source: 'SIASN' },
      performance: { year: 2025, assessedOn: '2026-01-20', predicate: 'baik' },
      structuralTraining: { training: '2', completedOn: since },
    }),
  ListCareer: ({ career }, { asnId }) => career.listCareer({ asnId }),
  StateDiscipline: ({ career }, { asnId }) =>
    career.stateDiscipline({ ...written(), asnId, asOf: since, source: 'SIASN', punishments }),
  GetDiscipline: ({ career }, { asnId }) => career.getDiscipline({ asnId }),
  FileClaim: ({ claims }, { agency }) =>
    claims.fileClaim({
      ...written(),
      person: newPerson(),
      posting: { agency, position, since },
      reason,
    }),
  ListClaims: ({ claims }) => claims.listClaims({}),
  DecideClaim: ({ claims }) =>
    claims.decideClaim({ ...written(), claimId: v7(), upheld: true, reason }),

  RecordLearning: ({ learning }, { recordId: asnId }) =>
    learning.recordLearning({ ...written(), asnId, learning: learningOf() }),
  RevokeLearning: ({ learning }, { learningId }) =>
    learning.revokeLearning({ ...written(), learningId, since: '2026-05-20', reason }),
  ListLearning: ({ learning }, { recordId: asnId }) => learning.listLearning({ asnId }),

  PublishProgram: ({ programs }) => {
    const modules = [{ code: 'mutu', title: 'Mutu', jp: 8, practiceJp: 0 }]
    const targets = [{ framework, competency: 'integritas', level: 3 }]
    const named = { code: 'mrs-2027', title: 'Manajemen', field: 'kesehatan' }
    const program = { ...named, modules, targets, validityMonths: 12 }
    return programs.publishProgram({ ...written(), program })
  },
  GetProgram: ({ programs }, { programId }) => programs.getProgram({ programId }),
  ListPrograms: ({ programs }) => programs.listPrograms({}),
  OpenCohort: ({ programs }, { programId }) => {
    const days = { startsOn: '2026-05-01', endsOn: '2026-05-15' }
    const cohort = { programId, title: 'Angkatan II', ...days, capacity: 10 }
    return programs.openCohort({ ...written(), cohort })
  },
  GetCohort: ({ programs }, { cohortId }) => programs.getCohort({ cohortId }),

  Nominate: ({ enrollments }, { recordId: asnId, cohortId }) =>
    enrollments.nominate({ ...written(), cohortId, asnId }),
  Approve: ({ enrollments }, { nominationId: enrollmentId }) =>
    enrollments.approve({ ...written(), enrollmentId }),
  Refuse: ({ enrollments }, { nominationId: enrollmentId }) =>
    enrollments.refuse({ ...written(), enrollmentId, reason }),
  RecordAttendance: ({ enrollments }, { nominationId: enrollmentId }) =>
    enrollments.recordAttendance({
      ...written(),
      enrollmentId,
      module: 'mutu',
      heldOn: '2026-05-02',
      jp: 8,
    }),
  Complete: ({ enrollments }, { nominationId: enrollmentId }) =>
    enrollments.complete({ ...written(), enrollmentId, completedOn: '2026-05-15' }),
  Withdraw: ({ enrollments }, { nominationId: enrollmentId }) =>
    enrollments.withdraw({ ...written(), enrollmentId, reason }),
  GetEnrollment: ({ enrollments }, { enrollmentId }) => enrollments.getEnrollment({ enrollmentId }),
  ListEnrollments: ({ enrollments }, { recordId: asnId }) => enrollments.listEnrollments({ asnId }),

  SubmitAssessment: ({ assessments }, { recordId }) =>
    assessments.submitAssessment({ ...written(), assessment: assessmentOf(recordId) }),
  SubmitAssessments: async ({ assessments }, { recordId }) => {
    const items = async function* () {
      yield { ...written(), assessment: assessmentOf(recordId) }
    }
    const [answer] = await Array.fromAsync(assessments.submitAssessments(items()))
    if (answer?.outcome.case === 'refused') throw errorOf(answer.outcome.value)
    return answer
  },
  CorrectAssessment: ({ assessments }, { recordId, assessmentId }) =>
    assessments.correctAssessment({
      ...written(),
      assessmentId,
      assessment: assessmentOf(recordId),
      reason,
    }),
  ContestAssessment: ({ assessments }, { recordId: asnId, assessmentId }) =>
    assessments.contestAssessment({ ...written(), asnId, assessmentId, statement: 'Saya cuti.' }),
  ResolveContest: ({ assessments }, { recordId: asnId, contestId }) =>
    assessments.resolveContest({ ...written(), asnId, contestId, upheld: false, reason, panel }),
  AllowLateContest: ({ assessments }, { recordId: asnId, assessmentId }) =>
    assessments.allowLateContest({
      ...written(),
      asnId,
      assessmentId,
      until: '2099-12-31',
      reason,
    }),
  ListContests: ({ assessments }, { agency }) => assessments.listContests({ agency }),
  ListAssessments: ({ assessments }, { recordId: asnId }) => assessments.listAssessments({ asnId }),
  GetCompetencyProfile: ({ assessments }, { recordId: asnId }) =>
    assessments.getCompetencyProfile({ asnId }),

  RegisterArchive: ({ archives }) => {
    const archive = { code: `arsip-${v7()}`, title: 'Arsip', from: since, until: '2026-12-31' }
    return archives.registerArchive({ ...written(), archive })
  },
  ListArchives: ({ archives }) => archives.listArchives({}),

  PublishFramework: ({ frameworks }) => {
    const levels = [{ level: 1, description: 'Dasar', indicators: ['Menyebutkan warna'] }]
    const competencies = [{ code: 'triase', title: 'Triase', kind: 'teknis', levels }]
    const named = { frameworkId: `kamus-${v7()}`, title: 'Kamus', legalBasis: 'Perwali 1/2026' }
    const affair = { id: '40', title: 'Kesehatan' }
    const scale = [{ level: 1, title: 'Dasar' }]
    const content = { ...named, validFrom: since, sample: true, affair, scale, competencies }
    return frameworks.publishFramework({ ...written(), framework: content })
  },
  GetFramework: ({ frameworks }) => frameworks.getFramework({ frameworkId: framework }),
  ListFrameworks: ({ frameworks }) => frameworks.listFrameworks({}),
  RetireCompetency: ({ frameworks }) => {
    const successor = { framework, competency: 'kerja-sama' }
    const retirement = { competency: 'komunikasi', since: '2030-01-01', reason, successor }
    return frameworks.retireCompetency({ ...written(), frameworkId: framework, retirement })
  },
  EquateCompetencies: ({ frameworks }) => {
    const other = { framework: 'sampel-pencatatan-sipil', competency: 'pelayanan-daring' }
    const equivalents = [{ competency: 'pelayanan-publik', relation: 'narrower', other, reason }]
    return frameworks.equateCompetencies({ ...written(), frameworkId: framework, equivalents })
  },
  ResolveCompetency: ({ frameworks }) =>
    frameworks.resolveCompetency({ frameworkId: framework, competency: 'integritas' }),
  SetStandard: ({ frameworks }) => {
    const requirements = [{ framework, competency: 'integritas', level: 2 }]
    const standard = { position: 'dokter', validFrom: since, legalBasis: 'Perwali 1/2026' }
    return frameworks.setStandard({ ...written(), standard: { ...standard, requirements } })
  },
  GetStandard: ({ frameworks }) => frameworks.getStandard({ position }),

  GetCertificate: ({ certificates }, { certificateId }) =>
    certificates.getCertificate({ certificateId }),
  ListCertificates: ({ certificates }, { recordId: asnId }) =>
    certificates.listCertificates({ asnId }),
  RevokeCertificate: ({ certificates }, { certificateId }) =>
    certificates.revokeCertificate({ ...written(), certificateId, reason }),
  ExplainCertification: ({ certificates }, { enrollmentId }) =>
    certificates.explainCertification({ enrollmentId }),

  ReadStream: ({ history }, { recordId }) =>
    Array.fromAsync(history.readStream({ log: 'enrollment', stream: `employee/${recordId}` })),
  ReadLog: ({ history }) => Array.fromAsync(history.readLog({ log: 'enrollment' })),
  GetCheckpoint: ({ history }) => history.getCheckpoint({ log: 'enrollment' }),
  GetInclusionProof: ({ history }) =>
    history.getInclusionProof({ log: 'enrollment', index: 0n, size: 1n }),
  GetConsistencyProof: ({ history }) =>
    history.getConsistencyProof({ log: 'enrollment', olderSize: 1n, size: 2n }),

  ListParked: ({ parked }) => parked.listParked({ service: 'reporting' }),
  GetParked: ({ parked }, { recordId }) => parked.getParked(streamOf(recordId)),
  RetryParked: ({ parked }, { recordId }) => parked.retryParked(streamOf(recordId)),
  DiscardParked: ({ parked }, { recordId }) =>
    parked.discardParked({ ...written(), ...streamOf(recordId), version: 1, reason }),
}
