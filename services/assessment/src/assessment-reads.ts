import type { MessageInitShape } from '@bufbuild/protobuf'
import { type CommonDictionary, standardOn } from '@jejak/competency/figures/standard'
import { everyones } from '@jejak/competency/standards'
import type { Evidence } from '@jejak/events/assessment'
import {
  type AssessmentService,
  ContestStatus,
  type RecordedAssessmentSchema,
} from '@jejak/proto/jejak/assessment/v1/assessment'
import type { ResolvedEmployee } from '@jejak/rpc/directory-client'
import type { Handlers } from '@jejak/rpc/implement'
import { cutPage } from '@jejak/rpc/page'
import {
  afterOf,
  codeProblem,
  pageSizeOf,
  pageSizeProblem,
  pageTokenOf,
  pageTokenProblem,
  unlessEmpty,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import type { RuleKind } from '@jejak/rules/kinds'
import type { RuleSets } from '@jejak/rules/rule-sets'
import { phaseOf } from './assessment-request.ts'
import {
  type AssessmentEntry,
  assessmentsOf,
  type Contest,
  ratingsOfEntries,
} from './competency.ts'
import type { Dictionaries, PublishedFramework } from './dictionaries.ts'
import { retirementsIn } from './framework.ts'
import type { People } from './people.ts'
import { matchOf, profileOf } from './profile.ts'
import type { AssessmentStreams } from './streams.ts'

type Handler = Handlers<typeof AssessmentService>
type Answer = MessageInitShape<typeof RecordedAssessmentSchema>

type Ports = {
  readonly streams: AssessmentStreams
  readonly people: People
  readonly today: () => string
}

export const listingAssessments = ({ streams, people }: Ports) =>
  (async ({ asnId, pageSize: size, pageToken: token }, call) => {
    const filter = ['assessments', asnId]
    validate({
      asn_id: uuidProblem(asnId),
      page_size: pageSizeProblem(size),
      page_token: pageTokenProblem(token, filter),
    })
    const person = await people.touched(call, 'assessment.ListAssessments', { asnId })
    const records = await readAll(streams, person)
    const all = assessmentsOf(records)
    const after = afterOf(token)
    const idOf = ({ recorded }: AssessmentEntry) => recorded.content.assessmentId
    const rest = all.slice(all.findIndex(entry => idOf(entry) === after) + 1)
    const answers = Iterator.from(rest).map(entry => [idOf(entry), answerOf(entry)] as const)
    const { items, next } = await cutPage(answers, pageSizeOf(size))
    return {
      answer: { assessments: [...items], nextPageToken: next && pageTokenOf(filter, next) },
      asnIds: items.length > 0 ? [person.asnId] : [],
    }
  }) satisfies Handler['listAssessments']

/** The kinds of rules that a profile goes by. */
export const profileRules = [
  'level-policy',
  'offices',
  'position-levels',
  'match',
] as const satisfies readonly RuleKind[]

type ProfilePorts = Ports & {
  readonly dictionaries: Pick<Dictionaries, 'list'>
  /** The sets of these kinds that are known now. */
  readonly rules: () => Promise<RuleSets>
}

export const profiling = ({ streams, people, today, dictionaries, rules: known }: ProfilePorts) =>
  (async ({ asnId, position }, call) => {
    validate({ asn_id: uuidProblem(asnId), position: unlessEmpty(position, codeProblem) })
    const person = await people.touched(call, 'assessment.GetCompetencyProfile', { asnId })
    const records = await readAll(streams, person)
    const day = today()
    const rules = await known()
    const policy = rules.on('level-policy', day)
    if (!policy) throw new Error(`no rules say which level counts on ${day}`)
    const { standsIn, ...measured } = officeOf(position ? { position } : person)
    const set = await streams.standards.read(measured.position)
    const required = standardOn(measured, day, set, {
      offices: rules.on('offices', day),
      positionLevels: rules.on('position-levels', day),
      dictionaries: commonIn(await dictionaries.list()),
    })
    const standard = standsIn ? undefined : required
    const levels = profileOf(
      ratingsOfEntries(assessmentsOf(records)),
      standard?.requirements ?? [],
      policy,
      day,
    )
    const match = standard && matchOf(levels, rules.on('match', day), standard.office)
    const answer = {
      policy: policy.id,
      levels: [...levels],
      standard: standard?.position ?? '',
      standardValidFrom: standard?.validFrom ?? '',
      standardRuleSet: standard?.ruleSet ?? '',
      office: standard?.office ?? '',
      ...(match && { match }),
    }
    return { answer, asnIds: [person.asnId] }
  }) satisfies Handler['getCompetencyProfile']

/** The office that somebody is measured by: that which they hold, and not where they stand in. */
const officeOf = ({
  position,
  heldPosition,
  heldOffice,
  standsIn,
}: Pick<ResolvedEmployee, 'position' | 'heldPosition' | 'heldOffice' | 'standsIn'>) => ({
  position: heldPosition ?? position,
  ...(heldOffice && { office: heldOffice }),
  ...(standsIn && { standsIn }),
})

/** The versions of the dictionary of every position. */
const commonIn = (published: readonly PublishedFramework[]): readonly CommonDictionary[] =>
  published
    .filter(({ dictionary }) => dictionary.series === everyones.framework)
    .map(framework => ({
      frameworkId: framework.dictionary.frameworkId,
      validFrom: framework.dictionary.validFrom,
      competencies: framework.dictionary.competencies
        .filter(({ kind }) => kind === 'manajerial' || kind === 'sosial-kultural')
        .map(({ code }) => code),
      retired: retirementsIn(framework),
    }))

const readAll = ({ competencies }: AssessmentStreams, { records }: ResolvedEmployee) =>
  Promise.all(records.map(competencies.read))

const contestStatuses: Record<Contest['status'], ContestStatus> = {
  open: ContestStatus.OPEN,
  upheld: ContestStatus.UPHELD,
  dismissed: ContestStatus.DISMISSED,
  ended: ContestStatus.ENDED,
}

const answerOf = ({ recorded, contest }: AssessmentEntry): Answer => {
  const { content, agency, recordedAt, supersededBy = '', contestId = '' } = recorded
  const evidence: readonly Evidence[] = content.evidence
  return {
    assessmentId: content.assessmentId,
    assessment: {
      ...content,
      phase: phaseOf[content.phase],
      evidence: [...evidence],
    },
    agency,
    recordedAt,
    supersededBy,
    contest: contest ? contestStatuses[contest.status] : ContestStatus.UNSPECIFIED,
    contestId,
    contestDueOn: contest?.dueOn ?? '',
  }
}
