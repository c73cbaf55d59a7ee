import type { CompetencyDictionary } from '@jejak/competency/dictionary'
import {
  type Equivalent,
  type Resolvable,
  type Retirement,
  relatedTo,
  resolveCompetency,
} from '@jejak/frameworks/equivalents'
import type { FrameworkService } from '@jejak/proto/jejak/assessment/v1/framework'
import { authorise } from '@jejak/rpc/authorise'
import { refusedBy } from '@jejak/rpc/error'
import type { Handlers } from '@jejak/rpc/implement'
import { cutPage } from '@jejak/rpc/page'
import {
  afterOf,
  codeProblem,
  dayProblem,
  momentOf,
  momentProblem,
  pageSizeOf,
  pageSizeProblem,
  pageTokenOf,
  pageTokenProblem,
  unlessEmpty,
  validate,
} from '@jejak/rpc/validate'
import type { Checks } from './assessment-request.ts'
import type { PublishedFramework } from './dictionaries.ts'
import { competencyOf, equivalentsIn, retirementsIn } from './framework.ts'

type Handler = Handlers<typeof FrameworkService>
type Ports = Pick<Checks, 'dictionaries' | 'today'>

/** The header, as an answer has it. */
const headerOf = ({ competencies: _, scale, ...header }: CompetencyDictionary) => ({
  ...header,
  scale: [...scale],
  withoutLevels: scale.length === 0,
})

const recordedRetirement = ({ eventId, ...retirement }: Retirement) => ({ retirement, eventId })
const recordedEquivalent = ({ eventId, ...equivalent }: Equivalent) => ({ equivalent, eventId })

/** A dictionary that was known by a time, with what was known of it. */
const knownBy = (
  framework: PublishedFramework,
  knownAt: string | undefined,
): Resolvable | undefined => {
  if (knownAt !== undefined && framework.recordedAt > knownAt) return undefined
  const { frameworkId, series, validFrom } = framework.dictionary
  return {
    frameworkId,
    series,
    validFrom,
    retirements: retirementsIn(framework, knownAt),
    equivalents: equivalentsIn(framework, knownAt),
  }
}

/** Each competency with what is known of it, so that a page has all that belongs to it. */
const described = (framework: PublishedFramework, all: readonly Resolvable[]) => {
  const { frameworkId, competencies } = framework.dictionary
  const retirements = all.find(each => each.frameworkId === frameworkId)?.retirements ?? []
  return competencies.map(competency => ({
    competency,
    retirements: retirements.filter(each => each.competency === competency.code),
    equivalents: relatedTo(all, { framework: frameworkId, competency: competency.code }),
  }))
}

export const getting = ({ dictionaries }: Ports) =>
  (async (request, call) => {
    const { frameworkId, pageToken, knownAt } = request
    const filter = ['framework', frameworkId, knownAt]
    validate({
      framework_id: codeProblem(frameworkId),
      page_size: pageSizeProblem(request.pageSize),
      page_token: pageTokenProblem(pageToken, filter),
      known_at: unlessEmpty(knownAt, momentProblem),
    })
    authorise(call, 'assessment.GetFramework', {})
    const moment = momentOf(knownAt)
    const framework = await dictionaries.find(frameworkId)
    if (!framework || !knownBy(framework, moment)) throw refusedBy('FRAMEWORK_UNKNOWN')
    const all = await dictionaries.list()
    const known = all.flatMap(each => knownBy(each, moment) ?? [])
    const items = described(framework, known)
    const from = items.findIndex(({ competency }) => competency.code === afterOf(pageToken)) + 1
    const keyed = items.slice(from).map(item => [item.competency.code, item] as const)
    const most = request.pageSize === 0 ? items.length : pageSizeOf(request.pageSize)
    const page = await cutPage(keyed, most)
    return {
      framework: {
        ...headerOf(framework.dictionary),
        competencies: page.items.map(({ competency: { levels = [], ...competency } }) => ({
          ...competency,
          levels: levels.map(level => ({ ...level, indicators: [...level.indicators] })),
        })),
      },
      nextPageToken: page.next && pageTokenOf(filter, page.next),
      retirements: page.items.flatMap(({ retirements }) => retirements.map(recordedRetirement)),
      equivalents: page.items.flatMap(({ equivalents }) => equivalents.map(recordedEquivalent)),
      competencyCount: items.length,
    }
  }) satisfies Handler['getFramework']

export const listing = ({ dictionaries }: Ports) =>
  (async ({ pageSize: size, pageToken: token, series }, call) => {
    const filter = ['frameworks', series]
    validate({
      page_size: pageSizeProblem(size),
      page_token: pageTokenProblem(token, filter),
      series: unlessEmpty(series, codeProblem),
    })
    authorise(call, 'assessment.ListFrameworks', {})
    const after = afterOf(token) ?? ''
    const answers = (await dictionaries.list())
      .map(({ dictionary }) => dictionary)
      .filter(dictionary => series === '' || dictionary.series === series)
      .filter(({ frameworkId }) => frameworkId > after)
      .map(dictionary => [dictionary.frameworkId, headerOf(dictionary)] as const)
    const { items, next } = await cutPage(answers, pageSizeOf(size))
    return { frameworks: [...items], nextPageToken: next && pageTokenOf(filter, next) }
  }) satisfies Handler['listFrameworks']

export const resolving = ({ dictionaries, today }: Ports) =>
  (async ({ frameworkId, competency, on, knownAt }, call) => {
    validate({
      framework_id: codeProblem(frameworkId),
      competency: codeProblem(competency),
      on: unlessEmpty(on, dayProblem),
      known_at: unlessEmpty(knownAt, momentProblem),
    })
    authorise(call, 'assessment.ResolveCompetency', {})
    const day = on || today()
    const moment = momentOf(knownAt)
    const known = (await dictionaries.list()).flatMap(each => knownBy(each, moment) ?? [])
    const found = await dictionaries.find(frameworkId)
    if (!found || !known.some(each => each.frameworkId === frameworkId)) {
      throw refusedBy('FRAMEWORK_UNKNOWN')
    }
    if (!competencyOf(found.dictionary, competency)) throw refusedBy('COMPETENCY_UNKNOWN')
    const resolved = resolveCompetency(known, { framework: frameworkId, competency }, day)
    return {
      ...(resolved.current && { current: resolved.current }),
      steps: resolved.steps.map(({ framework, competency, because, eventId }) => ({
        competency: { framework, competency },
        because,
        eventId,
      })),
      related: resolved.related.map(recordedEquivalent),
      ...(resolved.retirement && { retirement: recordedRetirement(resolved.retirement) }),
    }
  }) satisfies Handler['resolveCompetency']
