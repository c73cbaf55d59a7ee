import type { RegisteredArchive } from '@jejak/competency/archives'
import {
  type Archive,
  ArchiveService,
  RegisterArchiveRequestSchema,
} from '@jejak/proto/jejak/assessment/v1/archive'
import { authorise } from '@jejak/rpc/authorise'
import { type Handlers, implement } from '@jejak/rpc/implement'
import { cutPage } from '@jejak/rpc/page'
import type { Recall } from '@jejak/rpc/recall'
import { contentOf } from '@jejak/rpc/request'
import {
  afterOf,
  codeProblem,
  dayProblem,
  type Problems,
  pageSizeOf,
  pageSizeProblem,
  pageTokenOf,
  pageTokenProblem,
  problemsWithin,
  titleProblem,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import { recordedOrThrow, writing } from '@jejak/rpc/write'
import { registerArchive } from './archive.ts'
import type { Archives } from './archives.ts'
import { archiveReasons } from './reasons.ts'
import type { AssessmentStreams } from './streams.ts'

type Ports = {
  readonly streams: AssessmentStreams
  readonly archives: Archives
  readonly recall: Recall
}
type Handler = Handlers<typeof ArchiveService>
const { method } = ArchiveService

export const archiveRpc = (ports: Ports) =>
  implement(ArchiveService, {
    registerArchive: ports.recall.retryingUnary(method.registerArchive, registering(ports)),
    listArchives: listing(ports),
  })

const archiveProblems = ({ code, title, from, until }: Archive): Problems => ({
  code: codeProblem(code),
  title: titleProblem(title),
  from: dayProblem(from),
  until:
    until === ''
      ? undefined
      : (dayProblem(until) ?? (until < from ? 'until-before-from' : undefined)),
})

const archiveOf = ({ code, title, from, until }: Archive): RegisteredArchive => ({
  code,
  title,
  from,
  ...(until && { until }),
})

const registering = ({ streams, archives }: Ports) =>
  (async (request, call) => {
    const { requestId, archive: sent } = request
    validate({
      request_id: uuidProblem(requestId),
      ...(sent ? problemsWithin('archive', archiveProblems(sent)) : { archive: 'missing' }),
    })
    authorise(call, 'assessment.RegisterArchive', {})
    const registered = archiveOf(sent as Archive)
    const content = contentOf(RegisterArchiveRequestSchema, request)
    const transacted = await streams.archives.transact(registered.code, {
      ...writing(call, method.registerArchive, requestId, content),
      decide: current => registerArchive(current, registered),
    })
    archives.changed(registered.code)
    return { recorded: await recordedOrThrow(transacted, archiveReasons) }
  }) satisfies Handler['registerArchive']

const listing = ({ archives }: Ports) =>
  (async ({ pageSize: size, pageToken: token }, call) => {
    const filter = ['archives']
    validate({ page_size: pageSizeProblem(size), page_token: pageTokenProblem(token, filter) })
    authorise(call, 'assessment.ListArchives', {})
    const after = afterOf(token) ?? ''
    const rest = (await archives.list()).filter(({ code }) => code > after)
    const answers = rest.map(archive => [archive.code, archive] as const)
    const { items, next } = await cutPage(answers, pageSizeOf(size))
    return { archives: [...items], nextPageToken: next && pageTokenOf(filter, next) }
  }) satisfies Handler['listArchives']
