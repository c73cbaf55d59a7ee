import type { Reasoned } from '@jejak/texts/reasons'
import type { Refused as ArchiveRefused } from './archive.ts'
import { assessmentsMax, type Refused as CompetencyRefused } from './competency.ts'
import type { Refused as FrameworkRefused } from './framework.ts'

// How each refusal is answered: one without a reason does not compile.

export const competencyReasons: Record<CompetencyRefused, Reasoned> = {
  // The request_id is the id of what is made: other content means that another call has made it.
  RecordedOtherwise: 'REQUEST_ID_REUSED',
  ContestedOtherwise: 'REQUEST_ID_REUSED',
  TooManyAssessments: { key: 'TOO_MANY_ASSESSMENTS', values: { most: assessmentsMax } },
  AssessmentUnknown: 'ASSESSMENT_UNKNOWN',
  AssessmentSuperseded: 'SUPERSEDED',
  ContestOpen: 'CONTEST_OPEN',
  ContestUpheld: 'CONTEST_UPHELD',
  ContestUnknown: 'CONTEST_UNKNOWN',
  ContestDecided: 'CONTEST_RESOLVED',
  ContestEnded: 'CONTEST_ENDED',
  LateForbidden: 'LATE_CONTEST_FORBIDDEN',
  BeforeBirth: { key: 'DAYS_CONTRADICT', values: 'before-birth' },
}

export const archiveReasons: Record<ArchiveRefused, Reasoned> = {
  RegisteredOtherwise: 'ARCHIVE_REGISTERED',
}

export const frameworkReasons: Record<FrameworkRefused, Reasoned> = {
  PublishedOtherwise: 'FRAMEWORK_PUBLISHED',
  FrameworkUnknown: 'FRAMEWORK_UNKNOWN',
  CompetencyUnknown: 'COMPETENCY_UNKNOWN',
  // The request was checked: a competency is not its own successor.
  ItsOwn: 'COMPETENCY_UNKNOWN',
}
