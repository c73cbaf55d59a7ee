// tidy: one file a resource, each with its schema, routes and handlers
import type { GivenPeople } from '@jejak/rpc/gives-out'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { closed, codeField, countField, momentField, uuidField } from './fields.ts'
import { next, nextOf, pageQueryOf, pages } from './page.ts'
import { type OfPerson, ofPerson, resolvePerson } from './person.ts'
import type { HttpPorts } from './ports.ts'
import { personUnknown, route } from './route.ts'

const readers = Type.Object(
  {
    reads: Type.Array(
      Type.Object(
        {
          readId: uuidField,
          time: momentField,
          reader: Type.String({ description: 'the token of who has read' }),
          role: Type.String(),
          agency: Type.Optional(codeField),
          fields: Type.Array(Type.String()),
          purpose: Type.Optional(Type.String()),
          until: Type.Optional({
            ...momentField,
            description: 'the line stands for all such reads before this moment',
          }),
          log: Type.Optional(
            Type.String({ description: 'events were read as stored, whoever they are about' }),
          ),
          stream: Type.Optional(
            Type.String({ description: 'the stream of it; the whole log if not there' }),
          ),
          from: Type.Optional({ ...countField, description: 'first position, or version' }),
          to: Type.Optional({
            ...countField,
            description: 'after the last; not there if what came later was read too',
          }),
        },
        closed,
      ),
      { description: 'the latest first' },
    ),
    next,
  },
  closed,
)

const readersRoute = route({
  operationId: 'listReads',
  tag: 'people',
  summary: 'Who has read somebody’s personal data',
  params: ofPerson,
  querystring: pages,
  answer: readers,
  problems: personUnknown,
})

export const readerRoutes = (v1: FastifyInstance, ports: HttpPorts): void => {
  v1.get('/people/:asnId/reads', readersRoute, listingReaders(ports))
}

type Request = FastifyRequest<OfPerson & { readonly Querystring: Static<typeof pages> }>

/** The read audit of a person: every read of personal data that a service of ours answered. */
const listingReaders =
  (ports: HttpPorts) =>
  async ({ call, params, query }: Request): Promise<GivenPeople<Static<typeof readers>>> => {
    const { asnId } = await resolvePerson(ports, call, 'reporting.ListReads', params.asnId)
    const list = ['reads', asnId]
    const { reads, next } = await ports.queries.readers(asnId, pageQueryOf(query, list))
    const answer = {
      reads: reads.map(read => ({ ...read, fields: [...read.fields] })),
      ...nextOf(list, next),
    }
    return { answer, asnIds: reads.length > 0 ? [asnId] : [] }
  }
