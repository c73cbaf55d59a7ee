import type { Static, TObject } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import type { TLocalizedValidationError } from 'typebox/error'
import { decode, type Entry } from './entry.ts'
import type { NewEvent, Violation } from './log.ts'

/**
 * An event as its publisher declares it. An event that was stored under an older version is never
 * edited: each `upcast` lifts it to the next version.
 */
export type Declaration = {
  readonly version: number
  readonly schema: TObject
  readonly older?: readonly { readonly schema: TObject; readonly upcast: Upcast }[]
}

type Data = Readonly<Record<string, unknown>>
type Upcast = (data: Data) => Data
type Declarations = Readonly<Record<string, Declaration>>

/** The union of a catalogue's events, as deciders see them: their data, beside their type. */
export type EventOf<C> =
  C extends Catalogue<infer D>
    ? { [T in keyof D & string]: { readonly type: T } & Static<D[T]['schema']> }[keyof D & string]
    : never

export type Catalogue<D extends Declarations> = {
  readonly publisher: string
  readonly declarations: D
  /** The event as the log takes it: versioned type, data apart. */
  readonly encode: (event: { readonly type: keyof D & string }, id: string) => NewEvent
  /** The event in an entry, at its newest version; undefined if another publisher declares it. */
  readonly read: (entry: Uint8Array) => EventOf<Catalogue<D>> | undefined
  /** The same for an entry that is decoded already. */
  readonly lift: (entry: Entry) => EventOf<Catalogue<D>> | undefined
  /** The same, with name and data apart: data that needs no lifting is not copied. */
  readonly parse: (entry: Entry) => { readonly name: string; readonly data: Data } | undefined
  /** Violations of an event that this publisher wants to record. */
  readonly check: (event: NewEvent) => readonly Violation[]
}

const prefix = 'jejak'

/** Declares all events of one publisher, once: `jejak.<publisher>.<Event>.v<version>`. */
export const catalogue = <const D extends Declarations>(
  publisher: string,
  declarations: D,
): Catalogue<D> => {
  const typeOf = (name: string, version: number) => `${prefix}.${publisher}.${name}.v${version}`
  const checks = new Map<string, (data: unknown) => readonly Violation[]>()
  const versions = new Map<string, { readonly name: string; readonly upcasts: readonly Upcast[] }>()
  for (const [name, { version, schema, older = [] }] of Object.entries(declarations)) {
    if (older.length !== version - 1) throw new Error(`${name} v${version} lacks older versions`)
    checks.set(typeOf(name, version), checkerOf(schema))
    for (const from of Array(version).keys()) {
      const upcasts = older.slice(from).map(({ upcast }) => upcast)
      versions.set(typeOf(name, from + 1), { name, upcasts })
    }
  }
  const parse = ({ type, data }: Entry) => {
    const found = versions.get(type)
    if (!found) return undefined
    const lifted = found.upcasts.reduce((lifted, upcast) => upcast(lifted), data as Data)
    return { name: found.name, data: lifted }
  }
  const lift = (entry: Entry) => {
    const parsed = parse(entry)
    return parsed && ({ ...parsed.data, type: parsed.name } as EventOf<Catalogue<D>>)
  }
  return {
    publisher,
    declarations,
    encode: ({ type, ...data }, id) => ({
      id,
      type: typeOf(type, (declarations[type] as Declaration).version),
      data,
    }),
    read: entry => lift(decode(entry)),
    lift,
    parse,
    check: ({ type, data }) =>
      checks.get(type)?.(data) ?? [
        { field: '.type', description: `${type} is not an event that ${publisher} declares` },
      ],
  }
}

/** A schema is compiled for its first check: reading events compiles none. */
const checkerOf = (schema: TObject) => {
  let compiled: Validator | undefined
  return (data: unknown): readonly Violation[] => {
    compiled ??= Compile(schema)
    return compiled.Check(data) ? [] : compiled.Errors(data).flatMap(violationsOf)
  }
}

/** How a value violates its schema, field by field, in words that say what would be right. */
const violationsOf = (error: TLocalizedValidationError): Violation[] => {
  const at = `.data${error.instancePath.replaceAll('/', '.')}`
  switch (error.keyword) {
    case 'required':
      return error.params.requiredProperties.map(name => ({
        field: `${at}.${name}`,
        description: 'is missing',
      }))
    case 'boolean':
      return [{ field: at, description: 'is not a field of this event' }]
    case 'additionalProperties':
      return [] // There is another error for each of them.
    case 'enum':
      return [{ field: at, description: `must be one of ${error.params.allowedValues.join(', ')}` }]
    case 'const':
      return [{ field: at, description: `must be ${error.params.allowedValue}` }]
    default:
      return [{ field: at, description: error.message }]
  }
}
