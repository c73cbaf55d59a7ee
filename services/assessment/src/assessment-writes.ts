import { accreditationOn, isAccredited } from '@jejak/competency/accreditation'
import {
  AssessmentSchema,
  AssessmentService,
  type CorrectAssessmentRequest,
  CorrectAssessmentRequestSchema,
  type Assessment as Sent,
} from '@jejak/proto/jejak/assessment/v1/assessment'
import { authorise } from '@jejak/rpc/authorise'
import type { Call } from '@jejak/rpc/call'
import type { ResolvedEmployee } from '@jejak/rpc/directory-client'
import { refusedBy } from '@jejak/rpc/error'
import type { Handlers } from '@jejak/rpc/implement'
import type { Recall } from '@jejak/rpc/recall'
import { contentOf } from '@jejak/rpc/request'
import { lifeDayWarnings, reasonProblem, uuidProblem, warningOf } from '@jejak/rpc/validate'
import { recordedOrThrow, writing } from '@jejak/rpc/write'
import {
  assessmentContent,
  type Checks,
  checkAssessment,
  impersonal,
  namedBy,
  namedIn,
  personIn,
} from './assessment-request.ts'
import { type Competency, correct, newestOf, submit } from './competency.ts'
import type { Assessed, People } from './people.ts'
import { competencyReasons } from './reasons.ts'
import type { AssessmentStreams } from './streams.ts'

type Handler = Handlers<typeof AssessmentService>
const { method } = AssessmentService

export type WritePorts = Checks & {
  readonly streams: AssessmentStreams
  readonly people: People
}

const warningsOf = (sent: Sent, { person, accreditations }: Assessed) => [
  ...lifeDayWarnings('assessment.occurred_on', sent.occurredOn, person),
  ...(accreditations.length > 0 ? accreditationWarnings(sent, accreditations) : []),
]

/** Of an assessor who is accredited at all: most are not. */
const accreditationWarnings = (sent: Sent, accreditations: Assessed['accreditations']) => {
  if (isAccredited(accreditations, sent)) return []
  const most = accreditationOn(accreditations, sent.occurredOn)?.level
  return most === undefined
    ? [warningOf('assessment.assessor_id', 'assessor-unaccredited')]
    : [warningOf('assessment.level', { key: 'above-accreditation', values: { most } })]
}

export const correcting = (ports: WritePorts) =>
  (async (request, call) => {
    const { requestId, assessmentId } = request
    const others = {
      request_id: uuidProblem(requestId),
      assessment_id: uuidProblem(assessmentId),
      reason: reasonProblem(request.reason),
    }
    const sent = await checkAssessment(ports, request.assessment, others, false)
    const action = 'assessment.CorrectAssessment'
    const assessed = await ports.people.assessed(call, action, namedIn(sent))
    const { person } = assessed
    const { asnId, state } = await recordWith(ports, person, assessmentId)
    // The agency of today's posting may correct only what it has submitted itself.
    const submittedBy = state.assessments.get(assessmentId)?.agency ?? ''
    const agency = await ports.people.successorOf(submittedBy, person.agency)
    authorise(call, action, { agency })
    const correction = {
      ...assessmentContent(sent, requestId, asnId),
      supersedes: assessmentId,
      reason: request.reason,
    }
    const content = correctionContent(request, impersonal(sent, asnId))
    const elsewhere = await countElsewhere(ports, person, asnId)
    const transacted = await ports.streams.competencies.transact(asnId, {
      ...writing(call, method.correctAssessment, requestId, content),
      decide: current => correct(current, correction, person, elsewhere),
    })
    const stored = await recordedOrThrow(transacted, competencyReasons, refused =>
      newestWhere(ports, refused, asnId, assessmentId),
    )
    return { assessmentId: requestId, recorded: stored, warnings: warningsOf(sent, assessed) }
  }) satisfies Handler['correctAssessment']

const correctionContent = (request: CorrectAssessmentRequest, assessment: Sent) =>
  contentOf(CorrectAssessmentRequestSchema, { ...request, assessment })

