import type { ArchiveService } from '@jejak/proto/jejak/assessment/v1/archive'
import type { AssessmentService } from '@jejak/proto/jejak/assessment/v1/assessment'
import type { FrameworkService } from '@jejak/proto/jejak/assessment/v1/framework'
import type { CertificateService } from '@jejak/proto/jejak/certification/v1/certificate'
import type { AgencyService } from '@jejak/proto/jejak/enrollment/v1/agency'
import type { AssessorService } from '@jejak/proto/jejak/enrollment/v1/assessor'
import type { CareerService } from '@jejak/proto/jejak/enrollment/v1/career'
import type { ClaimService } from '@jejak/proto/jejak/enrollment/v1/claim'
import type { DirectoryService } from '@jejak/proto/jejak/enrollment/v1/directory'
import type { EmployeeService, Person } from '@jejak/proto/jejak/enrollment/v1/employee'
import type { EnrollmentService } from '@jejak/proto/jejak/enrollment/v1/enrollment'
import type { LearningService } from '@jejak/proto/jejak/enrollment/v1/learning'
import type { ProgramService } from '@jejak/proto/jejak/enrollment/v1/program'
import type { RuleService } from '@jejak/proto/jejak/enrollment/v1/rules'
import type { SubjectRequestService } from '@jejak/proto/jejak/enrollment/v1/subject_request'
import type { HistoryService } from '@jejak/proto/jejak/history/v1/history'
import type { ParkedService } from '@jejak/proto/jejak/parked/v1/parked'

/**
 * What an answer gives out of people: the names of the fields that the read audit has it by; the
 * entries of a log as they are stored; or nothing. Nothing is also what the caller has just sent,
 * ids alone, and sums over an agency. What `services` alone may ask is nobody's reading.
 */
export type GivesOut = readonly [string, ...(readonly string[])] | 'entries' | 'nothing'

type PersonField = Exclude<keyof Person, '$typeName' | '$unknown'>

/** As enrollment has it, sealed. A new field of `Person` does not compile without its name here. */
const personal = {
  nip: true,
  name: true,
  birthDate: true,
  birthPlace: true,
  email: true,
  phone: true,
  bknId: true,
  sex: true,
} as const satisfies Readonly<Record<PersonField, true>>

const person = Object.keys(personal) as [PersonField, ...PersonField[]]

type Protos = [
  typeof EmployeeService,
  typeof SubjectRequestService,
  typeof CareerService,
  typeof ClaimService,
  typeof AgencyService,
  typeof AssessorService,
  typeof RuleService,
  typeof LearningService,
  typeof ProgramService,
  typeof EnrollmentService,
  typeof DirectoryService,
  typeof AssessmentService,
  typeof FrameworkService,
  typeof ArchiveService,
  typeof CertificateService,
  typeof HistoryService,
  typeof ParkedService,
]
type KeyOf<T> = T extends unknown ? keyof T & string : never

/** The methods of the protos. */
export type RpcName = Capitalize<KeyOf<Protos[number]['method']>>

