import { AssessmentService } from '@jejak/proto/jejak/assessment/v1/assessment'
import { authorise } from '@jejak/rpc/authorise'
import { RpcError, statusOf } from '@jejak/rpc/error'
import { type Handlers, implement } from '@jejak/rpc/implement'
import { listingAssessments, profiling } from './assessment-reads.ts'
import { contesting, correcting, resolving, type WritePorts } from './assessment-writes.ts'
import { flow } from './flow.ts'
import { submitter } from './submit.ts'

/** Enough to fill the batches that people are asked for in, and those of the log. */
const inFlightMax = 512

export type AssessmentPorts = WritePorts & {
  /** Told of a bug that one item of a stream has met: its caller sees no more than INTERNAL. */
  readonly failed?: ((error: unknown) => void) | undefined
}

type Handler = Handlers<typeof AssessmentService>

export const assessmentRpc = (ports: AssessmentPorts) => {
  const submit = submitter(ports, 'assessment.SubmitAssessment')
  return implement(AssessmentService, {
    submitAssessment: async (request, call) => ({
      assessmentId: request.requestId,
      recorded: await submit(request, call),
    }),
    submitAssessments: submittingMany(ports),
    correctAssessment: correcting(ports),
    contestAssessment: contesting(ports),
    resolveContest: resolving(ports),
    listAssessments: listingAssessments(ports),
    getCompetencyProfile: profiling(ports),
  })
}

const submittingMany = (ports: AssessmentPorts) => {
  const action = 'assessment.SubmitAssessments'
  const submit = submitter(ports, action)
  const told = (error: unknown) => {
    if (!(error instanceof RpcError)) ports.failed?.(error)
    return statusOf(error)
  }
  return ((requests, call) => {
    // Who may submit for nobody learns it once.
    authorise(call, action, call.principal)
    return flow(requests, inFlightMax, async item => {
      const { requestId } = item
      const outcome = await submit(item, call).then(
        value => ({ case: 'recorded', value }) as const,
        error => ({ case: 'refused', value: told(error) }) as const,
      )
      return { requestId, outcome }
    })
  }) satisfies Handler['submitAssessments']
}
