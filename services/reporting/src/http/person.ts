import type { Action } from '@jejak/access/rights'
import { type Fact, named, textOf } from '@jejak/history/fact'
import { historyOf } from '@jejak/history/history'
import { authorise } from '@jejak/rpc/authorise'
import type { Call } from '@jejak/rpc/call'
import { refusedBy, tryLater } from '@jejak/rpc/error'
import { delays } from '@jejak/texts/delays'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { type Data, openSealed } from '../personal-data.ts'
import type { PersonFacts } from '../read-model/person.ts'
import { purposeOf } from './call.ts'
import { etagOf, isFresh } from './etag.ts'
import type { personal } from './fields.ts'
import type { HttpDesk, Resolved } from './ports.ts'
import type { person, search } from './schema.ts'

type Person = Static<typeof person>
type Ask = { readonly Params: { readonly asnId: string } }

export const gettingPerson =
  (desk: HttpDesk) =>
  async (request: FastifyRequest<Ask>, reply: FastifyReply): Promise<Person | FastifyReply> => {
    const found = await personFor(desk, request.call, 'reporting.GetPerson', request.params.asnId)
    const { asnIds, facts, incomplete } = await factsFor(desk, found)
    const etag = etagOf(found, asnIds, incomplete, facts, desk.today())
    if (isFresh(request, reply, etag)) return reply.code(304).send()
    return tell(desk, request, found)
  }

/** By the number that people know; it is in the body, for URLs are written down on the way. */
export const searchingPerson =
  (desk: HttpDesk) =>
  async (request: FastifyRequest<{ Body: Static<typeof search> }>): Promise<Person> => {
    const { body, call } = request
    const [found] = await desk.employees.byNip([body.nip])
    // A civil servant doesn't learn who has a NIP, or not.
    authorise(call, 'reporting.GetPerson', found ?? { agency: call.principal.agency })
    if (!found) throw refusedBy('NIP_UNKNOWN')
    return tell(desk, request, found)
  }

/** Who stands for the record today, once it is clear that the caller may know. */
export const personFor = async (
  { employees }: Pick<HttpDesk, 'employees'>,
  call: Call,
  action: Action,
  asnId: string,
): Promise<Resolved> => {
  const [found] = await employees.resolve([asnId])
  authorise(call, action, found ?? call.principal)
  if (found) return found
  throw refusedBy('EMPLOYEE_UNKNOWN')
}

const hearAgainMs = 1_000

/** Of whom enrollment knows already, something is heard soon. */
export const factsFor = async (
  { queries }: Pick<HttpDesk, 'queries'>,
  { asnId }: Resolved,
): Promise<PersonFacts> => {
  const facts = await queries.person(asnId)
  if (facts) return facts
  throw tryLater(delays.personNotYetHere, hearAgainMs)
}

type Asked = Pick<FastifyRequest, 'call' | 'headers'>

const tell = async (desk: HttpDesk, request: Asked, found: Resolved): Promise<Person> => {
  const { asnId, agency, position } = found
  const { asnIds, facts, reference, incomplete } = await factsFor(desk, found)
  const now = desk.clock()
  const { postings } = historyOf(asnIds, facts, reference, { now })
  const [personal] = await personalOf(desk, [{ asnId, facts }])
  await desk.recordRead(request.call, {
    asnIds: personal ? [asnId] : [],
    fields: fieldsOf([personal]),
    ...purposeOf(request),
  })
  return {
    asnId,
    records: [...asnIds],
    status: found.status,
    agency,
    position,
    ...(personal && { person: personal }),
    postings: [...postings],
    incomplete: [...incomplete],
  }
}

export type Personal = Static<typeof personal>

/** What records say of who they are: the NIP that they have now; undefined of who is erased. */
export const personalOf = async (
  desk: Pick<HttpDesk, 'logs' | 'keys'>,
  records: readonly { readonly asnId: string; readonly facts: readonly Fact[] }[],
): Promise<readonly (Personal | undefined)[]> => {
  const own = records.map(({ asnId, facts }) =>
    named(facts, 'EmployeeRegistered', 'NipChanged')
      .filter(fact => textOf(fact, 'asnId') === asnId)
      .toSorted((a, b) => a.version - b.version),
  )
  const said = await openSealed(desk, own.flat())
  return own.map(facts => {
    const { person, nip } = Object.assign({}, ...facts.map(fact => said.get(fact))) as Data
    if (!person) return undefined
    return { ...(person as Personal), ...(typeof nip === 'string' && { nip }) }
  })
}

export const fieldsOf = (people: readonly (Personal | undefined)[]): readonly string[] =>
  [...new Set(people.flatMap(each => Object.keys(each ?? {})))].sort()
