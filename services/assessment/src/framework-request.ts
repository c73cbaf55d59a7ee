import {
  type CompetencyDictionary,
  type CompetencyKind,
  competenciesMax,
  competencyBytesMax,
  competencyKinds,
  type DictionaryCompetency,
  dictionaryBytesMax,
  indicatorsMax,
} from '@jejak/competency/dictionary'
import type { Certainty } from '@jejak/competency/rules'
import { officialScale } from '@jejak/frameworks/official-scale'
import type {
  Competency,
  DescribedLevel,
  EquateCompetenciesRequest,
  Equivalent,
  Framework,
  PublishFrameworkRequest,
  RetireCompetencyRequest,
  ScaleLevel,
} from '@jejak/proto/jejak/assessment/v1/framework'
import {
  codeProblem,
  dayProblem,
  type FieldProblem,
  itemsProblem,
  lastingProblem,
  numberProblem,
  oneOfProblem,
  type Problems,
  problemsOfEach,
  problemsWithin,
  reasonProblem,
  titleProblem,
  unlessEmpty,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import type { Dictionaries } from './dictionaries.ts'
import type { Equated, Retired } from './framework.ts'

const equivalentsMax = 500
const certainties: readonly string[] = ['seen', 'second-hand', 'assumed']
const relations: readonly string[] = ['same', 'broader', 'narrower', 'none']

/** What was there before in the list must not be there again. */
export const again = <T>(
  items: readonly T[],
  index: number,
  nameOf: (item: T) => string | number,
): FieldProblem => {
  const name = nameOf(items[index] as T)
  return items.findIndex(item => nameOf(item) === name) < index ? 'twice' : undefined
}

const descriptionProblem = (most: number) => (value: string) => lastingProblem(value, 1, most)

const scaleProblems = (scale: readonly ScaleLevel[]): Problems => ({
  ...(scale.length > 5 && { scale: itemsProblem(scale, 5) }),
  ...problemsOfEach('scale', scale.slice(0, 5), ({ level, title }, index) => ({
    level:
      numberProblem(level, 1, 5) ??
      (index > 0 && level <= (scale[index - 1]?.level ?? 0) ? 'level-order' : undefined),
    title: titleProblem(title),
  })),
})

const levelsProblems = (levels: readonly DescribedLevel[], scale: readonly number[]): Problems => ({
  ...(levels.length > 5 && { levels: itemsProblem(levels, 5) }),
  ...problemsOfEach('levels', levels.slice(0, 5), (described, index) => {
    const { level, description, indicators } = described
    return {
      level: scale.includes(level)
        ? index > 0 && level <= (levels[index - 1]?.level ?? 0)
          ? 'level-order'
          : undefined
        : { key: 'level-unscaled', values: { levels: scale } },
      description: unlessEmpty(description, descriptionProblem(500)),
      indicators: itemsProblem(indicators, indicatorsMax),
      ...Object.fromEntries(
        indicators
          .slice(0, indicatorsMax)
          .map((text, at) => [`indicators[${at}]`, lastingProblem(text, 1, 500)]),
      ),
    }
  }),
})

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

const bytesProblem = (value: unknown, most: number): FieldProblem => {
  const bytes = bytesOf(value)
  return bytes > most ? { key: 'too-many-bytes', values: { bytes, most } } : undefined
}

/** Conduct is never rated: a dictionary without levels has nothing else, and others have none. */
const kindProblem = (kind: string, unlevelled: boolean): FieldProblem => {
  const kinds = competencyKinds.filter(known => (known === 'perilaku') === unlevelled)
  return oneOfProblem(kinds)(kind)
}

const competenciesProblems = (framework: Framework): Problems => {
  const { competencies, withoutLevels } = framework
  const scale = scaleOf(framework).map(({ level }) => level)
  const looked = competencies.slice(0, competenciesMax)
  const codes = new Set<string>()
  return {
    competencies:
      itemsProblem(competencies, competenciesMax) ??
      bytesProblem(looked.map(competencyIn), dictionaryBytesMax),
    ...problemsOfEach('competencies', looked, item => {
      const twice = codes.size === codes.add(item.code).size
      return {
        code: codeProblem(item.code) ?? (twice ? 'twice' : undefined),
        title: titleProblem(item.title),
        kind: kindProblem(item.kind, withoutLevels),
        description: unlessEmpty(item.description, descriptionProblem(2000)),
        group: unlessEmpty(item.group, titleProblem),
        identifier: unlessEmpty(item.identifier, descriptionProblem(200)),
        levels: bytesProblem(competencyIn(item), competencyBytesMax),
        ...levelsProblems(item.levels, scale),
      }
    }),
  }
}

const frameworkProblems = async (
  dictionaries: Dictionaries,
  framework: Framework,
): Promise<Problems> => {
  const { frameworkId, replaces, series, affair, withoutLevels, scale } = framework
  return {
    framework_id: codeProblem(frameworkId),
    title: titleProblem(framework.title),
    legal_basis: reasonProblem(framework.legalBasis),
    valid_from: dayProblem(framework.validFrom),
    description: unlessEmpty(framework.description, descriptionProblem(2000)),
    certainty: unlessEmpty(framework.certainty, oneOfProblem(certainties)),
    series: unlessEmpty(series, codeProblem),
    version: unlessEmpty(framework.version, descriptionProblem(50)),
    replaces: await replacesProblem(dictionaries, framework),
    ...(affair &&
      problemsWithin('affair', {
        id: codeProblem(affair.id),
        title: titleProblem(affair.title),
      })),
    ...(withoutLevels && scale.length > 0
      ? { scale: 'scale-without-levels' as const }
      : scaleProblems(scale)),
    ...(replaces && replaces === frameworkId && { replaces: 'itself' as const }),
    ...competenciesProblems(framework),
  }
}

/** The dictionary that it follows is of the same series. */
const replacesProblem = async (
  dictionaries: Dictionaries,
  { frameworkId, replaces, series }: Framework,
): Promise<FieldProblem> => {
  if (replaces === '') return undefined
  const problem = codeProblem(replaces) ?? (await dictionaries.idProblem(replaces))
  if (problem) return problem
  const before = await dictionaries.find(replaces)
  const common = before?.dictionary.series ?? ''
  return common === (series || frameworkId)
    ? undefined
    : { key: 'other-series', values: { series: common } }
}

export const checkFramework = async (
  dictionaries: Dictionaries,
  { requestId, framework }: PublishFrameworkRequest,
): Promise<void> =>
  validate({
    request_id: uuidProblem(requestId),
    ...(framework
      ? problemsWithin('framework', await frameworkProblems(dictionaries, framework))
      : { framework: 'missing' }),
  })

const scaleOf = ({ scale, withoutLevels }: Framework): CompetencyDictionary['scale'] => {
  if (withoutLevels) return []
  return scale.length === 0 ? officialScale() : scale.map(({ level, title }) => ({ level, title }))
}

const competencyIn = (sent: Competency): DictionaryCompetency => ({
  code: sent.code,
  title: sent.title,
  kind: sent.kind as CompetencyKind,
  ...(sent.description && { description: sent.description }),
  ...(sent.group && { group: sent.group }),
  ...(sent.levels.length > 0 && {
    levels: sent.levels.map(({ level, description, indicators }) => ({
      level,
      ...(description && { description }),
      indicators: [...indicators],
    })),
  }),
  ...(sent.identifier && { identifier: sent.identifier }),
})

export const dictionaryOf = (sent: Framework): CompetencyDictionary => ({
  frameworkId: sent.frameworkId,
  title: sent.title,
  legalBasis: sent.legalBasis,
  validFrom: sent.validFrom,
  sample: sent.sample,
  series: sent.series || sent.frameworkId,
  scale: scaleOf(sent),
  ...(sent.description && { description: sent.description }),
  ...(sent.certainty && { certainty: sent.certainty as Certainty }),
  ...(sent.version && { version: sent.version }),
  ...(sent.replaces && { replaces: sent.replaces }),
  ...(sent.affair && { affair: { id: sent.affair.id, title: sent.affair.title } }),
  competencies: sent.competencies.map(competencyIn),
})

export const checkRetirement = async (
  dictionaries: Dictionaries,
  { requestId, frameworkId, retirement }: RetireCompetencyRequest,
): Promise<void> => {
  const { competency = '', since = '', reason = '', successor } = retirement ?? {}
  const itself = successor?.framework === frameworkId && successor.competency === competency
  const problems: Problems = {
    competency: codeProblem(competency),
    since: dayProblem(since),
    reason: reasonProblem(reason),
    ...(successor &&
      problemsWithin('successor', {
        framework: codeProblem(successor.framework),
        competency: codeProblem(successor.competency) ?? (itself ? 'itself' : undefined),
        ...withoutEmpty(await dictionaries.nameProblems(successor)),
      })),
  }
  validate({
    request_id: uuidProblem(requestId),
    framework_id: codeProblem(frameworkId),
    ...(retirement ? problemsWithin('retirement', problems) : { retirement: 'missing' }),
  })
}

const withoutEmpty = (problems: Problems): Problems =>
  Object.fromEntries(Object.entries(problems).filter(([, problem]) => problem !== undefined))

export const retiredOf = ({ frameworkId, retirement }: RetireCompetencyRequest): Retired => {
  const { competency = '', since = '', reason = '', successor } = retirement ?? {}
  return {
    frameworkId,
    competency,
    since,
    reason,
    ...(successor && { successor: nameOf(successor) }),
  }
}

const nameOf = ({ framework, competency }: { framework: string; competency: string }) => ({
  framework,
  competency,
})

const otherOf = ({ other }: Equivalent) => ({
  framework: other?.framework ?? '',
  competency: other?.competency ?? '',
})

export const checkEquivalents = async (
  dictionaries: Dictionaries,
  { requestId, frameworkId, equivalents }: EquateCompetenciesRequest,
): Promise<void> => {
  const looked = equivalents.slice(0, equivalentsMax)
  const unknown = await Promise.all(
    looked.map(async each => withoutEmpty(await dictionaries.nameProblems(otherOf(each)))),
  )
  const pair = (each: Equivalent) => `${each.competency} ${Object.values(otherOf(each)).join('/')}`
  validate({
    request_id: uuidProblem(requestId),
    framework_id: codeProblem(frameworkId),
    equivalents: itemsProblem(equivalents, equivalentsMax),
    ...problemsOfEach('equivalents', looked, (each, index) => {
      const { competency, relation, reason } = each
      const other = otherOf(each)
      const itself = other.framework === frameworkId && other.competency === competency
      return {
        competency: codeProblem(competency) ?? again(looked, index, pair),
        relation: oneOfProblem(relations)(relation),
        reason: reasonProblem(reason),
        ...problemsWithin('other', {
          framework: codeProblem(other.framework),
          competency: codeProblem(other.competency) ?? (itself ? 'itself' : undefined),
          ...unknown[index],
        }),
      }
    }),
  })
}

export const equatedOf = ({
  frameworkId,
  equivalents,
}: EquateCompetenciesRequest): readonly Equated[] =>
  equivalents.map(each => ({
    frameworkId,
    competency: each.competency,
    relation: each.relation as Equated['relation'],
    other: otherOf(each),
    reason: each.reason,
  }))
