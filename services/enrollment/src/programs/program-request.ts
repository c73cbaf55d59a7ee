import { endFault } from '@jejak/competency/days'
import { learningFormMax } from '@jejak/events/learning'
import type {
  Cohort,
  OpenCohortRequest,
  Program,
  PublishProgramRequest,
} from '@jejak/proto/jejak/enrollment/v1/program'
import {
  codeProblem,
  dayProblem,
  type FieldProblem,
  itemsProblem,
  numberProblem,
  type Problems,
  problemsOfEach,
  problemsWithin,
  titleProblem,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import type { CohortTerms } from './cohort.ts'
import type { Syllabus } from './program.ts'

const targetsMax = 50
const modulesMax = 100

/** At most so many, and none of them twice. */
const several = (
  keys: readonly string[],
  most: number,
  twice: 'competency-twice' | 'module-twice',
): FieldProblem =>
  itemsProblem(keys, most) ?? (new Set(keys).size < keys.length ? twice : undefined)

const programProblems = ({ code: short, title, field, targets, modules, ...rest }: Program) =>
  problemsWithin('program', {
    code: codeProblem(short),
    title: titleProblem(title),
    field: codeProblem(field),
    targets: several(
      targets.map(({ framework, competency }) => `${framework}/${competency}`),
      targetsMax,
      'competency-twice',
    ),
    modules: several(
      modules.map(module => module.code),
      modulesMax,
      'module-twice',
    ),
    validity_months: numberProblem(rest.validityMonths, 1, 120),
    // 0: a client of before, which doesn't say it.
    form: numberProblem(rest.form, 0, learningFormMax),
    ...problemsOfEach('targets', targets.slice(0, targetsMax), target => ({
      framework: codeProblem(target.framework),
      competency: codeProblem(target.competency),
      level: numberProblem(target.level, 1, 5),
    })),
    ...problemsOfEach('modules', modules.slice(0, modulesMax), module => ({
      code: codeProblem(module.code),
      title: titleProblem(module.title),
      jp: numberProblem(module.jp, 1, 1000),
      practice_jp: numberProblem(module.practiceJp, 0, Math.max(0, module.jp)),
    })),
  })

export const readSyllabus = ({ requestId, program }: PublishProgramRequest): Syllabus => {
  const problems: Problems = program ? programProblems(program) : { program: 'missing' }
  validate({ request_id: uuidProblem(requestId), ...problems })
  const { code, title, field, targets, modules, validityMonths, form } = program as Program
  return {
    programId: requestId,
    code,
    title,
    field,
    targets: targets.map(({ framework, competency, level }) => ({ framework, competency, level })),
    modules: modules.map(({ code, title, jp, practiceJp }) => ({ code, title, jp, practiceJp })),
    validityMonths,
    ...(form > 0 && { form }),
  }
}

const cohortProblems = ({ programId, title, startsOn, endsOn, capacity }: Cohort) =>
  problemsWithin('cohort', {
    program_id: uuidProblem(programId),
    title: titleProblem(title),
    starts_on: dayProblem(startsOn),
    ends_on: dayProblem(endsOn) ?? endFault(startsOn, endsOn),
    capacity: numberProblem(capacity, 1, 10_000),
  })

export const readCohortTerms = ({ requestId, cohort }: OpenCohortRequest): CohortTerms => {
  const problems: Problems = cohort ? cohortProblems(cohort) : { cohort: 'missing' }
  validate({ request_id: uuidProblem(requestId), ...problems })
  const { programId, title, startsOn, endsOn, capacity } = cohort as Cohort
  return { cohortId: requestId, programId, title, startsOn, endsOn, capacity }
}
