import { isDeepStrictEqual } from 'node:util'
import type { StreamEventOf } from '@jejak/events/declaration'
import type { enrollmentEvents } from '@jejak/events/enrollment'
import { type Decider, type Outcome, refuse } from '@jejak/eventsourcing/decider'

export type CareerEvent = StreamEventOf<typeof enrollmentEvents, 'career'>
export type DisciplineStated = Extract<CareerEvent, { readonly type: 'DisciplineStated' }>
/** An education, the performance of a year, or a structural training. */
export type CareerRecord = Exclude<CareerEvent, DisciplineStated>

/** In the order of recording. */
export type Career = {
  readonly records: readonly CareerRecord[]
  readonly statements: readonly DisciplineStated[]
}

const adding = (state: Career, record: CareerRecord): Career => ({
  ...state,
  records: [...state.records, record],
})

export const career: Decider<Career, CareerEvent> = {
  initial: { records: [], statements: [] },
  evolve: {
    QualificationRecorded: adding,
    PerformanceRecorded: adding,
    StructuralTrainingRecorded: adding,
    DisciplineStated: (state, stated) => ({
      ...state,
      statements: [...state.statements, stated],
    }),
  },
}

export type Refused = 'ReplacesUnknown'
type Decided = Outcome<CareerEvent, Refused>

/** The same is not recorded twice, whoever sends it again. */
export const recordCareer = (current: Career, record: CareerRecord): Decided => {
  const ofKind = current.records.filter(({ type }) => type === record.type)
  const { replaces } = record
  if (replaces !== undefined && !ofKind.some(({ recordId }) => recordId === replaces)) {
    return refuse('ReplacesUnknown')
  }
  const known = latestLike(ofKind, record)
  return known && isDeepStrictEqual(contentOf(known), contentOf(record)) ? [] : [record]
}

/** The record that the new one would repeat: of a year the last, else any that counts. */
const latestLike = (ofKind: readonly CareerRecord[], record: CareerRecord) => {
  if (record.type === 'PerformanceRecorded') {
    return ofKind.findLast(known => 'year' in known && known.year === record.year)
  }
  const replaced = new Set(ofKind.map(({ replaces }) => replaces))
  return ofKind.findLast(
    known =>
      !replaced.has(known.recordId) && isDeepStrictEqual(contentOf(known), contentOf(record)),
  )
}

const contentOf = ({ recordId: _, ...content }: CareerRecord) => content

/** `isStated`: the last statement says the same, which only its plaintext shows. */
export const stateDiscipline = (
  _: Career,
  { asnId, asOf, statement }: Omit<DisciplineStated, 'type'>,
  isStated: boolean,
): Decided => (isStated ? [] : [{ type: 'DisciplineStated', asnId, asOf, statement }])