/** Of every method: a new one does not compile until it is here. */
export const givenByRpc = {
  RegisterEmployee: 'nothing',
  ChangeNip: 'nothing',
  CorrectPersonalData: 'nothing',
  MergeEmployees: 'nothing',
  PostEmployee: 'nothing',
  EraseEmployee: 'nothing',
  GetEmployee: person,
  LookUpEmployee: person,
  ListEmployees: person,

  FileSubjectRequest: 'nothing',
  AnswerSubjectRequest: 'nothing',
  ListSubjectRequests: ['requests', 'statement'],

  RecordCareer: 'nothing',
  ListCareer: ['qualification', 'performance', 'structuralTraining'],
  StateDiscipline: 'nothing',
  GetDiscipline: ['discipline'],

  FileClaim: 'nothing',
  ListClaims: person,
  DecideClaim: 'nothing',

  RegisterAgency: 'nothing',
  RenameAgency: 'nothing',
  CloseAgency: 'nothing',
  ListAgencies: 'nothing',

  RegisterAssessor: 'nothing',
  AccreditAssessor: 'nothing',
  EndAssessor: 'nothing',
  EraseAssessor: 'nothing',
  ListAssessors: ['name'],
  AdoptRuleSet: 'nothing',
  GetRuleSet: 'nothing',
  ListRuleSets: 'nothing',

  RecordLearning: 'nothing',
  RevokeLearning: 'nothing',
  ListLearning: ['learning'],

  PublishProgram: 'nothing',
  GetProgram: 'nothing',
  ListPrograms: 'nothing',
  OpenCohort: 'nothing',
  GetCohort: 'nothing',

  Nominate: 'nothing',
  Approve: 'nothing',
  Refuse: 'nothing',
  RecordAttendance: 'nothing',
  Complete: 'nothing',
  Withdraw: 'nothing',
  GetEnrollment: ['enrollments'],
  ListEnrollments: ['enrollments'],

  ResolveEmployees: 'nothing', // For services, as GetSubjectKeys.
  GetSubjectKeys: 'nothing',
  FindOpenClaims: 'nothing',

  SubmitAssessment: 'nothing',
  SubmitAssessments: 'nothing',
  CorrectAssessment: 'nothing',
  ContestAssessment: 'nothing',
  AllowLateContest: 'nothing',
  ResolveContest: 'nothing',
  ListContests: ['contests'],
  ListAssessments: ['assessments'],
  GetCompetencyProfile: ['levels'],

  RegisterArchive: 'nothing',
  ListArchives: 'nothing',
  PublishFramework: 'nothing',
  GetFramework: 'nothing',
  ListFrameworks: 'nothing',
  RetireCompetency: 'nothing',
  EquateCompetencies: 'nothing',
  ResolveCompetency: 'nothing',
  SetStandard: 'nothing',
  GetStandard: 'nothing',

  GetCertificate: ['certificates'],
  ListCertificates: ['certificates'],
  RevokeCertificate: 'nothing',
  ExplainCertification: ['enrollments', 'levels'],

  ReadStream: 'entries',
  ReadLog: 'entries',
  GetCheckpoint: 'nothing',
  GetInclusionProof: 'nothing',
  GetConsistencyProof: 'nothing',

  ListParked: 'nothing',
  GetParked: 'entries',
  RetryParked: 'nothing',
  DiscardParked: 'nothing',
} as const satisfies Readonly<Record<RpcName, GivesOut>>

/** Of every report over HTTP, by its `operationId`: a route without a row does not compile. */
export const givenByReport = {
  searchPerson: person,
  getPerson: person,
  getHistory: [...person, 'statement', 'history'],
  listReads: ['reads'],
  listPeople: person,
  getGaps: 'nothing',
  getCityGaps: 'nothing',
  getGap: ['levels'],
  previewRules: ['levels', 'history'],
  getIpAsn: ['index', 'discipline'],
  getIpAsnSums: 'nothing',
  listContests: ['contests'],
  listCityContests: ['contests'],
  getHours: ['hours'],
  listHours: ['hours'],
  rebuild: 'nothing',
  /** Of each export kind: the manifest has no rows. */
  makeExport: 'nothing',
  listExports: 'nothing',
  getExport: 'nothing',
  /** What export kinds have of people in their rows. */
  getExportFile: ['certificates', 'enrollments', 'nip'],
} as const satisfies Readonly<Record<string, GivesOut>>

export type ReportName = keyof typeof givenByReport

/** An answer that gives out personal data, and whose: it is sent once that is recorded. */
export type GivenPeople<Answer> = {
  readonly answer: Answer
  /** The records that it is about. */
  readonly asnIds: readonly string[]
  /** Those of the row that it has; all of them if not given. */
  readonly fields?: readonly string[]
  /** If the caller gives none. */
  readonly purpose?: string
}

/** Entries of a log: of one stream, or of all if it names none. */
export type EntriesRead = {
  readonly log: string
  readonly stream?: string
  /** Position of the first, or its version in the stream. */
  readonly from: number
  /** The position, or version, after the last; undefined if they come until the reader goes. */
  readonly to?: number
}

/** An answer that gives out entries of a log, and which: it is sent once that is recorded. */
export type GivenEntries<Answer> = {
  readonly answer: Answer
  readonly read: EntriesRead
  /** How far it has come: asked for at the end if `read` has no `to`. */
  readonly reached?: () => number
}

/** What a handler answers with, by its row: it can't answer personal data and not say whose. */
export type Given<Row, Answer> = Row extends readonly string[]
  ? GivenPeople<Answer>
  : Row extends 'entries'
    ? GivenEntries<Answer>
    : Answer
