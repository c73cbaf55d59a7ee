import type { ReportName } from '@jejak/rpc/gives-out'
import type { RouteShorthandOptions } from 'fastify'
import { type TSchema, Type } from 'typebox'
import { answerWithinMs, purposeKey } from './call.ts'
import { closed, purposeField } from './fields.ts'
import { problem } from './problem.ts'

/** The tags of the routes, in the order of the document. */
export const tags = ['people', 'agencies', 'exports', 'operation'] as const

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The row of the table of what reports give out. */
    gives?: ReportName
  }
}

type Route = {
  /** A row of the table of what reports give out; an export kind has one of its own. */
  readonly operationId: ReportName | `export${string}`
  readonly tag: (typeof tags)[number]
  readonly summary: string
  readonly description?: string
  readonly params?: TSchema
  readonly querystring?: TSchema
  readonly body?: TSchema
  readonly answer: TSchema
  /** Answers that are not JSON, by their media types. */
  readonly others?: Readonly<Record<string, TSchema>>
  /** It has an ETag: a caller who has the answer can ask whether it still holds. */
  readonly tagged?: boolean
  /** Problems by their status, beside those of every route. */
  readonly problems?: Readonly<Record<number, string>>
}

/** The options of a route, with the schema of all that it takes and can answer. */
export const route = ({ tag, answer, others, tagged, problems, ...parts }: Route) => {
  return {
    config: { gives: parts.operationId as ReportName },
    exposeHeadRoute: false, // HEAD would record a read although it gives nothing out.
    handlerTimeout: answerWithinMs,
    schema: {
      params: nothing,
      querystring: nothing, // A parameter that is not described is refused.
      ...parts,
      tags: [tag],
      security: [{ token: [] }],
      headers: tagged ? ifNoneMatch : given,
      response: {
        200: {
          description: 'the answer',
          headers: { ...headers, ...(tagged && { etag: Type.String() }) },
          content: contentOf({ 'application/json': answer, ...others }),
        },
        ...(tagged && {
          304: {
            type: 'null',
            description: 'what the caller has is still that; nothing is given out',
            headers: { ...headers, etag: Type.String() },
          },
        }),
        ...Object.fromEntries(
          Object.entries({
            400: 'something is wrong with what was sent: `errors` says what',
            401: 'there is no token, or nobody has it any more',
            403: 'the token has no right to this',
            500: 'a fault of ours; nothing is given out',
            503: 'try again later; nothing is given out where it can’t be recorded who reads',
            ...problems,
          }).map(([status, description]) => [status, problemAnswer(status, description)]),
        ),
      },
    },
  } satisfies RouteShorthandOptions
}

const contentOf = (answers: Readonly<Record<string, TSchema>>) =>
  Object.fromEntries(Object.entries(answers).map(([type, schema]) => [type, { schema }]))

const nothing = Type.Object({}, closed)

const headers = {
  'cache-control': Type.String({ description: 'no-store: it is personal' }),
  'x-correlation-id': Type.String({ description: 'the caller’s, or one made here' }),
  'x-correlation-id-replaced': Type.String({
    description: 'only if the caller’s was not taken: malformed, or personal-number',
  }),
}

const given = Type.Object({ [purposeKey]: Type.Optional(purposeField) })

const ifNoneMatch = Type.Object({
  ...given.properties,
  'if-none-match': Type.Optional(Type.String({ description: 'the etag of what the caller has' })),
})

const problemAnswer = (status: string, description: string) => ({
  description,
  headers: {
    ...headers,
    ...(status === '503' && { 'retry-after': Type.Integer({ description: 'seconds' }) }),
    ...(status === '401' && { 'www-authenticate': Type.String() }),
  },
  content: { 'application/problem+json': { schema: problem } },
})

/** The problem of a route that names a person. */
export const personUnknown = { 404: 'nobody is registered under this' }
