import { dayOf } from '@jejak/competency/calendar'
import { keptBriefly } from '@jejak/eventsourcing/kept-briefly'
import type { EventLog } from '@jejak/eventsourcing/log'
import { dictionaries as builtIn } from '@jejak/frameworks/built-in'
import type { SubjectKeys } from '@jejak/privacy/vault'
import { AssessmentService } from '@jejak/proto/jejak/assessment/v1/assessment'
import { authorise } from '@jejak/rpc/authorise'
import type { AdoptedRules, Employees, OpenClaims, Registers } from '@jejak/rpc/directory-client'
import { RpcError, statusOf } from '@jejak/rpc/error'
import { type Handlers, type Implementation, implementAudited } from '@jejak/rpc/implement'
import { openReadAudit, type ReadAudit } from '@jejak/rpc/read-audit'
import { openRecall, type Recall } from '@jejak/rpc/recall'
import { type RuleSets, ruleSetsOf } from '@jejak/rules/rule-sets'
import { archiveRpc } from './archive-rpc.ts'
import { openArchives } from './archives.ts'
import { listingAssessments, profileRules, profiling } from './assessment-reads.ts'
import {
  contesting,
  correcting,
  resolving,
  retriedWrites,
  submitter,
  type WritePorts,
} from './assessment-writes.ts'
import { recordBuiltIn } from './built-in.ts'
import { openDictionaries } from './dictionaries.ts'
import { flow } from './flow.ts'
import { frameworkRpc } from './framework-rpc.ts'
import { openPeople } from './people.ts'
import { openAssessmentStreams } from './streams.ts'

export type AssessmentServicePorts = {
  readonly log: EventLog
  /** The log's origin. */
  readonly source: string
  readonly employees: Employees & OpenClaims & Registers & AdoptedRules
  readonly keys: SubjectKeys
  /** Milliseconds since the epoch. */
  readonly clock: () => number
  /** Called for each bug of which a caller sees no more than INTERNAL. */
  readonly failed?: (error: unknown) => void
}

export type OpenAssessmentService = {
  readonly implementations: readonly Implementation[]
  /** Nothing runs in the background; the ports stay open. */
  readonly close: () => Promise<void>
}

/** Resolves once the log has the dictionaries and standards that come with the program. */
export const assessmentService = async (
  ports: AssessmentServicePorts,
): Promise<OpenAssessmentService> => {
  const { log, source, employees, keys, clock, failed } = ports
  const streams = openAssessmentStreams(log, source)
  await recordBuiltIn(streams)
  const dictionaries = openDictionaries(log, streams)
  // Their names are suggested to a caller who misspells one.
  await Promise.all(builtIn.map(({ frameworkId }) => dictionaries.find(frameworkId)))
  const archives = openArchives(log, streams)
  const today = () => dayOf(clock())
  const people = openPeople(employees)
  const rules = keptBriefly<void, RuleSets>(async () =>
    ruleSetsOf((await employees.ruleSets(profileRules)).flat()),
  ).ask
  const recall = openRecall({ log, employees })
  const kept = { streams, dictionaries, archives, keys }
  const serving = { ...kept, people, rules, recall, today, failed }
  return {
    implementations: [
      assessmentRpc(serving, openReadAudit({ log, service: 'assessment', clock })),
      frameworkRpc(serving),
      archiveRpc(serving),
    ],
    close: async () => {},
  }
}

/** Enough to fill batches of questions to the directory, and those of the log. */
const inFlightMax = 512

type AssessmentPorts = WritePorts & {
  readonly rules: () => Promise<RuleSets>
  readonly recall: Recall
  /** Called for a bug in one item of a stream: its caller sees no more than INTERNAL. */
  readonly failed?: ((error: unknown) => void) | undefined
}

type Handler = Handlers<typeof AssessmentService>
const { method } = AssessmentService

const assessmentRpc = (ports: AssessmentPorts, audit: ReadAudit) => {
  const submit = submitter(ports, 'assessment.SubmitAssessment')
  const retried = retriedWrites(ports)
  const { retryingUnary } = ports.recall
  return implementAudited(AssessmentService, () => audit, {
    submitAssessment: async (request, call) => ({
      assessmentId: request.requestId,
      ...(await submit(request, call)),
    }),
    submitAssessments: submittingMany(ports),
    correctAssessment: retried.correct(correcting(ports)),
    contestAssessment: retried.contest(contesting(ports)),
    resolveContest: retryingUnary(method.resolveContest, resolving(ports)),
    listAssessments: listingAssessments(ports),
    getCompetencyProfile: profiling(ports),
  })
}

const submittingMany = (ports: AssessmentPorts) => {
  const action = 'assessment.SubmitAssessments'
  const submit = submitter(ports, action)
  const answerOf = (error: unknown) => {
    if (!(error instanceof RpcError)) ports.failed?.(error)
    return statusOf(error)
  }
  return ((requests, call) => {
    // A caller who may submit for nobody is refused once, and not for each item.
    authorise(call, action, call.principal)
    return flow(requests, inFlightMax, async item => {
      const { requestId } = item
      return submit(item, call).then(
        ({ recorded: value, warnings }) => ({
          requestId,
          outcome: { case: 'recorded', value } as const,
          warnings,
        }),
        error => ({
          requestId,
          outcome: { case: 'refused', value: answerOf(error) } as const,
        }),
      )
    })
  }) satisfies Handler['submitAssessments']
}
