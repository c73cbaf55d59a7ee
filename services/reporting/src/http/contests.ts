import { authorise, authoriseOver } from '@jejak/rpc/authorise'
import type { GivenPeople } from '@jejak/rpc/gives-out'
import { cutPage } from '@jejak/rpc/page'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { type OfAgency, ofAgency } from './agency.ts'
import {
  asnIdField,
  closed,
  codeField,
  countField,
  dayField,
  momentField,
  uuidField,
} from './fields.ts'
import { next, nextOf, pageQueryOf, pages } from './page.ts'
import type { HttpPorts } from './ports.ts'
import { route } from './route.ts'

const contests = Type.Object(
  {
    open: countField,
    overdue: Type.Integer({ minimum: 0, description: 'of those, whose last day has passed' }),
    contests: Type.Array(
      Type.Object(
        {
          contestId: uuidField,
          asnId: asnIdField,
          assessmentId: uuidField,
          agency: Type.String({ description: 'where the person serves today' }),
          filedAt: momentField,
          dueOn: Type.Optional({ ...dayField, description: 'the last day to decide it' }),
          ruleSet: Type.Optional({ ...codeField, description: 'by which that is the last day' }),
          overdue: Type.Boolean(),
        },
        closed,
      ),
      { description: 'that are not decided: those due first come first' },
    ),
    next,
  },
  closed,
)

const routes = {
  agency: route({
    operationId: 'listContests',
    tag: 'agencies',
    summary: 'Contests by an agency’s people that wait for a decision',
    params: ofAgency,
    querystring: pages,
    answer: contests,
  }),
  city: route({
    operationId: 'listCityContests',
    tag: 'agencies',
    summary: 'The same of everybody in the city',
    querystring: pages,
    answer: contests,
  }),
}

export const contestRoutes = (v1: FastifyInstance, ports: HttpPorts): void => {
  v1.get('/agencies/:code/contests', routes.agency, listingContests(ports))
  v1.get('/contests', routes.city, listingCityContests(ports))
}

type Paged = { readonly Querystring: Static<typeof pages> }
type Given = GivenPeople<Static<typeof contests>>

const listingContests =
  (ports: HttpPorts) =>
  async ({ call, params, query }: FastifyRequest<OfAgency & Paged>): Promise<Given> => {
    await authoriseOver(call, 'reporting.ListContests', params.code, ports.employees)
    const [holder = params.code] = await ports.employees.successors([params.code])
    return pageOf(ports, query, holder)
  }

const listingCityContests =
  (ports: HttpPorts) =>
  async ({ call, query }: FastifyRequest<Paged>): Promise<Given> => {
    authorise(call, 'reporting.ListCityContests', {})
    return pageOf(ports, query)
  }

const pageOf = async (
  ports: HttpPorts,
  query: Paged['Querystring'],
  agency = '',
): Promise<Given> => {
  const list = ['contests', agency]
  const { limit, after = '' } = pageQueryOf(query, list)
  const open = await openContests(ports, agency)
  const rest = open.filter(each => keyOf(each) > after).map(each => [keyOf(each), each] as const)
  const cut = await cutPage(rest, limit)
  const overdue = open.filter(each => each.overdue).length
  return {
    answer: { open: open.length, overdue, contests: [...cut.items], ...nextOf(list, cut.next) },
    asnIds: [...new Set(cut.items.map(({ asnId }) => asnId))],
  }
}

/** Enrollment knows first that a person has left the agency or was erased. */
const openContests = async ({ queries, employees, today }: HttpPorts, agency: string) => {
  const all = await queries.contests()
  const persons = await employees.resolve(all.map(({ asnId }) => asnId))
  const day = today()
  return all
    .flatMap((contest, at) => {
      const person = persons[at]
      if (person?.status !== 'active' || (agency && person.agency !== agency)) return []
      const overdue = contest.dueOn !== undefined && contest.dueOn < day
      return [{ ...contest, asnId: person.asnId, agency: person.agency, overdue }]
    })
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

type Keyed = { readonly dueOn?: string; readonly contestId: string }

/** Those without a last day come last. */
const keyOf = ({ dueOn = '9999-12-31', contestId }: Keyed): string => `${dueOn}/${contestId}`
