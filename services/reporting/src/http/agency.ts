import { authorise } from '@jejak/rpc/authorise'
import { afterOf, pageToken, pageTokenOf, validate } from '@jejak/rpc/validate'
import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { purposeOf } from './call.ts'
import { fieldsOf, personalOf, personFor } from './person.ts'
import type { HttpDesk } from './ports.ts'
import type { gaps, pages, people, readers } from './schema.ts'

type Query = Static<typeof pages>
type Ask<Params> = { readonly Params: Params; readonly Querystring: Query }

const limitUsual = 50

/** Where the page goes on, once it is clear that it is a page of this list. */
const pageOf = ({ limit = limitUsual, after = '' }: Query, list: readonly string[]) => {
  validate({ after: pageToken(after, list) })
  const behind = afterOf(after)
  return { limit, ...(behind !== undefined && { after: behind }) }
}

export const listingPeople =
  (desk: HttpDesk) =>
  async (request: FastifyRequest<Ask<{ code: string }>>): Promise<Static<typeof people>> => {
    const { call, params, query } = request
    const list = ['people', params.code]
    const page = pageOf(query, list)
    authorise(call, 'reporting.ListPeople', { agency: params.code })
    const { asnIds, next } = await desk.queries.people(params.code, page)
    const [found, facts] = await Promise.all([
      desk.employees.resolve(asnIds),
      Promise.all(asnIds.map(asnId => desk.queries.person(asnId))),
    ])
    // Enrollment knows first who has gone elsewhere meanwhile, or was erased.
    const here = found.flatMap((each, at) =>
      each?.agency === params.code && each.status === 'active' && each.asnId === asnIds[at]
        ? [{ asnId: each.asnId, position: each.position, facts: facts[at]?.facts ?? [] }]
        : [],
    )
    const personal = await personalOf(desk, here)
    await desk.recordRead(call, {
      asnIds: here.flatMap(({ asnId }, at) => (personal[at] ? [asnId] : [])),
      fields: fieldsOf(personal),
      ...purposeOf(request),
    })
    return {
      people: here.map(({ asnId, position }, at) => ({
        asnId,
        position,
        ...(personal[at] && { person: personal[at] }),
      })),
      ...(next && { next: pageTokenOf(list, next) }),
    }
  }

export const tellingGaps =
  (desk: HttpDesk) =>
  async (
    request: FastifyRequest<{ readonly Params: { readonly code: string } }>,
  ): Promise<Static<typeof gaps>> => {
    const { call, params } = request
    authorise(call, 'reporting.GetGaps', { agency: params.code })
    const found = await desk.queries.gaps(params.code)
    return {
      ...found,
      positions: found.positions.map(position => ({
        ...position,
        competencies: [...position.competencies],
      })),
    }
  }

/** Who has read personal data of somebody, as far as it was given out by services of ours. */
export const listingReaders =
  (desk: HttpDesk) =>
  async (request: FastifyRequest<Ask<{ asnId: string }>>): Promise<Static<typeof readers>> => {
    const { call, params, query } = request
    const { asnId } = await personFor(desk, call, 'reporting.ListReads', params.asnId)
    const list = ['reads', asnId]
    const { reads, next } = await desk.queries.readers(asnId, pageOf(query, list))
    return {
      reads: reads.map(read => ({ ...read, fields: [...read.fields] })),
      ...(next && { next: pageTokenOf(list, next) }),
    }
  }
