// tidy: one file a resource, each with its schema, routes and handlers
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { closed, codeField, momentField, uuidField } from './fields.ts'
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
  async ({ call, params, query }: Request): Promise<Static<typeof readers>> => {
    const { asnId } = await resolvePerson(ports, call, 'reporting.ListReads', params.asnId)
    const list = ['reads', asnId]
    const { reads, next } = await ports.queries.readers(asnId, pageQueryOf(query, list))
    return {
      reads: reads.map(read => ({ ...read, fields: [...read.fields] })),
      ...nextOf(list, next),
    }
  }
