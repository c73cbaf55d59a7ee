import { Type } from 'typebox'
import { event } from './declaration.ts'
import { date, sealed, title, uuid } from './fields.ts'

const closed = { additionalProperties: false }
const career = { kind: 'career', id: 'asnId' } as const

/** Education, the highest first. */
export const educations = [
  ...['S-3', 'S-2', 'S-1', 'D-IV', 'D-III', 'D-II', 'D-I'],
  ...['SLTA', 'SLTP', 'SD'],
] as const

/** Predicates of a year's performance (PermenPANRB 6/2022), the best first. */
export const predicates = [
  ...['sangat-baik', 'baik', 'butuh-perbaikan', 'kurang', 'sangat-kurang'],
] as const

/** Codes of `latihanStruktural` of SIASN. */
export const structuralTrainings = ['1', '2', '3', '4', '5', '6', '7', '8'] as const

const recorded = {
  asnId: uuid,
  /** The request that recorded it: a later record names it to take its place. */
  recordId: uuid,
  /** The record that was wrong, and that this one stands for. */
  replaces: Type.Optional(uuid),
  /** Where it is known from: a system, or the number of a letter. */
  source: title,
}

/** Somebody has finished an education. Stream `career/<asnId>`, as all that follow. */
const qualificationRecorded = Type.Object(
  {
    ...recorded,
    education: Type.Enum([...educations]),
    /** Field of study. */
    field: Type.Optional(title),
    graduatedOn: date,
  },
  closed,
)

/** The performance (SKP) of a year: the last that was recorded of a year counts. */
const performanceRecorded = Type.Object(
  {
    ...recorded,
    year: Type.Integer({ minimum: 1950, maximum: 9999 }),
    /** When it was assessed. */
    assessedOn: date,
    value: Type.Optional(Type.Number({ minimum: 0, maximum: 200 })),
    predicate: Type.Optional(Type.Enum([...predicates])),
  },
  closed,
)

/** Training for an office that leads others. */
const structuralTrainingRecorded = Type.Object(
  { ...recorded, training: Type.Enum([...structuralTrainings]), completedOn: date },
  closed,
)

/**
 * HR states all punishments of the five years before a day, none of them also: one event for both,
 * so that nobody can see from the log who was punished. The latest one counts.
 */
const disciplineStated = Type.Object({ asnId: uuid, asOf: date, statement: sealed }, closed)

/** What the index of professionality (IP-ASN) asks of a career beside training. */
export const careerEvents = {
  QualificationRecorded: event({
    version: 1,
    schema: qualificationRecorded,
    stream: career,
    about: { person: 'asnId' },
    day: 'graduatedOn',
    summary: ['education', 'field'],
    sentence: ({ education, field }) => ({
      en: `graduated: ${education}${field ? `, ${field}` : ''}`,
      id: `lulus: ${education}${field ? `, ${field}` : ''}`,
    }),
  }),
  PerformanceRecorded: event({
    version: 1,
    schema: performanceRecorded,
    stream: career,
    about: { person: 'asnId' },
    day: 'assessedOn',
    summary: ['year', 'value', 'predicate'],
    sentence: ({ year, value, predicate }) => ({
      en: `performance of ${year}: ${predicate ?? value}`,
      id: `kinerja ${year}: ${predicate ?? value}`,
    }),
  }),
  StructuralTrainingRecorded: event({
    version: 1,
    schema: structuralTrainingRecorded,
    stream: career,
    about: { person: 'asnId' },
    day: 'completedOn',
    summary: ['training'],
    sentence: ({ training }) => ({
      en: `completed structural training ${training}`,
      id: `menyelesaikan latihan struktural ${training}`,
    }),
  }),
  DisciplineStated: event({
    version: 1,
    schema: disciplineStated,
    stream: career,
    about: { person: 'asnId' },
    day: 'asOf',
    summary: [],
    sentence: ({ asOf }) => ({
      en: `HR stated the punishments up to ${asOf}, or that there are none`,
      id: `kepegawaian menyatakan hukuman disiplin sampai ${asOf}, atau tidak ada`,
    }),
  }),
}
