import { dayOf } from '@jejak/competency/calendar'
import { decode } from '@jejak/eventsourcing/entry'
import { macOf, plain } from '@jejak/privacy/seal'
import type { SubjectKeys } from '@jejak/privacy/vault'
import {
  AllowLateContestRequestSchema,
  AssessmentService,
  ContestAssessmentRequestSchema,
  ResolveContestRequestSchema,
} from '@jejak/proto/jejak/assessment/v1/assessment'
import { refusedBy } from '@jejak/rpc/error'
import type { Handlers } from '@jejak/rpc/implement'
import type { Recall } from '@jejak/rpc/recall'
import { contentOf } from '@jejak/rpc/request'
import {
  comingDayProblem,
  itemsProblem,
  reasonProblem,
  textProblem,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import { type Recorded, recordedOrThrow, writing } from '@jejak/rpc/write'
import { type AdoptedRuleSet, ruleSetsOf } from '@jejak/rules/rule-sets'
import { located, newestWhere, recordWith } from '../assessment-writes.ts'
import {
  allowLate,
  type ContestClock,
  contest,
  contestableUntil,
  type RecordedAssessment,
  resolve,
} from '../competency.ts'
import type { People } from '../people.ts'
import { competencyReasons } from '../reasons.ts'
import type { AssessmentStreams } from '../streams.ts'
import { refusePanel } from './panel.ts'

type Handler = Handlers<typeof AssessmentService>
const { method } = AssessmentService

export type ContestPorts = {
  readonly streams: AssessmentStreams
  readonly people: People
  readonly keys: SubjectKeys
  readonly today: () => string
  /** The rules of contests that were put in force, in the order of recording. */
  readonly contestRules: () => Promise<readonly AdoptedRuleSet[]>
}

/** In paragraphs, if they like. */
const statementProblem = (value: string) =>
  textProblem(value.replaceAll(/[\r\n\t]/g, ' '), 1, 2_000)

const contesting = (ports: ContestPorts) =>
  (async (request, call) => {
    const { requestId, assessmentId } = request
    validate({
      request_id: uuidProblem(requestId),
      asn_id: uuidProblem(request.asnId),
      assessment_id: uuidProblem(assessmentId),
      statement: statementProblem(request.statement),
    })
    const person = await ports.people.active(call, 'assessment.ContestAssessment', request)
    const { asnId, state } = await recordWith(ports, person, assessmentId)
    const [key] = await ports.keys.keys([asnId])
    // A person has a key from their registration on.
    if (!key || key === 'erased') throw refusedBy('EMPLOYEE_ERASED')
    const statement = plain(key, request.statement)
    const contested = { contestId: requestId, asnId, assessmentId, statement }
    const clock = await clockOf(ports)
    const content = macOf(key, contentOf(ContestAssessmentRequestSchema, request))
    const transacted = await ports.streams.competencies.transact(asnId, {
      ...writing(call, method.contestAssessment, requestId, content),
      decide: current => contest(current, contested, clock),
    })
    const until = contestableUntil(state.assessments.get(assessmentId) as RecordedAssessment, clock)
    const late = { key: 'CONTEST_LATE', values: { until: until ?? '' } } as const
    const recorded = await recordedOrThrow(
      transacted,
      { ...competencyReasons, ContestLate: late },
      async refused =>
        refused === 'ContestLate' && until !== undefined
          ? { until }
          : newestWhere(ports, refused, asnId, assessmentId),
    )
    return { contestId: requestId, recorded, dueOn: dueOnIn(recorded) }
  }) satisfies Handler['contestAssessment']

/** By the rules as they are known now. */
const clockOf = async ({ today, contestRules }: ContestPorts): Promise<ContestClock> => {
  const rules = ruleSetsOf(await contestRules())
  return { today: today(), on: day => rules.on('contest', day) }
}

/** As it is stored: a retry is answered with the day that was given first. */
const dueOnIn = ({ entries: [entry] = [] }: Recorded): string => {
  const { dueOn = '' } = entry ? (decode(entry).data as { readonly dueOn?: string }) : {}
  return dueOn
}

const allowingLate = (ports: ContestPorts) =>
  (async (request, call) => {
    const { requestId, assessmentId, until, reason } = request
    validate({
      request_id: uuidProblem(requestId),
      asn_id: uuidProblem(request.asnId),
      assessment_id: uuidProblem(assessmentId),
      until: comingDayProblem(until, ports.today()),
      reason: reasonProblem(reason),
    })
    const person = await ports.people.active(call, 'assessment.AllowLateContest', request)
    const { asnId } = await recordWith(ports, person, assessmentId)
    const clock = await clockOf(ports)
    const content = contentOf(AllowLateContestRequestSchema, request)
    const transacted = await ports.streams.competencies.transact(asnId, {
      ...writing(call, method.allowLateContest, requestId, content),
      decide: current => allowLate(current, { asnId, assessmentId, until, reason }, clock),
    })
    const recorded = await recordedOrThrow(transacted, competencyReasons, refused =>
      newestWhere(ports, refused, asnId, assessmentId),
    )
    return { recorded }
  }) satisfies Handler['allowLateContest']

const resolving = (ports: ContestPorts) =>
  (async (request, call) => {
    const { requestId, contestId, upheld, reason } = request
    validate({
      request_id: uuidProblem(requestId),
      asn_id: uuidProblem(request.asnId),
      contest_id: uuidProblem(contestId),
      reason: reasonProblem(reason),
      panel: itemsProblem(request.panel, panelMax),
      ...Object.fromEntries(request.panel.map((id, at) => [`panel[${at}]`, uuidProblem(id)])),
    })
    // An erased person's contest can be resolved too: an open one must be able to end.
    const person = await ports.people.touched(call, 'assessment.ResolveContest', request)
    const found = await located(ports, person, ({ contests }) => contests.has(contestId))
    if (!found) throw refusedBy('CONTEST_UNKNOWN')
    const { asnId, state } = found
    const { status, filedAt = '', assessmentId = '' } = state.contests.get(contestId) ?? {}
    // By what was known when it was filed: rules that come later change nothing for it.
    const set = ruleSetsOf(await ports.contestRules(), filedAt).on(
      'contest',
      dayOf(Date.parse(filedAt)),
    )
    const panel = [...new Set(request.panel)]
    if (status === 'open') {
      const { assessorId = '' } = state.assessments.get(assessmentId)?.content ?? {}
      const { records } = person
      await refusePanel(ports.people, { panel, assessorId, records, set, today: ports.today() })
    }
    const resolved = { contestId, asnId, upheld, reason, panel, ...(set && { ruleSet: set.id }) }
    const transacted = await ports.streams.competencies.transact(asnId, {
      ...writing(
        call,
        method.resolveContest,
        requestId,
        contentOf(ResolveContestRequestSchema, request),
      ),
      decide: current => resolve(current, resolved),
    })
    return { recorded: await recordedOrThrow(transacted, competencyReasons) }
  }) satisfies Handler['resolveContest']

const panelMax = 25

/** Each with how a retry of it is compared with what was stored. */
export const retriedContests = (ports: ContestPorts & { readonly recall: Recall }) => {
  const { retryingUnary } = ports.recall
  return {
    contestAssessment: retryingUnary(method.contestAssessment, contesting(ports), {
      content: async (request, { asnId, record }) => {
        const [key] = await ports.keys.keys([asnId])
        if (!key || key === 'erased') return undefined
        const sent = record ? { ...request, asnId: record } : request
        return macOf(key, contentOf(ContestAssessmentRequestSchema, sent))
      },
      answer: (recorded, { requestId }) => ({
        contestId: requestId,
        recorded,
        dueOn: dueOnIn(recorded),
      }),
    }),
    allowLateContest: retryingUnary(method.allowLateContest, allowingLate(ports)),
    resolveContest: retryingUnary(method.resolveContest, resolving(ports)),
  }
}
