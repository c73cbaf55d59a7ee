import type { SetStandardRequest, Standard } from '@jejak/proto/jejak/assessment/v1/framework'
import {
  codeProblem,
  dayProblem,
  itemsProblem,
  lastingProblem,
  numberProblem,
  type Problems,
  problemsOfEach,
  problemsWithin,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import type { Dictionaries } from './dictionaries.ts'
import { again } from './framework-request.ts'
import type { Requirements } from './standard.ts'

const requirementsMax = 100

const standardProblems = async (
  dictionaries: Dictionaries,
  { position, validFrom, legalBasis, requirements }: Standard,
): Promise<Problems> => {
  const looked = requirements.slice(0, requirementsMax)
  const unknown = await Promise.all(
    looked.map(({ framework, competency, level }) =>
      dictionaries.problems({ framework, competency, level, on: validFrom }),
    ),
  )
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
