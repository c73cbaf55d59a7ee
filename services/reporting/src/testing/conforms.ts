import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

// For tests: whether what a route answers is what the document says of it.

type Answer = {
  readonly headers?: Readonly<Record<string, unknown>>
  readonly content?: Readonly<Record<string, { readonly schema: TSchema }>>
}
type Operation = { readonly responses: Readonly<Record<string, Answer>> }
/** As `/openapi.json` has it. */
export type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

/** Only an answer has it whose correlation id is not the caller's. */
const replacedOnly = 'x-correlation-id-replaced'

/** What the document does not say of an answer, or says otherwise. */
export const faultsOf = (
  { paths }: Document,
  { method, path }: { readonly method: string; readonly path: string },
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  body: unknown,
): readonly string[] => {
  const [, operations] = Object.entries(paths).find(([template]) => isOf(template, path)) ?? []
  const operation = operations?.[method.toLowerCase()]
  if (!operation) return status === 404 ? [] : [`${method} ${path} is not described`]
  const answer = operation.responses[status]
  if (!answer) return [`${method} ${path} is not said to answer ${status}`]
  const missing = Object.keys(answer.headers ?? {}).filter(
    name => !headers.has(name) && name !== replacedOnly,
  )
  const lacking = missing.map(name => `has no header ${name}`)
  const [type] = headers.get('content-type')?.split(';') ?? []
  if (!answer.content) return type === undefined ? lacking : [...lacking, `has a body: ${type}`]
  const content = answer.content[type ?? '']
  if (!content) return [...lacking, `is of type ${type}`]
  const errors = Compile(content.schema).Errors(body)
  return [...lacking, ...errors.map(({ instancePath, message }) => `${instancePath} ${message}`)]
}

const isOf = (template: string, path: string): boolean => {
  const pattern = template.replaceAll(/\{[^}]+\}/g, '[^/]+')
  return new RegExp(`^${pattern}$`).test(path.split('?')[0] ?? '')
}
