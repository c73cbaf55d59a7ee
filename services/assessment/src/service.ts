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
import { type AdoptedRuleSet, type RuleSets, ruleSetsOf } from '@jejak/rules/rule-sets'
import { archiveRpc } from './archive-rpc.ts'
import { openArchives } from './archives.ts'
import { listingAssessments, profileRules, profiling } from './assessment-reads.ts'
import { correcting, retriedWrites, submitter, type WritePorts } from './assessment-writes.ts'
import { recordBuiltIn } from './built-in.ts'
import { checkContests, openWaitingContests } from './contests/contest-clock.ts'
import {
  type ContestReadPorts,
  countContests,
  listingContests,
  type OpenContests,
} from './contests/contest-reads.ts'
import { type ContestPorts, retriedContests } from './contests/contest-writes.ts'
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
  /** Contests that wait for a decision, and how many of them are overdue. */
  readonly openContests: () => Promise<OpenContests>
  /** Records which contests are overdue or end by now: as at the start and every hour. */
  readonly checkContests: () => Promise<void>
  /** Stops the work in the background. The ports stay open. */
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
  const adopted = keptBriefly<void, readonly AdoptedRuleSet[]>(async () =>
    (await employees.ruleSets([...profileRules, 'contest'])).flat(),
  ).ask
  const rules = async (): Promise<RuleSets> => ruleSetsOf(await adopted())
  const recall = openRecall({ log, employees })
  const waiting = openWaitingContests(log)
  const kept = { streams, dictionaries, archives, keys }
  const serving = {
    ...{ ...kept, people, rules, recall, today, failed },
    ...{ waiting, contestRules: adopted },
  }
  const checking = hourly(() => checkContests(serving), failed)
  return {
    implementations: [
      assessmentRpc(serving, openReadAudit({ log, service: 'assessment', clock })),
      frameworkRpc(serving),
      archiveRpc(serving),
    ],
    openContests: () => countContests(serving),
    checkContests: checking.now,
    close: checking.close,
  }
}

/** Enough to fill batches of questions to the directory, and those of the log. */
const inFlightMax = 512

type AssessmentPorts = WritePorts &
  ContestPorts &
  ContestReadPorts & {
    readonly rules: () => Promise<RuleSets>
    readonly recall: Recall
    /** Called for a bug in one item of a stream: its caller sees no more than INTERNAL. */
    readonly failed?: ((error: unknown) => void) | undefined
  }

type Handler = Handlers<typeof AssessmentService>

const assessmentRpc = (ports: AssessmentPorts, audit: ReadAudit) => {
  const submit = submitter(ports, 'assessment.SubmitAssessment')
  const retried = retriedWrites(ports)
  return implementAudited(AssessmentService, () => audit, {
    submitAssessment: async (request, call) => ({
      assessmentId: request.requestId,
      ...(await submit(request, call)),
    }),
    submitAssessments: submittingMany(ports),
    correctAssessment: retried.correct(correcting(ports)),
    ...retriedContests(ports),
    listContests: listingContests(ports),
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

const hourMs = 3_600_000

/** Work at the start and every hour, one after another. What fails is tried again then. */
const hourly = (work: () => Promise<void>, failed: (error: unknown) => void = () => {}) => {
  let last: Promise<void> = Promise.resolve()
  const now = () => {
    const done = last.then(work)
    last = done.catch(() => {})
    return done
  }
  const again = () => void now().catch(failed)
  again()
  const timer = setInterval(again, hourMs).unref()
  return {
    now,
    close: async () => {
      clearInterval(timer)
      await last
    },
  }
}
