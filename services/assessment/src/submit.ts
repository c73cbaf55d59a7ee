import {
  AssessmentSchema,
  AssessmentService,
  type Assessment as Sent,
} from '@jejak/proto/jejak/assessment/v1/assessment'
import type { Call } from '@jejak/rpc/call'
import { contentOf } from '@jejak/rpc/request'
import { uuidProblem } from '@jejak/rpc/validate'
import { recordedOrThrow, writing } from '@jejak/rpc/write'
import {
  assessmentContent,
  type Checks,
  checkAssessment,
  impersonal,
  personIn,
} from './assessment-request.ts'
import { submit } from './competency.ts'
import type { People } from './people.ts'
import { competencyReasons } from './reasons.ts'
import type { AssessmentStreams } from './streams.ts'

/** As the unary call has it, and each item of the stream. */
export type Submission = {
  readonly requestId: string
  readonly assessment?: Sent | undefined
}

export type SubmitPorts = Checks & { readonly streams: AssessmentStreams; readonly people: People }

/** One assessment, from its check to what the log has of it. Throws what the caller is told. */
export const submitter =
  (ports: SubmitPorts, action: 'assessment.SubmitAssessment' | 'assessment.SubmitAssessments') =>
  async ({ requestId, assessment }: Submission, call: Call) => {
    const sent = await checkAssessment(ports, assessment, { request_id: uuidProblem(requestId) })
    const { asnId } = await ports.people.active(call, action, personIn(sent))
    const content = assessmentContent(sent, requestId, asnId)
    const transacted = await ports.streams.competencies.transact(asnId, {
      // One method for both calls: what one has stored, the other finds.
      ...writing(
        call,
        AssessmentService.method.submitAssessment,
        requestId,
        contentOf(AssessmentSchema, impersonal(sent, asnId)),
      ),
      decide: state => submit(state, content),
    })
    return recordedOrThrow(transacted, competencyReasons)
  }
