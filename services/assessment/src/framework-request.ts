import type {
  Framework,
  PublishFrameworkRequest,
  SetStandardRequest,
  Standard,
} from '@jejak/proto/jejak/assessment/v1/framework'
import {
  codeProblem,
  dayProblem,
  type FieldProblem,
  itemsProblem,
  lastingProblem,
  numberProblem,
  type Problems,
  problemsOfEach,
  problemsWithin,
  reasonProblem,
  titleProblem,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import type { Dictionaries } from './dictionaries.ts'
import type { Dictionary } from './framework.ts'
import type { Requirements } from './standard.ts'

const competenciesMax = 500
const requirementsMax = 100
const kinds: readonly string[] = ['manajerial', 'sosial-kultural', 'teknis']

/** What was there before in the list must not be there again. */
const again = <T>(
  items: readonly T[],
  index: number,
  nameOf: (item: T) => string,
): FieldProblem => {
  const name = nameOf(items[index] as T)
  return items.findIndex(item => nameOf(item) === name) < index ? 'twice' : undefined
}

const frameworkProblems = (framework: Framework): Problems => ({
  framework_id: codeProblem(framework.frameworkId),
  title: titleProblem(framework.title),
  legal_basis: reasonProblem(framework.legalBasis),
  valid_from: dayProblem(framework.validFrom),
  competencies: itemsProblem(framework.competencies, competenciesMax),
  ...problemsOfEach(
    'competencies',
    framework.competencies.slice(0, competenciesMax),
    (item, index) => ({
      code: codeProblem(item.code) ?? again(framework.competencies, index, ({ code }) => code),
      title: titleProblem(item.title),
      kind: kinds.includes(item.kind) ? undefined : { key: 'one-of', values: { known: kinds } },
    }),
  ),
})

export const checkFramework = ({ requestId, framework }: PublishFrameworkRequest): void =>
  validate({
    request_id: uuidProblem(requestId),
    ...(framework
      ? problemsWithin('framework', frameworkProblems(framework))
      : { framework: 'missing' }),
  })

export const dictionaryOf = (framework: Framework): Dictionary => ({
  frameworkId: framework.frameworkId,
  title: framework.title,
  legalBasis: framework.legalBasis,
  validFrom: framework.validFrom,
  sample: framework.sample,
  competencies: framework.competencies.map(({ code, title, kind }) => ({
    code,
    title,
    kind: kind as Dictionary['competencies'][number]['kind'],
  })),
})

const standardProblems = async (
  dictionaries: Dictionaries,
  { position, validFrom, legalBasis, requirements }: Standard,
): Promise<Problems> => {
  const looked = requirements.slice(0, requirementsMax)
  const unknown = await Promise.all(looked.map(dictionaries.problems))
  return {
    position: codeProblem(position),
    valid_from: dayProblem(validFrom),
    legal_basis: lastingProblem(legalBasis, 1, 200),
    requirements: itemsProblem(requirements, requirementsMax),
    ...problemsOfEach('requirements', looked, ({ framework, competency, level }, index) => ({
      framework: codeProblem(framework),
      competency:
        codeProblem(competency) ??
        again(looked, index, ({ framework, competency }) => `${framework}/${competency}`),
      level: numberProblem(level, 1, 5),
      ...unknown[index],
    })),
  }
}

export const checkStandard = async (
  dictionaries: Dictionaries,
  { requestId, standard }: SetStandardRequest,
): Promise<void> =>
  validate({
    request_id: uuidProblem(requestId),
    ...(standard
      ? problemsWithin('standard', await standardProblems(dictionaries, standard))
      : { standard: 'missing' }),
  })

export const requirementsOf = (standard: Standard): Requirements => ({
  position: standard.position,
  validFrom: standard.validFrom,
  legalBasis: standard.legalBasis,
  requirements: standard.requirements.map(({ framework, competency, level }) => ({
    framework,
    competency,
    level,
  })),
})
