import type {
  Cohort,
  OpenCohortRequest,
  Program,
  PublishProgramRequest,
} from '@jejak/proto/jejak/enrollment/v1/program'
import {
  code,
  date,
  each,
  type Problems,
  text,
  uuid,
  validate,
  whole,
  within,
} from '@jejak/rpc/validate'
import type { Plan } from './cohort.ts'
import type { Syllabus } from './program.ts'

const missing = 'is missing'
const targetsMax = 50
const modulesMax = 100

/** Between `min` and `max` of a thing, and none of them twice. */
const several = (keys: readonly string[], max: number, what: string): string | undefined => {
  if (keys.length < 1 || keys.length > max) return `must have 1 to ${max}`
  return new Set(keys).size < keys.length ? `has ${what} twice` : undefined
}

const programProblems = ({ code: short, title, field, targets, modules, ...rest }: Program) =>
  within('program', {
    code: code(short),
    title: text(title, 1, 200),
    field: code(field),
    targets: several(
      targets.map(({ framework, competency }) => `${framework}/${competency}`),
      targetsMax,
      'a competency',
    ),
    modules: several(
      modules.map(module => module.code),
      modulesMax,
      'the code of a module',
    ),
    validity_months: whole(rest.validityMonths, 1, 120),
    ...each('targets', targets.slice(0, targetsMax), target => ({
      framework: code(target.framework),
      competency: code(target.competency),
      level: whole(target.level, 1, 5),
    })),
    ...each('modules', modules.slice(0, modulesMax), module => ({
      code: code(module.code),
      title: text(module.title, 1, 200),
      jp: whole(module.jp, 1, 1000),
      practice_jp: whole(module.practiceJp, 0, Math.max(0, module.jp)),
    })),
  })

export const readSyllabus = ({ requestId, program }: PublishProgramRequest): Syllabus => {
  const problems: Problems = program ? programProblems(program) : { program: missing }
  validate({ request_id: uuid(requestId), ...problems })
  const { code, title, field, targets, modules, validityMonths } = program as Program
  return {
    programId: requestId,
    code,
    title,
    field,
    targets: targets.map(({ framework, competency, level }) => ({ framework, competency, level })),
    modules: modules.map(({ code, title, jp, practiceJp }) => ({ code, title, jp, practiceJp })),
    validityMonths,
  }
}

const cohortProblems = ({ programId, title, startsOn, endsOn, capacity }: Cohort) =>
  within('cohort', {
    program_id: uuid(programId),
    title: text(title, 1, 200),
    starts_on: date(startsOn),
    ends_on: date(endsOn) ?? (endsOn < startsOn ? 'must not be before starts_on' : undefined),
    capacity: whole(capacity, 1, 10_000),
  })

export const readPlan = ({ requestId, cohort }: OpenCohortRequest): Plan => {
  const problems: Problems = cohort ? cohortProblems(cohort) : { cohort: missing }
  validate({ request_id: uuid(requestId), ...problems })
  const { programId, title, startsOn, endsOn, capacity } = cohort as Cohort
  return { cohortId: requestId, programId, title, startsOn, endsOn, capacity }
}
