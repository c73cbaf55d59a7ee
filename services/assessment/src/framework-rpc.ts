import { inForce } from '@jejak/competency/rules'
import {
  type Framework,
  FrameworkService,
  PublishFrameworkRequestSchema,
  SetStandardRequestSchema,
  type Standard,
} from '@jejak/proto/jejak/assessment/v1/framework'
import { authorise } from '@jejak/rpc/authorise'
import { refusedBy } from '@jejak/rpc/error'
import { type Handlers, implement } from '@jejak/rpc/implement'
import { cutPage } from '@jejak/rpc/page'
import type { Recall } from '@jejak/rpc/recall'
import { contentOf } from '@jejak/rpc/request'
import {
  afterOf,
  codeProblem,
  dayProblem,
  pageSizeOf,
  pageSizeProblem,
  pageTokenOf,
  pageTokenProblem,
  unlessEmpty,
  validate,
} from '@jejak/rpc/validate'
import { recordedOrThrow, writing } from '@jejak/rpc/write'
import type { Checks } from './assessment-request.ts'
import { publishFramework } from './framework.ts'
import { checkFramework, checkStandard, dictionaryOf, requirementsOf } from './framework-request.ts'
import { frameworkReasons } from './reasons.ts'
import { setStandard } from './standard.ts'
import type { AssessmentStreams } from './streams.ts'

type Ports = Checks & { readonly streams: AssessmentStreams; readonly recall: Recall }
type Handler = Handlers<typeof FrameworkService>
const { method } = FrameworkService

export const frameworkRpc = (ports: Ports) =>
  implement(FrameworkService, {
    publishFramework: ports.recall.retryingUnary(method.publishFramework, publishing(ports)),
    getFramework: async ({ frameworkId }, call) => {
      validate({ framework_id: codeProblem(frameworkId) })
      authorise(call, 'assessment.GetFramework', {})
      const dictionary = await ports.dictionaries.find(frameworkId)
      if (!dictionary) throw refusedBy('FRAMEWORK_UNKNOWN')
      return { framework: dictionary }
    },
    listFrameworks: listing(ports),
    setStandard: ports.recall.retryingUnary(method.setStandard, setting(ports)),
    getStandard: async ({ position, on }, call) => {
      validate({ position: codeProblem(position), on: unlessEmpty(on, dayProblem) })
      authorise(call, 'assessment.GetStandard', {})
      const standard = inForce(await ports.streams.standards.read(position), on || ports.today())
      if (!standard) throw refusedBy('STANDARD_UNKNOWN')
      return { standard }
    },
  })

const publishing = ({ streams }: Ports) =>
  (async (request, call) => {
    const { requestId } = request
    checkFramework(request)
    authorise(call, 'assessment.PublishFramework', {})
    const dictionary = dictionaryOf(request.framework as Framework)
    const content = contentOf(PublishFrameworkRequestSchema, request)
    const transacted = await streams.frameworks.transact(dictionary.frameworkId, {
      ...writing(call, method.publishFramework, requestId, content),
      decide: current => publishFramework(current, dictionary),
    })
    return { recorded: await recordedOrThrow(transacted, frameworkReasons) }
  }) satisfies Handler['publishFramework']

const listing = ({ dictionaries }: Ports) =>
  (async ({ pageSize: size, pageToken: token }, call) => {
    const filter = ['frameworks']
    validate({ page_size: pageSizeProblem(size), page_token: pageTokenProblem(token, filter) })
    authorise(call, 'assessment.ListFrameworks', {})
    const after = afterOf(token) ?? ''
    const rest = (await dictionaries.list()).filter(({ frameworkId }) => frameworkId > after)
    const answers = rest.map(
      ({ competencies: _, ...framework }) => [framework.frameworkId, framework] as const,
    )
    const { items, next } = await cutPage(answers, pageSizeOf(size))
    return { frameworks: [...items], nextPageToken: next && pageTokenOf(filter, next) }
  }) satisfies Handler['listFrameworks']

const setting = ({ streams, dictionaries }: Ports) =>
  (async (request, call) => {
    const { requestId } = request
    await checkStandard(dictionaries, request)
    authorise(call, 'assessment.SetStandard', {})
    const requirements = requirementsOf(request.standard as Standard)
    const content = contentOf(SetStandardRequestSchema, request)
    const transacted = await streams.standards.transact(requirements.position, {
      ...writing(call, method.setStandard, requestId, content),
      decide: current => setStandard(current, requirements),
    })
    return { recorded: await recordedOrThrow(transacted, {}) }
  }) satisfies Handler['setStandard']
