import type { Reasoned } from '@jejak/texts/reasons'
import type { Violated } from '@jejak/texts/violations'
import type { Refused as AssessorRefused } from './assessors/assessor.ts'
import type { Refused as CareerRefused } from './career/career.ts'
import type { Refused as ClaimRefused } from './claims/claim.ts'
import type { ContractRefused, Refused as EmployeeRefused } from './employee.ts'
import type { Refused as EnrollmentRefused } from './enrollment.ts'
import type { Refused as LearningRefused } from './learning/learning.ts'
import type { Refused as CohortRefused } from './programs/cohort.ts'
import type { Refused as ProgramRefused } from './programs/program.ts'
import type { Refused as AgencyRefused } from './registers/agency.ts'
import type { Refused as RuleSetRefused } from './registers/rule-set.ts'
import type { Refused as SubjectRequestRefused } from './subject-request.ts'

// How each refusal is answered: one without a reason does not compile.

export const employeeReasons: Record<EmployeeRefused, Reasoned> = {
  EmployeeUnknown: 'EMPLOYEE_UNKNOWN',
  EmployeeErased: 'EMPLOYEE_ERASED',
  EmployeeMerged: 'EMPLOYEE_MERGED',
  MergedElsewhere: 'MERGED_ELSEWHERE',
  MergesInCircle: 'MERGES_IN_CIRCLE',
  RegisteredAlready: 'REGISTERED_ALREADY',
  BeforeBirth: { key: 'DAYS_CONTRADICT', values: 'before-birth' },
  NoContract: 'NO_CONTRACT',
  ContractAfterPosting: { key: 'DAYS_CONTRADICT', values: 'contract-after-posting' },
  ContractBeforeBirth: { key: 'DAYS_CONTRADICT', values: 'before-birth' },
}

/** The same as violations, for a call that has the contract as a field. */
export const contractViolations: Record<ContractRefused, Violated> = {
  NoContract: 'no-contract',
  ContractAfterPosting: 'contract-after-posting',
  ContractBeforeBirth: 'before-birth',
}

export const agencyReasons: Record<AgencyRefused, Reasoned> = {
  AgencyUnknown: 'AGENCY_UNKNOWN',
  AgencyRegistered: 'AGENCY_REGISTERED',
  AgencyClosed: 'AGENCY_CLOSED',
  AgencyOpen: 'AGENCY_OPEN',
  NamedLater: { key: 'DAYS_CONTRADICT', values: 'before-name' },
}

export const assessorReasons: Record<AssessorRefused, Reasoned> = {
  AssessorUnknown: 'ASSESSOR_UNKNOWN',
  AssessorRegistered: 'ASSESSOR_REGISTERED',
  AssessorEnded: 'ASSESSOR_ENDED',
  AssessorNotEnded: 'ASSESSOR_NOT_ENDED',
  AssessorErased: 'ASSESSOR_ERASED',
  AssessorServes: 'ASSESSOR_SERVES',
  AssessorIsEmployee: 'ASSESSOR_IS_EMPLOYEE',
  EndsBeforeBegin: { key: 'DAYS_CONTRADICT', values: 'ends-before-since' },
}

export const ruleSetReasons: Record<RuleSetRefused, Reasoned> = {
  AdoptedOtherwise: 'RULE_SET_ADOPTED',
}

// The request_id is the id of what is made: other content means that another call has made it.
export const programReasons: Record<ProgramRefused, Reasoned> = {
  PublishedOtherwise: 'REQUEST_ID_REUSED',
}

export const cohortReasons: Record<CohortRefused, Reasoned> = {
  OpenedOtherwise: 'REQUEST_ID_REUSED',
  CohortUnknown: 'COHORT_UNKNOWN',
  SeatedAlready: 'SEATED_ALREADY',
  CohortFull: 'COHORT_FULL',
}

export const enrollmentReasons: Record<EnrollmentRefused, Reasoned> = {
  NominatedOtherwise: 'REQUEST_ID_REUSED',
  EnrollmentUnknown: 'ENROLLMENT_UNKNOWN',
  NotNominated: 'NOT_NOMINATED',
  NotApproved: 'NOT_APPROVED',
  Completed: 'ENROLLMENT_COMPLETED',
  AttendanceIncomplete: 'ATTENDANCE_INCOMPLETE',
  SessionRecordedOtherwise: 'REQUEST_ID_REUSED',
  BeforeBirth: { key: 'DAYS_CONTRADICT', values: 'before-birth' },
  OutsideCohort: { key: 'DAYS_CONTRADICT', values: 'outside-cohort' },
  CompletedBeforeCohort: { key: 'DAYS_CONTRADICT', values: 'before-cohort' },
  CompletedBeforeSession: { key: 'DAYS_CONTRADICT', values: 'before-last-session' },
}

export const learningReasons: Record<LearningRefused, Reasoned> = {
  RecordedOtherwise: 'REQUEST_ID_REUSED',
  LearningUnknown: 'LEARNING_UNKNOWN',
  RevokedOtherwise: 'LEARNING_REVOKED',
  RevokedBeforeEnd: { key: 'DAYS_CONTRADICT', values: 'before-learning-ended' },
}

export const subjectRequestReasons: Record<SubjectRequestRefused, Reasoned> = {
  SubjectRequestUnknown: 'SUBJECT_REQUEST_UNKNOWN',
  SubjectRequestAnswered: 'SUBJECT_REQUEST_ANSWERED',
  CorrectionNotMade: 'CORRECTION_NOT_MADE',
}

export const careerReasons: Record<CareerRefused, Reasoned> = {
  ReplacesUnknown: 'CAREER_RECORD_UNKNOWN',
}

export const claimReasons: Record<ClaimRefused, Reasoned> = {
  ClaimUnknown: 'CLAIM_UNKNOWN',
  FiledOtherwise: 'REQUEST_ID_REUSED',
  DecidedOtherwise: 'CLAIM_DECIDED',
}
