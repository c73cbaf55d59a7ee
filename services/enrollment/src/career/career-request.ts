import { educations, predicates, structuralTrainings } from '@jejak/events/career'
import type {
  Performance,
  Punishment,
  Qualification,
  RecordCareerRequest,
  StateDisciplineRequest,
  StructuralTraining,
} from '@jejak/proto/jejak/enrollment/v1/career'
import {
  dayProblem,
  type FieldProblem,
  itemsProblem,
  numberProblem,
  oneOfProblem,
  type Problems,
  pastDayProblem,
  problemsOfEach,
  problemsWithin,
  titleProblem,
  unlessEmpty,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import type { CareerRecord } from './career.ts'

const firstYear = 1950
const valueMax = 200
const punishmentsMax = 20
export const punishmentLevels = ['ringan', 'sedang', 'berat'] as const

/** `Kurang/misconduct`, as SIASN has it, is `kurang`. */
const predicateOf = (words: string): string =>
  words
    .trim()
    .toLowerCase()
    .replace(/\/misconduct$/, '')
    .replaceAll(/\s+/g, '-')

/** Throws with everything that is wrong. */
export const checkCareer = (request: RecordCareerRequest, today: string): void => {
  const { qualification, performance, structuralTraining } = request
  const given = [qualification, performance, structuralTraining].filter(Boolean)
  validate({
    request_id: uuidProblem(request.requestId),
    asn_id: uuidProblem(request.asnId),
    source: titleProblem(request.source),
    replaces: unlessEmpty(request.replaces, uuidProblem),
    ...(given.length === 0 && { qualification: 'missing' }),
    ...(qualification &&
      problemsWithin('qualification', qualificationProblems(qualification, today))),
    ...(performance && problemsWithin('performance', performanceProblems(performance, today))),
    ...(structuralTraining &&
      problemsWithin('structural_training', trainingProblems(structuralTraining, today))),
  })
}

const qualificationProblems = (sent: Qualification, today: string): Problems => ({
  education: oneOfProblem(educations)(sent.education),
  field: unlessEmpty(sent.field, titleProblem),
  graduated_on: pastDayProblem(sent.graduatedOn, today),
})

const performanceProblems = (sent: Performance, today: string): Problems => {
  const { year, assessedOn, value, predicate } = sent
  return {
    year: numberProblem(
      year,
      firstYear,
      Number((dayProblem(assessedOn) ? today : assessedOn).slice(0, 4)),
    ),
    assessed_on: pastDayProblem(assessedOn, today),
    ...(value !== undefined && { value: valueProblem(value) }),
    ...((value === undefined || predicate !== '') && {
      predicate:
        value !== undefined && predicate !== ''
          ? ({ key: 'one-of', values: { known: ['value', 'predicate'] } } as const)
          : oneOfProblem(predicates)(predicateOf(predicate)),
    }),
  }
}

/** A fraction is allowed, which `numberProblem` refuses. */
const valueProblem = (value: number): FieldProblem =>
  value >= 0 && value <= valueMax ? undefined : numberProblem(-1, 0, valueMax)

const trainingProblems = (sent: StructuralTraining, today: string): Problems => ({
  training: oneOfProblem(structuralTrainings)(sent.training),
  completed_on: pastDayProblem(sent.completedOn, today),
})

export const checkDiscipline = (request: StateDisciplineRequest, today: string): void =>
  validate({
    request_id: uuidProblem(request.requestId),
    asn_id: uuidProblem(request.asnId),
    as_of: pastDayProblem(request.asOf, today),
    source: titleProblem(request.source),
    // None is an answer too.
    ...(request.punishments.length > 0 && {
      punishments: itemsProblem(request.punishments, punishmentsMax),
    }),
    ...problemsOfEach('punishments', request.punishments.slice(0, punishmentsMax), sent =>
      punishmentProblems(sent, request.asOf),
    ),
  })

const punishmentProblems = ({ level, on, until }: Punishment, asOf: string): Problems => ({
  level: oneOfProblem(punishmentLevels)(level),
  on: dayProblem(asOf) ? dayProblem(on) : pastDayProblem(on, asOf),
  until: unlessEmpty(until, dayProblem),
})

/** The events of a request that was checked. */
export const careerRecordsOf = (
  request: RecordCareerRequest,
  asnId: string,
): readonly CareerRecord[] => {
  const { requestId: recordId, source, replaces } = request
  const own = { asnId, recordId, source, ...(replaces && { replaces }) }
  const { qualification, performance, structuralTraining } = request
  const records: CareerRecord[] = []
  if (qualification) {
    const { field, graduatedOn } = qualification
    const education = qualification.education as (typeof educations)[number]
    records.push({
      type: 'QualificationRecorded',
      ...{ ...own, education, ...(field && { field }), graduatedOn },
    })
  }
  if (performance) {
    const { year, assessedOn, value } = performance
    const predicate = predicateOf(performance.predicate) as (typeof predicates)[number]
    const scored = value === undefined ? { predicate } : { value }
    records.push({ type: 'PerformanceRecorded', ...own, year, assessedOn, ...scored })
  }
  if (structuralTraining) {
    const { completedOn } = structuralTraining
    const training = structuralTraining.training as (typeof structuralTrainings)[number]
    records.push({ type: 'StructuralTrainingRecorded', ...own, training, completedOn })
  }
  return records
}
