import { inForce } from '@jejak/competency/rules'
import { isRefusal } from '@jejak/eventsourcing/decider'
import {
  EquateCompetenciesRequestSchema,
  type Framework,
  FrameworkService,
  PublishFrameworkRequestSchema,
  RetireCompetencyRequestSchema,
  SetStandardRequestSchema,
  type Standard,
} from '@jejak/proto/jejak/assessment/v1/framework'
import { authorise } from '@jejak/rpc/authorise'
import { refusedBy } from '@jejak/rpc/error'
import { type Handlers, implement } from '@jejak/rpc/implement'
import type { Recall } from '@jejak/rpc/recall'
import { contentOf } from '@jejak/rpc/request'
import { codeProblem, dayProblem, unlessEmpty, validate } from '@jejak/rpc/validate'
import { recordedOrThrow, writing } from '@jejak/rpc/write'
import type { Checks } from './assessment-request.ts'
import { equateCompetencies, publishFramework, retireCompetency } from './framework.ts'
import { getting, listing, resolving } from './framework-reads.ts'
import {
  checkEquivalents,
  checkFramework,
  checkRetirement,
  dictionaryOf,
  equatedOf,
  retiredOf,
} from './framework-request.ts'
import { frameworkReasons } from './reasons.ts'
import { setStandard } from './standard.ts'
import { checkStandard, requirementsOf } from './standard-request.ts'
import type { AssessmentStreams } from './streams.ts'

type Ports = Checks & { readonly streams: AssessmentStreams; readonly recall: Recall }
type Handler = Handlers<typeof FrameworkService>
const { method } = FrameworkService

export const frameworkRpc = (ports: Ports) => {
  const { retryingUnary } = ports.recall
  return implement(FrameworkService, {
    publishFramework: retryingUnary(method.publishFramework, publishing(ports)),
    getFramework: getting(ports),
    listFrameworks: listing(ports),
    retireCompetency: retryingUnary(method.retireCompetency, retiring(ports)),
    equateCompetencies: retryingUnary(method.equateCompetencies, equating(ports)),
    resolveCompetency: resolving(ports),
    setStandard: retryingUnary(method.setStandard, setting(ports)),
    getStandard: async ({ position, on }, call) => {
      validate({ position: codeProblem(position), on: unlessEmpty(on, dayProblem) })
      authorise(call, 'assessment.GetStandard', {})
      const standard = inForce(await ports.streams.standards.read(position), on || ports.today())
      if (!standard) throw refusedBy('STANDARD_UNKNOWN')
      return { standard }
    },
  })
}

const publishing = ({ streams, dictionaries }: Ports) =>
  (async (request, call) => {
    const { requestId } = request
    await checkFramework(dictionaries, request)
    authorise(call, 'assessment.PublishFramework', {})
    const dictionary = dictionaryOf(request.framework as Framework)
    if (request.validateOnly) {
      const current = await streams.frameworks.read(dictionary.frameworkId)
      const outcome = publishFramework(current, dictionary)
      if (isRefusal(outcome)) throw refusedBy(frameworkReasons[outcome.refused])
      return {}
    }
    const content = contentOf(PublishFrameworkRequestSchema, request)
    const transacted = await streams.frameworks.transact(dictionary.frameworkId, {
      ...writing(call, method.publishFramework, requestId, content),
      decide: current => publishFramework(current, dictionary),
    })
    return { recorded: await recordedOrThrow(transacted, frameworkReasons) }
  }) satisfies Handler['publishFramework']

const retiring = ({ streams, dictionaries }: Ports) =>
  (async (request, call) => {
    const { requestId, frameworkId } = request
    await checkRetirement(dictionaries, request)
    authorise(call, 'assessment.RetireCompetency', {})
    const retired = retiredOf(request)
    const content = contentOf(RetireCompetencyRequestSchema, request)
    const transacted = await streams.frameworks.transact(frameworkId, {
      ...writing(call, method.retireCompetency, requestId, content),
      decide: current => retireCompetency(current, retired),
    })
    dictionaries.changed(frameworkId)
    return { recorded: await recordedOrThrow(transacted, frameworkReasons) }
  }) satisfies Handler['retireCompetency']

const equating = ({ streams, dictionaries }: Ports) =>
  (async (request, call) => {
    const { requestId, frameworkId } = request
    await checkEquivalents(dictionaries, request)
    authorise(call, 'assessment.EquateCompetencies', {})
    const pairs = equatedOf(request)
    const content = contentOf(EquateCompetenciesRequestSchema, request)
    const transacted = await streams.frameworks.transact(frameworkId, {
      ...writing(call, method.equateCompetencies, requestId, content),
      decide: current => equateCompetencies(current, pairs),
    })
    dictionaries.changed(frameworkId)
    return { recorded: await recordedOrThrow(transacted, frameworkReasons) }
  }) satisfies Handler['equateCompetencies']

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
