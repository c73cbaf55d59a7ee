import type { Load, Projector } from '@jejak/consumer/port'
import { assessmentEvents } from '@jejak/events/assessment'
import { enrollmentEvents } from '@jejak/events/enrollment'
import { correlationProblem } from '@jejak/rpc/call'
import {
  type ConsumedEvent,
  type EnrollmentDocument,
  type EventNamed,
  enrollmentKey,
  loadRecord,
  type PersonRecord,
  type ProgramDocument,
  personKey,
  personRecords,
  programKey,
  type Todo,
  todoKey,
} from './read-model.ts'

type Documents = ReadonlyMap<string, unknown>
type Handlers = {
  readonly [T in ConsumedEvent['type']]?: (
    event: EventNamed<T>,
    load: Load,
    position: number,
  ) => Change
}
/** Documents, and the person whose enrollments it may have made ready. */
type Change = Promise<{ readonly documents: Documents; readonly asnId?: string }>

/**
 * The documents after an event, and a todo for each enrollment that it may have made ready. They do
 * not depend on the order in which streams arrive: each fact adds to a set, and sets are sorted.
 */
export const certificationProjector: Projector = async ({ log, position }, entry, load) => {
  const { id, correlationid } = entry
  const event = (log === 'assessment' ? assessmentEvents : enrollmentEvents).lift(entry)
  const handle = event && (handlers as Record<string, Handler | undefined>)[event.type]
  if (!handle) return new Map()
  const { documents, asnId } = await handle(event as never, load, position)
  if (asnId === undefined) return documents
  const todo: Todo = {
    causationid: id,
    // An older event may have a NIP there: no new one takes it over.
    ...(typeof correlationid === 'string' &&
      !correlationProblem(correlationid) && { correlationid }),
  }
  const ready = await completedOf(asnId, over(load, documents))
  return new Map([
    ...documents,
    ...ready.map(enrollmentId => [todoKey(enrollmentId), todo] as const),
  ])
}

type Handler = (event: never, load: Load, position: number) => Change

const enrolled = async (
  enrollmentId: string,
  enrollment: EnrollmentDocument,
  load: Load,
): Change => {
  const { asnId } = enrollment
  const record = await loadRecord(load, asnId)
  const enrollments = added(record.enrollments, enrollmentId)
  return {
    asnId,
    documents: new Map<string, unknown>([
      [enrollmentKey(enrollmentId), enrollment],
      [personKey(asnId), { ...record, enrollments } satisfies PersonRecord],
    ]),
  }
}

const handlers: Handlers = {
  ProgramPublished: async ({ programId, code, targets, validityMonths }) => ({
    documents: new Map([
      [programKey(programId), { code, targets, validityMonths } satisfies ProgramDocument],
    ]),
  }),
  EnrollmentNominated: ({ enrollmentId, asnId, programId, cohortId }, load, nominatedAt) =>
    enrolled(enrollmentId, { asnId, programId, cohortId, nominatedAt, status: 'open' }, load),
  EnrollmentCompleted: async ({ enrollmentId, asnId, programId }, load) => {
    const [before] = (await load([enrollmentKey(enrollmentId)])) as [EnrollmentDocument?]
    return enrolled(enrollmentId, { ...before, asnId, programId, status: 'completed' }, load)
  },
  SubjectErased: async ({ asnId }, load) => {
    const record = { ...(await loadRecord(load, asnId)), erased: true } satisfies PersonRecord
    return { documents: new Map([[personKey(asnId), record]]) }
  },
  EmployeeMerged: async ({ asnId, survivorId }, load) => {
    const duplicate = await loadRecord(load, asnId)
    const survivor = await loadRecord(load, survivorId)
    const linked = (record: PersonRecord, other: string): PersonRecord => ({
      ...record,
      merged: added(record.merged, other),
    })
    return {
      asnId,
      documents: new Map([
        [personKey(asnId), linked(duplicate, survivorId)],
        [personKey(survivorId), linked(survivor, asnId)],
      ]),
    }
  },
  AssessmentRecorded: async ({ asnId }) => rated(asnId),
  AssessmentCorrected: async ({ asnId }) => rated(asnId),
  ContestResolved: async ({ asnId }) => rated(asnId),
}

/** The ratings themselves are read when they matter: few people wait for a certificate. */
const rated = (asnId: string) => ({ asnId, documents: new Map() })

/** The person's enrollments that are completed and have no certificate, under any record. */
const completedOf = async (asnId: string, load: Load): Promise<readonly string[]> => {
  const records = await personRecords(load, asnId)
  const ids = [...records.values()].flatMap(({ enrollments }) => enrollments)
  const enrollments = await load(ids.map(enrollmentKey))
  return ids.filter(
    (_, at) => (enrollments[at] as EnrollmentDocument | undefined)?.status === 'completed',
  )
}

const added = (set: readonly string[], item: string): readonly string[] =>
  [...new Set([...set, item])].sort()

/** Loads as if the documents were stored. */
const over =
  (load: Load, documents: Documents): Load =>
  async keys => {
    const before = await load(keys)
    return keys.map((key, at) => (documents.has(key) ? documents.get(key) : before[at]))
  }
