import { lastingTextProblem } from '@jejak/competency/lasting-text'
import { type FieldViolation, invalid } from '@jejak/rpc/error'
import { violationText } from '@jejak/texts/violations'
import type { FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { TLocalizedValidationError } from 'typebox/error'
import { headerText } from './call.ts'

/** The schema of a part of a request: an object whose properties have titles. */
type Part = {
  readonly properties?: Readonly<Record<string, Property>>
}
type Property = { type?: string; title?: string; 'x-kept-for-ever'?: boolean }
type Fields = Readonly<Record<string, unknown>>

/**
 * Refuses a request with all that is wrong in all of its parts, and parses the numbers and booleans
 * of the URL. An error has the title of the field, never the value that was sent: that may be
 * personal.
 */
export const checkRequest = async (request: FastifyRequest): Promise<void> => {
  const { params, querystring, headers, body } = (request.routeOptions.schema ?? {}) as Record<
    string,
    Part
  >
  if (querystring) request.query = converted(request.query as Fields, querystring)
  const violations = [
    ...(params ? violationsOf(params, request.params, 'path') : []),
    ...(querystring ? violationsOf(querystring, request.query, 'query') : []),
    ...(headers ? violationsOf(headers, written(request.headers, headers), 'headers') : []),
    ...(body ? violationsOf(body, request.body, 'body') : []),
  ]
  if (violations.length > 0) throw invalid(violations)
}

/** The headers that a route knows, as they were written. */
const written = (headers: Fields, { properties = {} }: Part): Fields =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' && Object.hasOwn(properties, name) ? headerText(value) : value,
    ]),
  )

const converted = (query: Fields, { properties = {} }: Part): Fields =>
  Object.fromEntries(
    Object.entries(query).map(([name, text]) => {
      const type = Object.hasOwn(properties, name) ? properties[name]?.type : undefined
      if (type === 'integer' && /^-?\d{1,9}$/.test(String(text))) return [name, Number(text)]
      if (type === 'boolean' && (text === 'true' || text === 'false')) {
        return [name, text === 'true']
      }
      return [name, text]
    }),
  )

const compiled = new WeakMap<object, ReturnType<typeof Compile>>()

const violationsOf = (part: Part, value: unknown, where: string): readonly FieldViolation[] => {
  const validator = compiled.get(part) ?? Compile(part as TSchema)
  compiled.set(part, validator)
  if (validator.Check(value)) return lastingViolations(part, value as Fields)
  const found = validator.Errors(value).flatMap(error => violationOf(part, error, where))
  return [...new Map(found.map(violation => [violation.field, violation])).values()]
}

/** Those of the texts that an event will have for ever. */
const lastingViolations = ({ properties = {} }: Part, value: Fields): readonly FieldViolation[] =>
  Object.entries(properties).flatMap(([field, property]) => {
    const text = property['x-kept-for-ever'] ? value[field] : undefined
    const problem = typeof text === 'string' ? lastingTextProblem(text) : undefined
    return problem ? [{ field, description: violationText(problem) }] : []
  })

const violationOf = (
  { properties = {} }: Part,
  { keyword, instancePath, params }: TLocalizedValidationError,
  where: string,
): readonly FieldViolation[] => {
  const [, field = where] = instancePath.split('/')
  if (keyword === 'additionalProperties') return [] // Another error names each of them.
  if (keyword === 'required' && field === where) {
    const { requiredProperties } = params as { readonly requiredProperties: readonly string[] }
    return requiredProperties.map(name => ({ field: name, description: 'is missing' }))
  }
  if (!Object.hasOwn(properties, field)) {
    const names = Object.keys(properties).join(', ')
    const takes = names ? `it takes ${names}` : 'it takes none'
    return field === where
      ? [{ field, description: 'must be a JSON object' }]
      : [{ field, description: `is not known in the ${where}: ${takes}` }]
  }
  return [{ field, description: `must be ${properties[field]?.title ?? 'as described'}` }]
}
