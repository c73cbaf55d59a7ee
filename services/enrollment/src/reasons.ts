import { status } from '@grpc/grpc-js'
import type { Reason } from '@jejak/rpc/write'
import type { Refused as OfCohort } from './cohort.ts'
import type { Refused as OfEmployee } from './employee.ts'
import type { Refused as OfEnrollment } from './enrollment.ts'
import type { Refused as OfProgram } from './program.ts'

const { ALREADY_EXISTS, FAILED_PRECONDITION, NOT_FOUND } = status

/** The request_id is the id of what another call has made. */
export const idTaken: Reason = {
  code: ALREADY_EXISTS,
  reason: 'REQUEST_ID_REUSED',
  message: 'this request_id was used for something else: make a new one',
}

export const employeeReasons: Record<OfEmployee, Reason> = {
  EmployeeUnknown: {
    code: NOT_FOUND,
    reason: 'EMPLOYEE_UNKNOWN',
    message: 'no civil servant is registered under this id',
  },
  EmployeeErased: {
    code: FAILED_PRECONDITION,
    reason: 'EMPLOYEE_ERASED',
    message: 'the person was erased, and nothing can be recorded of them',
  },
  EmployeeMerged: {
    code: FAILED_PRECONDITION,
    reason: 'EMPLOYEE_MERGED',
    message: 'the record was merged into another: use the id that GetEmployee has as merged_into',
  },
  MergedElsewhere: {
    code: FAILED_PRECONDITION,
    reason: 'MERGED_ELSEWHERE',
    message: 'the duplicate was merged into another record than this survivor',
  },
  MergesInCircle: {
    code: FAILED_PRECONDITION,
    reason: 'MERGES_IN_CIRCLE',
    message: 'the survivor was said to be a duplicate of this record: see which one is right',
  },
  RegisteredAlready: {
    code: ALREADY_EXISTS,
    reason: 'REGISTERED_ALREADY',
    message: 'the registration was completed meanwhile',
  },
}

export const nipTaken = (asnId: string): Reason => ({
  code: ALREADY_EXISTS,
  reason: 'NIP_TAKEN',
  message: 'the NIP belongs to another record: if it is the same person, merge the two',
  metadata: { asn_id: asnId },
})

/** To who may not read the record: the same reason, without whose it is. */
export const nipTakenElsewhere: Reason = {
  code: ALREADY_EXISTS,
  reason: 'NIP_TAKEN',
  message:
    'the NIP belongs to a record of another agency: where it is right, have HR post them here',
}

export const keyLost: Reason = {
  code: FAILED_PRECONDITION,
  reason: 'KEY_LOST',
  message: 'the vault has no key of this person: it is older than the registration',
}

export const nipUnknown: Reason = {
  code: NOT_FOUND,
  reason: 'NIP_UNKNOWN',
  message: 'nobody has or had this NIP',
}

export const programReasons: Record<OfProgram, Reason> = { PublishedOtherwise: idTaken }

export const programUnknown: Reason = {
  code: NOT_FOUND,
  reason: 'PROGRAM_UNKNOWN',
  message: 'there is no programme with this id',
}

export const cohortReasons: Record<OfCohort, Reason> = {
  OpenedOtherwise: idTaken,
  CohortUnknown: {
    code: NOT_FOUND,
    reason: 'COHORT_UNKNOWN',
    message: 'there is no cohort with this id',
  },
  SeatedAlready: {
    code: FAILED_PRECONDITION,
    reason: 'SEATED_ALREADY',
    message: 'the person has a seat in this cohort by another enrollment: withdraw that one first',
  },
  CohortFull: {
    code: FAILED_PRECONDITION,
    reason: 'COHORT_FULL',
    message: 'every seat of the cohort is taken: wait for a withdrawal, or open another cohort',
  },
}

export const enrollmentReasons: Record<OfEnrollment, Reason> = {
  NominatedOtherwise: idTaken,
  EnrollmentUnknown: {
    code: NOT_FOUND,
    reason: 'ENROLLMENT_UNKNOWN',
    message: 'there is no enrollment with this id',
  },
  NotNominated: {
    code: FAILED_PRECONDITION,
    reason: 'NOT_NOMINATED',
    message: 'the enrollment does not wait for approval',
  },
  NotApproved: {
    code: FAILED_PRECONDITION,
    reason: 'NOT_APPROVED',
    message: 'the enrollment has no seat: it was not approved, or it has ended',
  },
  Completed: {
    code: FAILED_PRECONDITION,
    reason: 'ENROLLMENT_COMPLETED',
    message: 'the training is completed, and the enrollment does not change any more',
  },
  AttendanceIncomplete: {
    code: FAILED_PRECONDITION,
    reason: 'ATTENDANCE_INCOMPLETE',
    message: 'not every module was attended in full',
  },
  SessionRecordedOtherwise: idTaken,
}
