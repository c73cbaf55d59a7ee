import type { MessageInitShape } from '@bufbuild/protobuf'
import { may } from '@jejak/access/rights'
import type { HourRuleSet } from '@jejak/competency/figures/hours'
import {
  type EnrollmentSchema,
  type EnrollmentService,
  EnrollmentStatus,
  type ListEnrollmentsRequest,
} from '@jejak/proto/jejak/enrollment/v1/enrollment'
import { authorise } from '@jejak/rpc/authorise'
import type { Call } from '@jejak/rpc/call'
import { refusedBy } from '@jejak/rpc/error'
import type { Handlers } from '@jejak/rpc/implement'
import {
  afterOf,
  pageSizeOf,
  pageSizeProblem,
  pageTokenOf,
  pageTokenProblem,
  unlessEmpty,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import type { LocalDirectory } from './directory.ts'
import { attendance, type Begun, type DaysKnown, type Module } from './enrollment.ts'
import { type List, type Lists, listPage } from './lists.ts'
import type { RuleRegister } from './registers/rule-register.ts'
import type { EnrollmentStreams } from './streams.ts'
import { ownOf } from './writing.ts'

export type EnrollmentPorts = {
  readonly streams: EnrollmentStreams
  readonly directory: LocalDirectory
  readonly lists: Lists
  /** The day in Makassar. */
  readonly today: () => string
  readonly ruleRegister: Pick<RuleRegister, 'rules'>
}
type Handler = Handlers<typeof EnrollmentService>

/** An enrollment touches its person, and the agency that answers for the person today. */
export const begunOf = async (
  { streams, directory }: Pick<EnrollmentPorts, 'streams' | 'directory'>,
  enrollmentId: string,
) => {
  const state = await streams.enrollments.read(enrollmentId)
  return state.status === 'absent'
    ? undefined
    : { state, touched: await directory.touched(state.nomination.asnId) }
}

export const modulesOf = async (
  streams: EnrollmentStreams,
  programId: string,
): Promise<readonly Module[]> => {
  const program = await streams.programs.read(programId)
  return program.status === 'absent' ? [] : program.syllabus.modules
}

/** The rules of hours that are known now. */
export const hourSets = async ({
  ruleRegister,
}: Pick<EnrollmentPorts, 'ruleRegister'>): Promise<readonly HourRuleSet[]> =>
  (await ruleRegister.rules()).all('hours')

/** What days of an enrollment are compared with. */
export const daysKnownOf = async (
  ports: EnrollmentPorts,
  { asnId, cohortId }: Begun['nomination'],
): Promise<DaysKnown> => {
  const [cohort, [life = {}], hours] = await Promise.all([
    ports.streams.cohorts.read(cohortId),
    ports.directory.lifeDays([asnId]),
    hourSets(ports),
  ])
  return { ...(cohort.status === 'open' && { cohort: cohort.plan }), life, hours }
}

export const gettingEnrollment = (ports: EnrollmentPorts) =>
  (async ({ enrollmentId }, call) => {
    validate({ enrollment_id: uuidProblem(enrollmentId) })
    const begun = await begunOf(ports, enrollmentId)
    authorise(call, 'enrollment.GetEnrollment', begun?.touched ?? ownOf(call))
    if (!begun) throw refusedBy('ENROLLMENT_UNKNOWN')
    const { state } = begun
    return {
      answer: { enrollment: await messageOf(ports, state, await hourSets(ports)) },
      asnIds: [state.nomination.asnId],
    }
  }) satisfies Handler['getEnrollment']

export const listingEnrollments = (ports: EnrollmentPorts) =>
  (async (request, call) => {
    const { cohortId, asnId, pageToken: token } = request
    const filter = ['enrollments', cohortId, asnId]
    validate({
      cohort_id:
        (cohortId === '') === (asnId === '')
          ? 'cohort-or-person'
          : unlessEmpty(cohortId, uuidProblem),
      asn_id: unlessEmpty(asnId, uuidProblem),
      page_size: pageSizeProblem(request.pageSize),
      page_token: pageTokenProblem(token, filter),
    })
    const ids = ports.lists.ids(await listsOf(ports, request, call), afterOf(token))
    const hours = await hourSets(ports)
    const { items, next } = await listPage(ids, pageSizeOf(request.pageSize), chunk =>
      Promise.all(
        chunk.map(async id => {
          const begun = await begunOf(ports, id)
          // A caller sees only those people of a cohort whom they have a right to.
          const visible = begun && may(call.principal, 'enrollment.ListEnrollments', begun.touched)
          return visible ? messageOf(ports, begun.state, hours) : undefined
        }),
      ),
    )
    return {
      answer: { enrollments: [...items], nextPageToken: next && pageTokenOf(filter, next) },
      asnIds: items.map(({ asnId = '' }) => asnId),
    }
  }) satisfies Handler['listEnrollments']

const listsOf = async (
  { streams, directory }: EnrollmentPorts,
  { cohortId, asnId }: ListEnrollmentsRequest,
  call: Call,
): Promise<readonly List[]> => {
  if (cohortId) {
    authorise(call, 'enrollment.ListEnrollments', ownOf(call))
    const { status } = await streams.cohorts.read(cohortId)
    if (status === 'absent') throw refusedBy('COHORT_UNKNOWN')
    return [`cohort/${cohortId}`]
  }
  const records = await directory.records(asnId)
  const touched = records.length > 0 ? await directory.touched(asnId) : ownOf(call)
  authorise(call, 'enrollment.ListEnrollments', touched)
  if (records.length === 0) throw refusedBy('EMPLOYEE_UNKNOWN')
  return records.map(record => `asn/${record.asnId}` as const)
}

const statuses: Record<Begun['status'], EnrollmentStatus> = {
  nominated: EnrollmentStatus.NOMINATED,
  approved: EnrollmentStatus.APPROVED,
  refused: EnrollmentStatus.REFUSED,
  completed: EnrollmentStatus.COMPLETED,
  withdrawn: EnrollmentStatus.WITHDRAWN,
}

const messageOf = async (
  { streams }: Pick<EnrollmentPorts, 'streams'>,
  state: Begun,
  hours: readonly HourRuleSet[],
): Promise<MessageInitShape<typeof EnrollmentSchema>> => ({
  ...state.nomination,
  status: statuses[state.status],
  attendance: attendance(state, await modulesOf(streams, state.nomination.programId), hours),
  reason: state.reason ?? '',
  completedOn: state.completedOn ?? '',
})