/** How a retry of each call is compared with what was stored. */
export const retriedWrites = ({ recall }: { readonly recall: Recall }) => ({
  correct: (handle: Handler['correctAssessment']) =>
    recall.retryingUnary(method.correctAssessment, handle, {
      content: (request, { record }) => {
        const named = namedBy(request.assessment, record)
        return named && correctionContent(request, named)
      },
      person: sentPerson,
      answer: (recorded, { requestId }) => ({ assessmentId: requestId, recorded }),
    }),
})

const sentPerson = ({ assessment }: { readonly assessment?: Sent | undefined }) =>
  personIn(assessment ?? { asnId: '', nip: '' })

export type Located = { readonly asnId: string; readonly state: Competency }

/** The record whose stream has it: a record that was merged into another keeps its stream. */
export const located = async (
  { streams }: Pick<WritePorts, 'streams'>,
  { records }: ResolvedEmployee,
  isThere: (state: Competency) => boolean,
): Promise<Located | undefined> => {
  for (const asnId of records) {
    const state = await streams.competencies.read(asnId)
    if (isThere(state)) return { asnId, state }
  }
  return undefined
}

/** How many assessments a person has under their other records: nearly everybody has one record. */
const countElsewhere = async (
  { streams: { competencies } }: { readonly streams: AssessmentStreams },
  { records }: ResolvedEmployee,
  asnId: string,
): Promise<number> => {
  const others = records.filter(record => record !== asnId)
  const states = await Promise.all(others.map(competencies.read))
  return states.reduce((sum, { assessments }) => sum + assessments.size, 0)
}

export const recordWith = async (
  ports: Pick<WritePorts, 'streams'>,
  person: ResolvedEmployee,
  assessmentId: string,
): Promise<Located> => {
  const found = await located(ports, person, ({ assessments }) => assessments.has(assessmentId))
  if (!found) throw refusedBy('ASSESSMENT_UNKNOWN')
  return found
}

/** The id of the newest correction of an assessment that was superseded. */
export const newestWhere = async (
  { streams }: Pick<WritePorts, 'streams'>,
  refused: string,
  asnId: string,
  assessmentId: string,
) => {
  if (refused !== 'AssessmentSuperseded') return undefined
  const state = await streams.competencies.read(asnId)
  return { assessment_id: newestOf(state, assessmentId) }
}

/** As the unary call has it, and each item of the stream. */
export type Submission = {
  readonly requestId: string
  readonly assessment?: Sent | undefined
}

export type SubmitPorts = Checks & {
  readonly streams: AssessmentStreams
  readonly people: People
  readonly recall: Recall
}

/** Checks and records one assessment, or finds it recorded. Throws the refusal. */
export const submitter = (ports: SubmitPorts, action: SubmitAction) =>
  ports.recall.retrying(
    {
      // One method for both calls: what one has stored, the other finds.
      method: AssessmentService.method.submitAssessment,
      content: ({ assessment }: Submission, { record }) => {
        const named = namedBy(assessment, record)
        return named && contentOf(AssessmentSchema, named)
      },
      person: sentPerson,
      answer: recorded => ({ recorded, warnings: [] as string[] }),
    },
    submitting(ports, action),
  )

type SubmitAction = 'assessment.SubmitAssessment' | 'assessment.SubmitAssessments'

const submitting =
  (ports: Omit<SubmitPorts, 'recall'>, action: SubmitAction) =>
  async ({ requestId, assessment }: Submission, call: Call) => {
    const others = { request_id: uuidProblem(requestId) }
    const sent = await checkAssessment(ports, assessment, others, true)
    const assessed = await ports.people.assessed(call, action, namedIn(sent))
    const { person } = assessed
    const { asnId } = person
    const content = assessmentContent(sent, requestId, asnId)
    const elsewhere = await countElsewhere(ports, person, asnId)
    const transacted = await ports.streams.competencies.transact(asnId, {
      ...writing(
        call,
        AssessmentService.method.submitAssessment,
        requestId,
        contentOf(AssessmentSchema, impersonal(sent, asnId)),
      ),
      decide: state => submit(state, content, person, elsewhere),
    })
    const recorded = await recordedOrThrow(transacted, competencyReasons)
    return { recorded, warnings: warningsOf(sent, assessed) }
  }
