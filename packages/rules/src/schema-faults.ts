import type { RuleFault, ValueType } from '@jejak/texts/rule-faults'
import type { TSchema } from 'typebox'
import type { TLocalizedValidationError } from 'typebox/error'
import { Settings } from 'typebox/system'
import { Errors } from 'typebox/value'
import type { Path, Problem } from './kind.ts'

type Schema = {
  readonly type?: string
  readonly pattern?: string
  readonly examples?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}

/** All that keeps a value from looking as its schema says, in the order of the schema. */
export const schemaProblems = (schema: TSchema, value: unknown): readonly Problem[] => {
  const errors = errorsOf(schema, value)
  const ofType = new Set(errors.filter(isOfType).map(({ instancePath }) => instancePath))
  const narrowed = new Set(errors.filter(isNarrower).map(({ instancePath }) => instancePath))
  return errors.flatMap(error => {
    const { instancePath, schemaPath, keyword } = error
    // A value of another type has one fault; one that may be null has that of the type beside it.
    if (ofType.has(instancePath) && !isOfType(error)) return []
    if (schemaPath.includes('/anyOf/') && !isNarrower(error)) return []
    if (keyword === 'anyOf' && narrowed.has(instancePath)) return []
    const path = pathOf(instancePath)
    if (error.keyword === 'required') {
      return error.params.requiredProperties.map(name => ({
        path: [...path, name],
        fault: 'missing' as const,
      }))
    }
    const fault = faultOf(error, schema as Schema, path)
    return fault ? [{ path, fault }] : []
  })
}

const isOfType = ({ keyword, schemaPath }: TLocalizedValidationError): boolean =>
  keyword === 'type' && !schemaPath.includes('/anyOf/')

const isNarrower = ({ keyword, schemaPath }: TLocalizedValidationError): boolean =>
  keyword !== 'type' && schemaPath.includes('/anyOf/0')

/** TypeBox stops after eight, and an analyst wants all. */
const errorsOf = (schema: TSchema, value: unknown): readonly TLocalizedValidationError[] => {
  const { maxErrors } = Settings.Get()
  Settings.Set({ maxErrors: errorsMax })
  try {
    return Errors(schema, value)
  } finally {
    Settings.Set({ maxErrors })
  }
}

const errorsMax = 1_000

const faultOf = (
  error: TLocalizedValidationError,
  schema: Schema,
  path: Path,
): RuleFault | undefined => {
  switch (error.keyword) {
    case 'boolean': {
      const known = Object.keys(schemaAt(schema, path.slice(0, -1))?.properties ?? {})
      return { key: 'not-a-field', values: { known } }
    }
    case 'additionalProperties':
      return undefined // There is another error for each of them.
    case 'type':
      return { key: 'of-type', values: { type: typeNames[String(error.params.type)] ?? 'fields' } }
    case 'anyOf': {
      const [first] = schemaAt(schema, path)?.anyOf ?? []
      const type = first?.type === 'string' ? 'text-or-null' : 'number-or-null'
      return { key: 'of-type', values: { type } }
    }
    case 'enum':
      return { key: 'one-of', values: { known: error.params.allowedValues as (string | number)[] } }
    case 'format':
      return 'day'
    case 'pattern':
      return likeOf(schemaAt(schema, path))
    default:
      return limitOf(error)
  }
}

const likeOf = (schema: Schema | undefined): RuleFault => {
  const [first, second] = [schema, schema?.anyOf?.[0]]
  const example = (first?.examples ?? second?.examples)?.[0]
  return example === undefined ? 'code' : { key: 'like', values: { example } }
}

const limitOf = (error: TLocalizedValidationError): RuleFault => {
  const limits = {
    minimum: 'at-least',
    maximum: 'at-most',
    exclusiveMinimum: 'above',
    minItems: 'items-least',
    maxItems: 'items-most',
    minLength: 'characters-least',
    maxLength: 'characters-most',
  } as const
  const key = limits[error.keyword as keyof typeof limits]
  const { limit } = error.params as { readonly limit?: number }
  return key && limit !== undefined
    ? { key, values: { limit } }
    : { key: 'otherwise', values: { why: error.message } }
}

const typeNames: Readonly<Record<string, ValueType>> = {
  string: 'text',
  integer: 'whole-number',
  number: 'number',
  boolean: 'yes-or-no',
  array: 'list',
  object: 'fields',
}

/** `/forms/3/credit`, where `~1` is a slash and `~0` a tilde (RFC 6901). */
const pathOf = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map(part => (/^\d+$/.test(part) ? Number(part) : part))

const schemaAt = (schema: Schema, path: Path): Schema | undefined =>
  path.reduce<Schema | undefined>(
    (at, part) => (typeof part === 'number' ? at?.items : at?.properties?.[part]),
    schema,
  )
