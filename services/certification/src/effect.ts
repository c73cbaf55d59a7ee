import type { Load, Projector } from '@jejak/consumer/consumer'
import { assessmentEvents } from '@jejak/events/assessment'
import { enrollmentEvents } from '@jejak/events/enrollment'
import type { EventOf } from '@jejak/eventsourcing/catalogue'
import { type PersonRecord, personKey, personRecords, unknownRecord } from './person.ts'

type Heard = EventOf<typeof enrollmentEvents> | EventOf<typeof assessmentEvents>
type Named<T extends Heard['type']> = Extract<Heard, { readonly type: T }>

/** Document `program/<programId>`: what its certificates take. */
export type Program = Pick<Named<'ProgramPublished'>, 'code' | 'targets' | 'validityMonths'>

/** Document `enrollment/<enrollmentId>`. */
export type Enrollment = {
  readonly asnId: string
  readonly programId: string
  /** Certified is what the process manager says of it: nothing that is heard later is for it. */
  readonly status: 'open' | 'completed' | 'certified'
}

/** Document `todo/<enrollmentId>`: it may have become ready, because of this event. */
export type Todo = { readonly causationid: string; readonly correlationid?: string }

export const programKey = (programId: string): string => `program/${programId}`
export const enrollmentKey = (enrollmentId: string): string => `enrollment/${enrollmentId}`
export const todoPrefix = 'todo/'
export const todoKey = (enrollmentId: string): string => todoPrefix + enrollmentId

type Documents = ReadonlyMap<string, unknown>
type Handlers = {
  readonly [T in Heard['type']]?: (event: Named<T>, load: Load) => Change
}
/** Documents, and the person whose enrollments it may have made ready. */
type Change = Promise<{ readonly documents: Documents; readonly asnId?: string }>

/**
 * The documents after an event, and a todo for each enrollment that it may have made ready. They do
 * not depend on the order in which streams arrive: each fact adds to a set, and sets are sorted.
 */
export const effect: Projector = async ({ log }, entry, load) => {
  const { id, correlationid } = entry
  const event = (log === 'assessment' ? assessmentEvents : enrollmentEvents).lift(entry)
  const handle = event && (handlers as Record<string, Handler | undefined>)[event.type]
  if (!handle) return new Map()
  const { documents, asnId } = await handle(event as never, load)
  if (asnId === undefined) return documents
  const todo: Todo = {
    causationid: id,
    ...(typeof correlationid === 'string' && { correlationid }),
  }
  const ready = await completedOf(asnId, over(load, documents))
  return new Map([
    ...documents,
    ...ready.map(enrollmentId => [todoKey(enrollmentId), todo] as const),
  ])
}

type Handler = (event: never, load: Load) => Change

const enrolled =
  (status: Enrollment['status']) =>
  async (
    { enrollmentId, asnId, programId }: Named<'EnrollmentCompleted' | 'EnrollmentNominated'>,
    load: Load,
  ): Change => {
    const enrollment: Enrollment = { asnId, programId, status }
    const person = await personOf(asnId, load)
    const enrollments = added(person.enrollments, enrollmentId)
    return {
      asnId,
      documents: new Map<string, unknown>([
        [enrollmentKey(enrollmentId), enrollment],
        [personKey(asnId), { ...person, enrollments } satisfies PersonRecord],
      ]),
    }
  }

const handlers: Handlers = {
  ProgramPublished: async ({ programId, code, targets, validityMonths }) => ({
    documents: new Map([
      [programKey(programId), { code, targets, validityMonths } satisfies Program],
    ]),
  }),
  EnrollmentNominated: enrolled('open'),
  EnrollmentCompleted: enrolled('completed'),
  EmployeeMerged: async ({ asnId, survivorId }, load) => {
    const [duplicate, survivor] = [await personOf(asnId, load), await personOf(survivorId, load)]
    const linked = (person: PersonRecord, other: string): PersonRecord => ({
      ...person,
      merged: added(person.merged, other),
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

/** What the ratings are is asked when it matters: hardly anybody waits for a certificate. */
const rated = (asnId: string) => ({ asnId, documents: new Map() })

const personOf = async (asnId: string, load: Load): Promise<PersonRecord> => {
  const [person] = await load([personKey(asnId)])
  return (person as PersonRecord | undefined) ?? unknownRecord
}

/** The person's enrollments that are completed and have no certificate, under any record. */
const completedOf = async (asnId: string, load: Load): Promise<readonly string[]> => {
  const records = await personRecords(load, asnId)
  const ids = [...records.values()].flatMap(({ enrollments }) => enrollments)
  const enrollments = await load(ids.map(enrollmentKey))
  return ids.filter((_, at) => (enrollments[at] as Enrollment | undefined)?.status === 'completed')
}

const added = (set: readonly string[], item: string): readonly string[] =>
  [...new Set([...set, item])].sort()

/** What is there once the documents are. */
const over =
  (load: Load, documents: Documents): Load =>
  async keys => {
    const before = await load(keys)
    return keys.map((key, at) => (documents.has(key) ? documents.get(key) : before[at]))
  }
