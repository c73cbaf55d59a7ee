import type { MessageInitShape } from '@bufbuild/protobuf'
import { dueOf } from '@jejak/competency/rules'
import { subjectRequestKinds, subjectRequestOutcomes } from '@jejak/events/subject-requests'
import { plain, unseal } from '@jejak/privacy/seal'
import type { Vault } from '@jejak/privacy/vault'
import {
  type ListSubjectRequestsRequest,
  type SubjectRequestSchema,
  SubjectRequestService,
} from '@jejak/proto/jejak/enrollment/v1/subject_request'
import { authorise } from '@jejak/rpc/authorise'
import type { Call } from '@jejak/rpc/call'
import { refusedBy } from '@jejak/rpc/error'
import { type Handlers, type Implementation, implementAudited } from '@jejak/rpc/implement'
import type { ReadAudit } from '@jejak/rpc/read-audit'
import type { Recall } from '@jejak/rpc/recall'
import {
  afterOf,
  oneOfProblem,
  pageSizeOf,
  pageSizeProblem,
  pageTokenOf,
  pageTokenProblem,
  reasonProblem,
  textProblem,
  unlessEmpty,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import { recordedOrThrow } from '@jejak/rpc/write'
import type { LocalDirectory } from './directory.ts'
import { type List, type Lists, listPage } from './lists.ts'
import { subjectRequestReasons } from './reasons.ts'
import type { EnrollmentStreams } from './streams.ts'
import { answerByWord, file, type SubjectRequest } from './subject-request.ts'
import { keyedContent, ownOf, writingOf } from './writing.ts'

type Handler = Handlers<typeof SubjectRequestService>
const { method } = SubjectRequestService

export type SubjectRequestPorts = {
  readonly streams: EnrollmentStreams
  readonly directory: LocalDirectory
  readonly vault: Pick<Vault, 'keys'>
  readonly lists: Lists
  readonly audit: ReadAudit
  readonly recall: Recall
  /** Milliseconds since the epoch. */
  readonly clock: () => number
}

const filing = ({ streams, directory, vault, clock }: SubjectRequestPorts) =>
  (async (request, call) => {
    const { requestId, statement } = request
    const kind = subjectRequestKinds.find(known => known === request.kind)
    validate({
      request_id: uuidProblem(requestId),
      asn_id: uuidProblem(request.asnId),
      kind: oneOfProblem(subjectRequestKinds)(request.kind),
      // In paragraphs, if they like.
      statement: textProblem(statement.replaceAll(/[\r\n\t]/g, ' '), 1, 2_000),
    })
    const person = await directory.survivor(request.asnId)
    const touched = person ? await directory.touched(request.asnId) : ownOf(call)
    authorise(call, 'enrollment.FileSubjectRequest', touched)
    if (!person) throw refusedBy('EMPLOYEE_UNKNOWN')
    const { asnId } = person
    const [key] = await vault.keys([asnId])
    if (!key || key === 'erased' || !kind) throw refusedBy('EMPLOYEE_ERASED')
    const { dueMs, rule } = dueOf(kind, clock())
    const filed = { requestId, asnId, kind, rule, dueAt: new Date(dueMs).toISOString() }
    const transacted = await streams.subjectRequests.transact(requestId, {
      ...writingOf(call, method.fileSubjectRequest, request, { key }),
      decide: state =>
        file(state, {
          ...filed,
          filedBy: call.principal.role === 'asn' ? 'asn' : 'hr',
          statement: plain(key, statement),
        }),
    })
    if ('unchanged' in transacted) throw refusedBy('REQUEST_ID_REUSED')
    const recorded = await recordedOrThrow(transacted, subjectRequestReasons)
    return { ...(await filedAs({ streams }, requestId)), recorded }
  }) satisfies Handler['fileSubjectRequest']

/** What the log has: a retry is answered with the deadline that was given first. */
const filedAs = async (
  { streams }: Pick<SubjectRequestPorts, 'streams'>,
  subjectRequestId: string,
) => {
  const stored = await streams.subjectRequests.read(subjectRequestId)
  return { subjectRequestId, dueAt: stored.status === 'absent' ? '' : stored.filed.dueAt }
}

const answering = ({ streams }: Pick<SubjectRequestPorts, 'streams'>) =>
  (async (request, call) => {
    const { subjectRequestId, reason } = request
    const outcome = subjectRequestOutcomes.find(known => known === request.outcome)
    validate({
      request_id: uuidProblem(request.requestId),
      subject_request_id: uuidProblem(subjectRequestId),
      outcome: oneOfProblem(subjectRequestOutcomes)(request.outcome),
      reason: reasonProblem(reason),
    })
    authorise(call, 'enrollment.AnswerSubjectRequest', {})
    if (!outcome) throw new Error('it was not validated')
    const transacted = await streams.subjectRequests.transact(subjectRequestId, {
      ...writingOf(call, method.answerSubjectRequest, request),
      decide: state => answerByWord(state, { outcome, reason }),
    })
    return { recorded: await recordedOrThrow(transacted, subjectRequestReasons) }
  }) satisfies Handler['answerSubjectRequest']

const listing = (ports: SubjectRequestPorts) =>
  (async (request, call) => {
    const { asnId, pageToken: token } = request
    const filter = ['subject-requests', asnId]
    validate({
      asn_id: unlessEmpty(asnId, uuidProblem),
      page_size: pageSizeProblem(request.pageSize),
      page_token: pageTokenProblem(token, filter),
    })
    const ids = ports.lists.ids(await listsOf(ports, request, call), afterOf(token))
    const { items, next } = await listPage(ids, pageSizeOf(request.pageSize), chunk =>
      Promise.all(chunk.map(id => messageOf(ports, id.slice(id.lastIndexOf('/') + 1)))),
    )
    const opened = items.some(({ statement }) => statement !== '')
    return {
      answer: { requests: [...items], nextPageToken: next && pageTokenOf(filter, next) },
      asnIds: items.map(({ asnId }) => asnId),
      fields: ['requests', ...(opened ? ['statement'] : [])],
    }
  }) satisfies Handler['listSubjectRequests']

const listsOf = async (
  { directory }: SubjectRequestPorts,
  { asnId }: ListSubjectRequestsRequest,
  call: Call,
): Promise<readonly List[]> => {
  const action = 'enrollment.ListSubjectRequests'
  if (asnId === '') {
    authorise(call, action, {})
    return ['subject-open']
  }
  const records = await directory.records(asnId)
  authorise(call, action, records.length > 0 ? await directory.touched(asnId) : ownOf(call))
  if (records.length === 0) throw refusedBy('EMPLOYEE_UNKNOWN')
  return records.map(record => `subject/${record.asnId}` as const)
}

type Message = MessageInitShape<typeof SubjectRequestSchema> & { readonly asnId: string }

const hourMs = 3_600_000

const messageOf = async (
  { streams, vault, clock }: SubjectRequestPorts,
  id: string,
): Promise<Message | undefined> => {
  const state = await streams.subjectRequests.read(id)
  if (state.status === 'absent') return undefined
  const { requestId, asnId, kind, filedBy, dueAt, statement } = state.filed
  const [key] = await vault.keys([asnId])
  const opened = key && unseal(statement, key)
  const isOpen = state.status === 'open'
  return {
    ...{ subjectRequestId: requestId, asnId, kind, filedBy, dueAt },
    statement: typeof opened === 'string' ? opened : '',
    hoursLeft: isOpen ? Math.floor((Date.parse(dueAt) - clock()) / hourMs) : 0,
    ...endOf(state),
  }
}

const endOf = (state: Exclude<SubjectRequest, { readonly status: 'absent' }>) =>
  state.status === 'open'
    ? { status: 'open', reason: '' }
    : { status: state.answer.outcome, reason: state.answer.reason }

export const subjectRequestRpc = (ports: SubjectRequestPorts): Implementation => {
  const { retryingUnary } = ports.recall
  return implementAudited(SubjectRequestService, () => ports.audit, {
    fileSubjectRequest: retryingUnary(method.fileSubjectRequest, filing(ports), {
      content: keyedContent(ports.vault)(method.fileSubjectRequest.input),
      answer: async (recorded, { requestId }) => ({
        ...(await filedAs(ports, requestId)),
        recorded,
      }),
    }),
    answerSubjectRequest: retryingUnary(method.answerSubjectRequest, answering(ports)),
    listSubjectRequests: listing(ports),
  })
}

export type OpenRequests = { readonly open: number; readonly overdue: number }

/** By their keys, which begin with the moment by which each is due. */
export const countOpen = async ({ ids }: Lists, now: number): Promise<OpenRequests> => {
  const moment = new Date(now).toISOString()
  let open = 0
  let overdue = 0
  for await (const key of ids(['subject-open'])) {
    open++
    if (key < moment) overdue++
  }
  return { open, overdue }
}
