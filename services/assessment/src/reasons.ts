import { status } from '@grpc/grpc-js'
import type { Reason } from '@jejak/rpc/write'
import { assessmentsMax, type Refused as OfCompetency } from './competency.ts'
import type { Refused as OfFramework } from './framework.ts'

const { ALREADY_EXISTS, FAILED_PRECONDITION, NOT_FOUND } = status

/** The request_id is the id of what another call has made. */
const idTaken: Reason = {
  code: ALREADY_EXISTS,
  reason: 'REQUEST_ID_REUSED',
  message: 'this request_id was used for something else: make a new one',
}

export const competencyReasons: Record<OfCompetency, Reason> = {
  RecordedOtherwise: idTaken,
  ContestedOtherwise: idTaken,
  TooManyAssessments: {
    code: FAILED_PRECONDITION,
    reason: 'TOO_MANY_ASSESSMENTS',
    message: `the person has ${assessmentsMax} assessments, which is the most: see whose they are`,
  },
  AssessmentUnknown: {
    code: NOT_FOUND,
    reason: 'ASSESSMENT_UNKNOWN',
    message: 'the person has no assessment with this id',
  },
  AssessmentSuperseded: {
    code: FAILED_PRECONDITION,
    reason: 'SUPERSEDED',
    message: 'another stands in the place of this assessment: take the id of that one',
  },
  ContestOpen: {
    code: FAILED_PRECONDITION,
    reason: 'CONTEST_OPEN',
    message: 'the assessment is contested already, and that is not decided yet',
  },
  ContestUpheld: {
    code: FAILED_PRECONDITION,
    reason: 'CONTEST_UPHELD',
    message: 'a contest of the assessment was upheld: it does not count any more',
  },
  ContestUnknown: {
    code: NOT_FOUND,
    reason: 'CONTEST_UNKNOWN',
    message: 'the person has no contest with this id',
  },
  ContestDecided: {
    code: FAILED_PRECONDITION,
    reason: 'CONTEST_RESOLVED',
    message: 'the contest was decided the other way, and that stays',
  },
}

export const frameworkReasons: Record<OfFramework, Reason> = {
  PublishedOtherwise: {
    code: ALREADY_EXISTS,
    reason: 'FRAMEWORK_PUBLISHED',
    message: 'a dictionary with this id was published, and stays: a change takes a new id',
  },
}

export const frameworkUnknown: Reason = {
  code: NOT_FOUND,
  reason: 'FRAMEWORK_UNKNOWN',
  message: 'no dictionary was published under this id',
}

export const standardUnknown: Reason = {
  code: NOT_FOUND,
  reason: 'STANDARD_UNKNOWN',
  message: 'nothing says what the position requires on this day',
}
