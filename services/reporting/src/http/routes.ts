import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import type { RouteShorthandOptions } from 'fastify'
import { type TSchema, Type } from 'typebox'
import { answerWithinMs, purposeKey } from './call.ts'
import { closed, purpose } from './fields.ts'
import { history, historyQuery } from './history-schema.ts'
import { problem } from './problem.ts'
import { gaps, ofAgency, ofPerson, pages, people, person, readers, search } from './schema.ts'

/** The document that describes the routes. */
export const described: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Jejak: reports',
      version: '1',
      description: 'Histories of civil servants, each line with the event that it rests on.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: ['people', 'agencies', 'exports', 'operation'].map(name => ({ name })),
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    security: [{ token: [] }],
  },
}

type Route = {
  readonly operationId: string
  readonly tag: 'people' | 'agencies' | 'exports' | 'operation'
  readonly summary: string
  readonly description?: string
  readonly params?: TSchema
  readonly querystring?: TSchema
  readonly body?: TSchema
  /** Of the answer, and what it is. */
  readonly answer: TSchema
  /** Of answers that are not JSON, by their media types. */
  readonly others?: Readonly<Record<string, TSchema>>
  /** Whether it has an ETag, so that who has the answer can ask whether it is still that. */
  readonly tagged?: boolean
  /** Of a problem that the route can answer with, beside those of every route. */
  readonly problems?: Readonly<Record<number, string>>
}

/** A route, described in full: what it takes, and all that it can answer. */
export const route = ({ tag, answer, others, tagged, problems, ...parts }: Route) => {
  return {
    exposeHeadRoute: false, // It would record a read that gives nothing out.
    handlerTimeout: answerWithinMs,
    schema: {
      params: nothing,
      querystring: nothing, // What nobody has described is refused, and not ignored.
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
}

const given = Type.Object({ [purposeKey]: Type.Optional(purpose) })

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

const unknown = { 404: 'nobody is registered under this' }

export const routes = {
  search: route({
    operationId: 'searchPerson',
    tag: 'people',
    summary: 'Who has a NIP',
    body: search,
    answer: person,
    problems: { ...unknown, 413: 'the body is too large', 415: 'the body is not JSON' },
  }),
  person: route({
    operationId: 'getPerson',
    tag: 'people',
    summary: 'Who somebody is, and where they serve',
    description: 'Of a person who was erased nothing is left but that, and where they served.',
    params: ofPerson,
    answer: person,
    tagged: true,
    problems: unknown,
  }),
  history: route({
    operationId: 'getHistory',
    tag: 'people',
    summary: 'What is known of somebody, as of a day and as known at a moment',
    params: ofPerson,
    querystring: historyQuery,
    answer: history,
    tagged: true,
    problems: unknown,
  }),
  readers: route({
    operationId: 'listReads',
    tag: 'people',
    summary: 'Who has read somebody’s personal data',
    params: ofPerson,
    querystring: pages,
    answer: readers,
    problems: unknown,
  }),
  people: route({
    operationId: 'listPeople',
    tag: 'agencies',
    summary: 'Who serves at an agency today',
    description: 'A page can be shorter than its limit: the last is the one without next.',
    params: ofAgency,
    querystring: pages,
    answer: people,
  }),
  gaps: route({
    operationId: 'getGaps',
    tag: 'agencies',
    summary: 'What an agency’s people have of what their positions require, today',
    params: ofAgency,
    answer: gaps,
  }),
}
