import { authoriseOver } from '@jejak/rpc/authorise'
import type { GivenPeople } from '@jejak/rpc/gives-out'
import { cutPage } from '@jejak/rpc/page'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { fieldsOf, personalDataOf } from '../personal-data.ts'
import { asnIdField, closed, codeField, personalField } from './fields.ts'
import { next, nextOf, pageQueryOf, pages } from './page.ts'
import type { HttpPorts } from './ports.ts'
import { route } from './route.ts'

export const ofAgency = Type.Object({ code: codeField }, closed)

const people = Type.Object(
  {
    people: Type.Array(
      Type.Object(
        { asnId: asnIdField, position: codeField, person: Type.Optional(personalField) },
        closed,
      ),
    ),
    next,
  },
  closed,
)

const routes = {
  people: route({
    operationId: 'listPeople',
    tag: 'agencies',
    summary: 'Who serves at an agency today',
    description: 'A page can be shorter than its limit: the last is the one without next.',
    params: ofAgency,
    querystring: pages,
    answer: people,
  }),
}

export const agencyRoutes = (v1: FastifyInstance, ports: HttpPorts): void => {
  v1.get('/agencies/:code/people', routes.people, listingPeople(ports))
}

export type OfAgency = { readonly Params: Static<typeof ofAgency> }
type Listing = OfAgency & { readonly Querystring: Static<typeof pages> }

const listingPeople =
  (ports: HttpPorts) =>
  async ({
    call,
    params,
    query,
  }: FastifyRequest<Listing>): Promise<GivenPeople<Static<typeof people>>> => {
    const list = ['people', params.code]
    const page = pageQueryOf(query, list)
    await authoriseOver(call, 'reporting.ListPeople', params.code, ports.employees)
    const { asnIds, next } = await ports.queries.people(params.code, page)
    const [found, facts] = await Promise.all([
      ports.employees.resolve(asnIds),
      Promise.all(asnIds.map(asnId => ports.queries.person(asnId))),
    ])
    // Enrollment knows first that a person has left the agency or was erased.
    const here = found.flatMap((each, at) =>
      each?.agency === params.code && each.status === 'active' && each.asnId === asnIds[at]
        ? [{ asnId: each.asnId, position: each.position, facts: facts[at]?.facts ?? [] }]
        : [],
    )
    const personal = await personalDataOf(ports, here, ports.today())
    const answers = here.map(({ asnId, position }, at) => {
      const person = personal[at]
      return [asnId, { asnId, position, ...(person && { person }) }] as const
    })
    const cut = await cutPage(answers, page.limit)
    const given = cut.items.filter(({ person }) => person)
    return {
      answer: { people: [...cut.items], ...nextOf(list, cut.next || next) },
      asnIds: given.map(({ asnId }) => asnId),
      fields: fieldsOf(given.map(({ person }) => person)),
    }
  }
