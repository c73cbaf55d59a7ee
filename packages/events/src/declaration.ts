import { type Catalogue, catalogue, type Declaration } from '@jejak/eventsourcing/catalogue'
import type { Text } from '@jejak/texts/text'
import type { Static, TObject } from 'typebox'
import { sealed } from './fields.ts'

/** The meaning of an event for its readers, declared beside its schema. */
type Meaning<Field extends string> = {
  /** The streams that have it, and the field that each is named after: `employee/<asnId>`. */
  readonly stream: { readonly kind: string; readonly id?: Field }
  /** The person whose history has it: `nobody`, if it is about no person, as a programme. */
  readonly about: 'nobody' | About<Field>
  /**
   * The field with the day on which it was true, or `recorded`: the day of its recording. It is
   * `timeless` if no day limits it: it says who somebody is, or what was wrong all along.
   */
  readonly day: Field | 'recorded' | 'timeless'
  /** The fields that are worth reading beside its name, in this order. */
  readonly summary: readonly string[]
}

/** The first of these that the event has says whose it is. */
type Subjects<Field extends string> = {
  readonly person?: Field
  /** It belongs to the person who has the enrollment. */
  readonly enrollment?: Field
  readonly certificate?: Field
  /** The enrollment or the certificate that begins with this event, and is the person's. */
  readonly begins?: Field
  /** The assessment that it is about: a history as of an earlier day does not show the event. */
  readonly assessment?: Field
  /** Another record of the same person. */
  readonly otherRecord?: Field
}

type About<Field extends string> = Subjects<Field> &
  ({ readonly person: Field } | { readonly enrollment: Field } | { readonly certificate: Field })

/** An event as its publisher declares it, with what it means. */
export type DeclaredEvent = Declaration &
  Omit<Meaning<string>, 'about'> & {
    readonly about: 'nobody' | Subjects<string>
    /** The fields that have personal data, encrypted. */
    readonly sealed: readonly string[]
    /** The event in words; `data` is that of its newest version. */
    readonly sentence: (data: never) => Text
  }

/** The fields of an event that are a text in each of them. */
type TextField<Data> = {
  [K in keyof Data]-?: NonNullable<Data[K]> extends string ? K : never
}[keyof Data] &
  string

type Declared<S extends TObject, Kind extends string> = Omit<Declaration, 'schema'> &
  Omit<Meaning<TextField<Static<S>>>, 'summary'> & {
    readonly stream: { readonly kind: Kind }
    readonly schema: S
    readonly summary: readonly (keyof Static<S> & string)[]
    readonly sentence: (data: Static<S>) => Text
  }

/**
 * Declares one event: it names fields that its schema has, and no others. Its types are inferred
 * from the schema and the stream alone, so that the compiler names what else is missing.
 */
export const event = <S extends TObject, const Kind extends string>(
  declared: { readonly schema: S } & { readonly stream: { readonly kind: Kind } } & Declared<
      NoInfer<S>,
      NoInfer<Kind>
    >,
): Declared<S, Kind> & { readonly sealed: readonly string[] } => ({
  ...declared,
  sealed: Object.keys(declared.schema.properties).filter(
    field => declared.schema.properties[field] === sealed,
  ),
})

/** Declares what a service publishes; each event is declared with its meaning. */
export const catalogueOf = <const D extends Readonly<Record<string, DeclaredEvent>>>(
  publisher: string,
  events: D,
): Catalogue<D> => catalogue(publisher, events)

/** The events that streams of one kind have: a decider of that kind takes each of them. */
export type StreamEventOf<C, Kind extends string> =
  C extends Catalogue<infer D>
    ? {
        [T in keyof D & string]: D[T] extends { readonly stream: { readonly kind: Kind } }
          ? { readonly type: T } & Static<D[T]['schema']>
          : never
      }[keyof D & string]
    : never
