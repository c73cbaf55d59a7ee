// tidy: one file a resource, each with its schema, routes and handlers
import { authorise } from '@jejak/rpc/authorise'
import { invalid } from '@jejak/rpc/error'
import type { GivenPeople } from '@jejak/rpc/gives-out'
import { ruleViolations } from '@jejak/texts/rule-faults'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { changesMax, type RulePreview, sumsMax } from '../read-model/rule-preview.ts'
import { asnIdField, closed, codeField, countField, dayField, ruleSetField } from './fields.ts'
import type { HttpPorts } from './ports.ts'
import { route } from './route.ts'

/** Far above what a file may have, in JSON: the check says by how much it is too large. */
const bodyLimit = 256 * 1024

/** As long as it takes to compute every figure of everybody twice. */
const handlerTimeout = 3_600_000

const asked = Type.Object(
  {
    content: Type.String({ description: 'the text of the file, YAML' }),
    agency: Type.Optional({ ...codeField, description: 'of whose people; of all if not given' }),
    asOf: Type.Optional({
      ...dayField,
      description: 'the day of the figures: the first day of the set if not given, or today',
    }),
  },
  closed,
)

const value = Type.Union([Type.String(), Type.Number()])
const changed = {
  figure: Type.Enum(['level', 'required', 'match', 'category', 'hours']),
  of: Type.String({
    description: 'a competency with its dictionary, JPM, a purpose of categories, or a year',
  }),
  from: Type.Optional({ ...value, description: 'as it is now; absent where there is none' }),
  to: Type.Optional({ ...value, description: 'as it would be' }),
}

const preview = Type.Object(
  {
    asOf: dayField,
    agency: Type.Optional(codeField),
    ruleSet: ruleSetField,
    replaces: Type.Optional(ruleSetField),
    people: Type.Integer({ minimum: 0, description: 'of whom the figures were computed' }),
    changed: Type.Integer({ minimum: 0, description: 'who would have another figure' }),
    sums: Type.Array(Type.Object({ ...changed, people: countField }, closed), {
      maxItems: sumsMax,
      description: 'how many have the same change, the most frequent first',
    }),
    changes: Type.Array(
      Type.Object({ asnId: asnIdField, figures: Type.Array(Type.Object(changed, closed)) }, closed),
      { maxItems: changesMax },
    ),
    leftOut: Type.Integer({ minimum: 0, description: 'people who change and are not listed' }),
  },
  closed,
)

const previewRoute = {
  ...route({
    operationId: 'previewRules',
    tag: 'operation',
    summary: 'Who would have other figures if a file of rules were adopted',
    description: 'Nothing is stored. What would be adopted changes nothing for days before it.',
    body: asked,
    answer: preview,
    problems: { 413: 'the body is too large', 415: 'the body is not JSON' },
  }),
  bodyLimit,
  handlerTimeout,
}

export const rulePreviewRoutes = (v1: FastifyInstance, ports: HttpPorts): void => {
  v1.post('/rules/preview', previewRoute, previewing(ports))
}

type Request = FastifyRequest<{ readonly Body: Static<typeof asked> }>

const previewing =
  (ports: HttpPorts) =>
  async ({ call, body }: Request): Promise<GivenPeople<RulePreview>> => {
    authorise(call, 'reporting.PreviewRules', {})
    const answer = await ports.queries.previewRules(body)
    if ('problems' in answer) throw invalid(ruleViolations(answer.problems))
    return { answer, asnIds: answer.changes.map(({ asnId }) => asnId) }
  }
