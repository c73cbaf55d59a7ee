import { assessmentEvents } from '@jejak/events/assessment'
import { certificationEvents } from '@jejak/events/certification'
import type { DeclaredEvent } from '@jejak/events/declaration'
import { enrollmentEvents } from '@jejak/events/enrollment'
import type { EventOf } from '@jejak/eventsourcing/catalogue'
import { decode, type Entry } from '@jejak/eventsourcing/entry'

const catalogues = {
  enrollment: enrollmentEvents,
  assessment: assessmentEvents,
  certification: certificationEvents,
}

/** A service whose log has facts about people. */
export type LogName = keyof typeof catalogues

export const logNames = Object.keys(catalogues) as readonly LogName[]

export const isLogName = (name: string): name is LogName =>
  (logNames as readonly string[]).includes(name)

/** An event of a log, at its newest version, and its place there. */
export type Fact = {
  readonly log: LogName
  readonly position: number
  readonly stream: string
  readonly version: number
  readonly id: string
  /** Its name alone, as `AssessmentRecorded`. */
  readonly type: string
  /** When it was recorded, RFC 3339 in UTC with milliseconds. */
  readonly time: string
  /** Id of the event that it followed, in whatever log that is. */
  readonly cause?: string
  /** Code of the agency that caused it. */
  readonly agency?: string
  readonly data: Readonly<Record<string, unknown>>
}

/** Undefined if the log's service does not declare the event. Throws if it is no entry. */
export const factOf = (log: LogName, position: number, entry: Uint8Array): Fact | undefined =>
  factIn(log, position, decode(entry))

/** The same, of an entry that is decoded already. */
export const factIn = (log: LogName, position: number, event: Entry): Fact | undefined => {
  const parsed = catalogues[log].parse(event)
  if (!parsed) return undefined
  const { name: type, data } = parsed
  const { id, subject: stream, streamversion: version, time, agency, causationid } = event
  return {
    log,
    position,
    stream,
    version,
    id,
    type,
    time,
    ...(typeof causationid === 'string' && { cause: causationid }),
    ...(typeof agency === 'string' && { agency }),
    data,
  }
}

/** The publisher's declaration of the event. */
export const declarationOf = ({ log, type }: Pick<Fact, 'log' | 'type'>): DeclaredEvent => {
  const declarations: Readonly<Record<string, DeclaredEvent>> = catalogues[log].declarations
  const declared = declarations[type]
  if (!declared) throw new Error(`${log} declares no ${type}`)
  return declared
}

/** Every event that a log of these may have, and the log. */
export const declarations: readonly (DeclaredEvent & { readonly log: LogName })[] =
  logNames.flatMap(log =>
    Object.values<DeclaredEvent>(catalogues[log].declarations).map(event => ({ log, ...event })),
  )

/** A field of a fact, if it is a text. */
export const textOf = ({ data }: Fact, field: string): string | undefined => {
  const value = data[field]
  return typeof value === 'string' ? value : undefined
}

type Event = EventOf<(typeof catalogues)[LogName]>

export type EventName = Event['type']

/** The data of an event of this name. */
export type DataOf<T extends EventName> = Omit<Extract<Event, { readonly type: T }>, 'type'>

export type FactOf<T extends EventName> = {
  readonly [Type in T]: Fact & { readonly type: Type; readonly data: DataOf<Type> }
}[T]

/** The facts of these names, in the order in which they are given. */
export const named = <T extends EventName>(
  facts: readonly Fact[],
  ...types: readonly T[]
): readonly FactOf<T>[] =>
  facts.filter((fact): fact is FactOf<T> => (types as readonly string[]).includes(fact.type))
