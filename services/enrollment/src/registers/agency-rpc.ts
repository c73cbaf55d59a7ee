import { leadsTo, type RegisteredAgency } from '@jejak/competency/agency-register'
import { serial } from '@jejak/messaging/serial'
import {
  AgencyService,
  type CloseAgencyRequest,
  type RegisterAgencyRequest,
  type RenameAgencyRequest,
} from '@jejak/proto/jejak/enrollment/v1/agency'
import { authorise } from '@jejak/rpc/authorise'
import type { Call } from '@jejak/rpc/call'
import { type Handlers, implement } from '@jejak/rpc/implement'
import { cutPage } from '@jejak/rpc/page'
import type { Recall } from '@jejak/rpc/recall'
import {
  afterOf,
  codeProblem,
  dayProblem,
  type FieldProblem,
  pageSizeOf,
  pageSizeProblem,
  pageTokenOf,
  pageTokenProblem,
  reasonProblem,
  titleProblem,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import { recordedOrThrow } from '@jejak/rpc/write'
import { agencyReasons } from '../reasons.ts'
import type { EnrollmentStreams } from '../streams.ts'
import { writingOf } from '../writing.ts'
import type { Agencies } from './agencies.ts'
import { closeAgency, registerAgency, renameAgency, withdrawClosing } from './agency.ts'

type Ports = {
  readonly streams: EnrollmentStreams
  readonly agencies: Agencies
  /** The day in Makassar. */
  readonly today: () => string
  readonly recall: Recall
}
type Handler = Handlers<typeof AgencyService>
const { method } = AgencyService

export const agencyRpc = (ports: Ports) =>
  implement(AgencyService, {
    registerAgency: ports.recall.retryingUnary(method.registerAgency, registering(ports)),
    renameAgency: ports.recall.retryingUnary(method.renameAgency, renaming(ports)),
    closeAgency: ports.recall.retryingUnary(method.closeAgency, closing(ports)),
    listAgencies: listing(ports),
  })

type Change = RegisterAgencyRequest | RenameAgencyRequest | CloseAgencyRequest

const changeProblems = ({ requestId, agency, since, basis }: Change) => ({
  request_id: uuidProblem(requestId),
  agency: codeProblem(agency),
  since: dayProblem(since),
  basis: reasonProblem(basis),
})

const registering = ({ streams, agencies }: Ports) =>
  (async (request, call) => {
    const { agency, title, since, basis } = request
    validate({ ...changeProblems(request), title: titleProblem(title) })
    authorise(call, 'enrollment.RegisterAgency', {})
    const transacted = await streams.agencies.transact(agency, {
      ...writingOf(call, method.registerAgency, request),
      decide: state => registerAgency(state, { agency, title, since, basis }),
    })
    agencies.changed()
    return { recorded: await recordedOrThrow(transacted, agencyReasons) }
  }) satisfies Handler['registerAgency']

const renaming = ({ streams, agencies }: Ports) =>
  (async (request, call) => {
    const { agency, title, since, basis } = request
    validate({ ...changeProblems(request), title: titleProblem(title) })
    authorise(call, 'enrollment.RenameAgency', {})
    const transacted = await streams.agencies.transact(agency, {
      ...writingOf(call, method.renameAgency, request),
      decide: state => renameAgency(state, { agency, title, since, basis }),
    })
    agencies.changed()
    return { recorded: await recordedOrThrow(transacted, agencyReasons) }
  }) satisfies Handler['renameAgency']

/**
 * One closing after the other, each by what those before it have stored: two agencies that are
 * merged into each other at once would be a ring, in which neither has the rights of the other.
 */
const closing = (ports: Ports): Handler['closeAgency'] => {
  const inTurn = serial()
  return (request, call) => inTurn('closing', () => close(ports, request, call))
}

const close = async (
  { streams, agencies, today }: Ports,
  request: CloseAgencyRequest,
  call: Call,
) => {
  const { agency, since, successor, basis, correction } = request
  const isWithdrawal = correction && since === ''
  const problems = changeProblems(request)
  const isDay = problems.since === undefined
  agencies.changed() // What is kept may be of before the last closing.
  validate({
    ...problems,
    ...(isWithdrawal && { since: undefined }),
    successor: successor && isDay ? await successorProblem(agencies, request) : undefined,
  })
  authorise(call, 'enrollment.CloseAgency', {})
  const end = { agency, since, ...(successor && { successor }), basis }
  const transacted = await streams.agencies.transact(agency, {
    ...writingOf(call, method.closeAgency, request),
    decide: state =>
      isWithdrawal
        ? withdrawClosing(state, { agency, basis })
        : closeAgency(state, end, today(), correction),
  })
  agencies.changed()
  return { recorded: await recordedOrThrow(transacted, agencyReasons) }
}

/** It exists on that day, and neither is this agency nor ever leads to it. */
const successorProblem = async (
  agencies: Agencies,
  { agency, successor, since }: CloseAgencyRequest,
): Promise<FieldProblem> => {
  const problem = await agencies.problem(successor, since)
  if (problem) return problem
  const leadsBack = leadsTo(await agencies.register(), successor, agency)
  return leadsBack ? 'own-successor-agency' : undefined
}

const listing = ({ agencies }: Ports) =>
  (async ({ pageSize: size, pageToken: token }, call) => {
    const filter = ['agencies']
    validate({ page_size: pageSizeProblem(size), page_token: pageTokenProblem(token, filter) })
    authorise(call, 'enrollment.ListAgencies', {})
    const after = afterOf(token) ?? ''
    const rest = [...(await agencies.register()).values()]
      .filter(({ code }) => code > after)
      .toSorted((a, b) => (a.code < b.code ? -1 : 1))
    const answers = rest.map(agency => [agency.code, messageOf(agency)] as const)
    const { items, next } = await cutPage(answers, pageSizeOf(size))
    return { agencies: [...items], nextPageToken: next && pageTokenOf(filter, next) }
  }) satisfies Handler['listAgencies']

const messageOf = ({ code, titles, closed }: RegisteredAgency) => ({
  code,
  titles: [...titles],
  closedSince: closed?.since ?? '',
  successor: closed?.successor ?? '',
})
