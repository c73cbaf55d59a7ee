import type { Action } from '@jejak/access/rights'
import { enrollmentEvents } from '@jejak/events/enrollment'
import { historyOf } from '@jejak/history/history'
import { authorise } from '@jejak/rpc/authorise'
import type { Call } from '@jejak/rpc/call'
import type { ResolvedEmployee } from '@jejak/rpc/directory-client'
import { refusedBy, tryLater } from '@jejak/rpc/error'
import type { GivenPeople } from '@jejak/rpc/gives-out'
import { delays } from '@jejak/texts/delays'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { fieldsOf, personalDataOf } from '../personal-data.ts'
import type { PersonFacts } from '../read-model/person.ts'
import { etagOf, isFresh } from './etag.ts'
import { asnIdField, closed, codeField, incompleteField, personalField } from './fields.ts'
import type { HttpPorts } from './ports.ts'
import { personUnknown, route } from './route.ts'

const search = Type.Object(
  {
    nip: Type.String({
      pattern: '^(\\s*\\d){18}\\s*$',
      title: '18 digits',
      description: 'NIP or NI PPPK, present or former; blanks are ignored',
    }),
  },
  closed,
)

export const ofPerson = Type.Object({ asnId: asnIdField }, closed)

const person = Type.Object(
  {
    asnId: asnIdField,
    records: Type.Array(asnIdField, { description: 'all of the person, the surviving one first' }),
    status: Type.Enum(['active', 'erased']),
    agency: codeField,
    position: codeField,
    person: Type.Optional(personalField),
    postings: Type.Array(enrollmentEvents.declarations.EmployeePosted.schema),
    incomplete: incompleteField,
  },
  closed,
)

type Person = Static<typeof person>
type Search = { readonly Body: Static<typeof search> }
export type OfPerson = { readonly Params: Static<typeof ofPerson> }

const routes = {
  search: route({
    operationId: 'searchPerson',
    tag: 'people',
    summary: 'Who has a NIP',
    body: search,
    answer: person,
    problems: { ...personUnknown, 413: 'the body is too large', 415: 'the body is not JSON' },
  }),
  person: route({
    operationId: 'getPerson',
    tag: 'people',
    summary: 'Who somebody is, and where they serve',
    description: 'Of a person who was erased nothing is left but that, and where they served.',
    params: ofPerson,
    answer: person,
    tagged: true,
    problems: personUnknown,
  }),
}

export const personRoutes = (v1: FastifyInstance, ports: HttpPorts): void => {
  v1.post('/people/search', routes.search, searching(ports))
  v1.get('/people/:asnId', routes.person, getting(ports))
}

/** The NIP is in the body, because URLs are logged on the way. */
const searching =
  (ports: HttpPorts) =>
  async (request: FastifyRequest<Search>): Promise<GivenPeople<Person>> => {
    const { body, call } = request
    const [found] = await ports.employees.byNip([body.nip])
    // A civil servant must not learn whether a NIP exists.
    authorise(call, 'reporting.GetPerson', found ?? { agency: call.principal.agency })
    if (!found) throw refusedBy('NIP_UNKNOWN')
    return personAnswer(ports, found)
  }

const getting =
  (ports: HttpPorts) =>
  async (
    request: FastifyRequest<OfPerson>,
    reply: FastifyReply,
  ): Promise<GivenPeople<Person> | FastifyReply> => {
    const { call, params } = request
    const found = await resolvePerson(ports, call, 'reporting.GetPerson', params.asnId)
    const { asnIds, facts, incomplete } = await factsFor(ports, found)
    const etag = etagOf(found, asnIds, incomplete, facts, ports.today())
    if (isFresh(request, reply, etag)) return reply.code(304).send()
    return personAnswer(ports, found)
  }

const personAnswer = async (
  ports: HttpPorts,
  found: ResolvedEmployee,
): Promise<GivenPeople<Person>> => {
  const { asnId, agency, position } = found
  const { asnIds, facts, reference, incomplete } = await factsFor(ports, found)
  const now = ports.clock()
  const { postings } = historyOf(asnIds, facts, reference, { now })
  const [personal] = await personalDataOf(ports, [{ asnId, facts }], ports.today())
  const answer = {
    asnId,
    records: [...asnIds],
    status: found.status,
    agency,
    position,
    ...(personal && { person: personal }),
    postings: [...postings],
    incomplete: [...incomplete],
  }
  return { answer, asnIds: personal ? [asnId] : [], fields: fieldsOf([personal]) }
}

/** The surviving record of a person; throws unless the caller has the right to the action. */
export const resolvePerson = async (
  { employees }: Pick<HttpPorts, 'employees'>,
  call: Call,
  action: Action,
  asnId: string,
): Promise<ResolvedEmployee> => {
  const [found] = await employees.resolve([asnId])
  authorise(call, action, found ?? call.principal)
  if (found) return found
  throw refusedBy('EMPLOYEE_UNKNOWN')
}

const projectedWithinMs = 1_000

/** Enrollment knows a new person first: the read model has the facts soon. */
export const factsFor = async (
  { queries }: Pick<HttpPorts, 'queries'>,
  { asnId }: ResolvedEmployee,
): Promise<PersonFacts> => {
  const facts = await queries.person(asnId)
  if (facts) return facts
  throw tryLater(delays.personNotYetHere, projectedWithinMs)
}
