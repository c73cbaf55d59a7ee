import { RuleService } from '@jejak/proto/jejak/enrollment/v1/rules'
import { authorise } from '@jejak/rpc/authorise'
import { invalid, refusedBy } from '@jejak/rpc/error'
import { type Handlers, implement } from '@jejak/rpc/implement'
import { cutPage } from '@jejak/rpc/page'
import type { Recall } from '@jejak/rpc/recall'
import {
  afterOf,
  codeProblem,
  dayProblem,
  momentOf,
  momentProblem,
  oneOfProblem,
  pageSizeOf,
  pageSizeProblem,
  pageTokenOf,
  pageTokenProblem,
  unlessEmpty,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import { recordedOrThrow } from '@jejak/rpc/write'
import { checkRuleSet } from '@jejak/rules/built-in'
import { type DatedRules, type RuleKind, ruleKinds } from '@jejak/rules/kinds'
import { ruleViolations } from '@jejak/texts/rule-faults'
import { ruleSetReasons } from '../reasons.ts'
import type { EnrollmentStreams } from '../streams.ts'
import { writingOf } from '../writing.ts'
import { adoptionOf, type RuleRegister } from './rule-register.ts'
import { adoptRuleSet, type KnownRuleSet } from './rule-set.ts'

type Ports = {
  readonly streams: EnrollmentStreams
  readonly ruleRegister: RuleRegister
  readonly recall: Recall
  readonly today: () => string
}
type Handler = Handlers<typeof RuleService>
const { method } = RuleService

export const ruleRpc = (ports: Ports) =>
  implement(RuleService, {
    adoptRuleSet: ports.recall.retryingUnary(method.adoptRuleSet, adopting(ports)),
    listRuleSets: listing(ports),
    getRuleSet: getting(ports),
  })

const adopting = ({ streams, ruleRegister }: Ports) =>
  (async (request, call) => {
    const { requestId, content } = request
    const set = await checkedSet(ruleRegister, content)
    validate({ request_id: uuidProblem(requestId) })
    authorise(call, 'enrollment.AdoptRuleSet', {})
    const transacted = await streams.ruleSets.transact(set.kind, {
      ...writingOf(call, method.adoptRuleSet, request),
      decide: state => adoptRuleSet(state, adoptionOf(set, content)),
    })
    ruleRegister.changed()
    return { recorded: await recordedOrThrow(transacted, ruleSetReasons) }
  }) satisfies Handler['adoptRuleSet']

/** Throws all that is wrong with a file, each with its line. */
const checkedSet = async (register: RuleRegister, content: string): Promise<DatedRules> => {
  const adopted = (await register.rules()).all('offices')
  const checked = checkRuleSet(Buffer.from(content), adopted)
  if ('set' in checked) return checked.set
  throw invalid(ruleViolations(checked.problems))
}

const kindProblem = oneOfProblem(ruleKinds)

const listing = ({ ruleRegister, today }: Ports) =>
  (async ({ kind, pageSize: size, pageToken: token }, call) => {
    const filter = ['rule-sets', kind]
    validate({
      kind: unlessEmpty(kind, kindProblem),
      page_size: pageSizeProblem(size),
      page_token: pageTokenProblem(token, filter),
    })
    authorise(call, 'enrollment.ListRuleSets', {})
    const after = afterOf(token) ?? ''
    const inForce = await inForceOn(ruleRegister, today())
    const answers = (await ruleRegister.adopted())
      .filter(set => kind === '' || set.kind === kind)
      .map((set, at) => [placeOf(set, at), messageOf(set, inForce)] as const)
      .filter(([place]) => place > after)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
    const { items, next } = await cutPage(answers, pageSizeOf(size))
    return { ruleSets: [...items], nextPageToken: next && pageTokenOf(filter, next) }
  }) satisfies Handler['listRuleSets']

const getting = ({ ruleRegister, today }: Ports) =>
  (async ({ kind, ruleSetId, on, knownAt }, call) => {
    validate({
      kind: kindProblem(kind),
      rule_set_id: unlessEmpty(ruleSetId, codeProblem),
      on: unlessEmpty(on, dayProblem),
      known_at: unlessEmpty(knownAt, momentProblem),
    })
    authorise(call, 'enrollment.GetRuleSet', {})
    const moment = momentOf(knownAt)
    const rules = await ruleRegister.rules(moment)
    const held = ruleSetId === '' ? rules.on(kind as RuleKind, on || today()) : undefined
    const found = (await ruleRegister.adopted()).find(set =>
      ruleSetId === '' ? set.id === held?.adoptedBy : isNamed(set, kind, ruleSetId),
    )
    const isKnown = found && (moment === undefined || found.time <= moment)
    if (found && isKnown) {
      const holding = await inForceOn(ruleRegister, today())
      return { ruleSet: messageOf(found, holding), content: found.content }
    }
    if (!held) throw refusedBy('RULE_SET_UNKNOWN')
    const { content } = held
    return { ruleSet: { ...adoptionOf(held, content), adoptedAt: '', eventId: '' }, content }
  }) satisfies Handler['getRuleSet']

const isNamed = (set: KnownRuleSet, kind: string, ruleSetId: string): boolean =>
  set.kind === kind && set.ruleSetId === ruleSetId

/** The events of the sets that hold on a day. */
const inForceOn = async (register: RuleRegister, day: string): Promise<ReadonlySet<string>> => {
  const rules = await register.rules()
  return new Set(ruleKinds.flatMap(kind => rules.on(kind, day)?.adoptedBy ?? []))
}

/** Those of one kind stand in the order of their recording. */
const placeOf = ({ kind, validFrom }: KnownRuleSet, at: number): string =>
  `${kind}/${validFrom}/${String(at).padStart(10, '0')}`

const messageOf = (set: KnownRuleSet, inForce: ReadonlySet<string>) => {
  const { kind, ruleSetId, validFrom, legalBasis, certainty, sha256, time, id } = set
  return {
    ...{ kind, ruleSetId, validFrom, legalBasis, certainty, sha256 },
    adoptedAt: time,
    eventId: id,
    inForce: inForce.has(id),
  }
}
