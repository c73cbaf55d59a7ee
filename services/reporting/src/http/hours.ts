import { authoriseOver } from '@jejak/rpc/authorise'
import type { GivenPeople } from '@jejak/rpc/gives-out'
import { cutPage } from '@jejak/rpc/page'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { type ClaimedYear, hourStates, type PersonHours } from '../read-model/hours.ts'
import { type OfAgency, ofAgency } from './agency.ts'
import { creditAnswers, creditField } from './credits.ts'
import {
  asnIdField,
  closed,
  codeField,
  dayField,
  incompleteField,
  momentField,
  ruleSetField,
} from './fields.ts'
import { next, nextOf, pageQueryOf, pages } from './page.ts'
import { factsFor, type OfPerson, ofPerson, resolvePerson } from './person.ts'
import type { HttpPorts } from './ports.ts'
import { personUnknown, route } from './route.ts'

const asked = {
  year: Type.Optional(
    Type.Integer({
      minimum: 1900,
      maximum: 2999,
      title: 'a year, as 2026',
      description: 'of the calendar, with the years of contracts that are in it',
    }),
  ),
  asOf: Type.Optional({ ...dayField, description: 'as it was on this day; today where not given' }),
  knownAt: Type.Optional({
    ...momentField,
    description: 'as it was recorded by then, by the clock of each log; now where not given',
  }),
}

const personQuery = Type.Object(asked, closed)
const agencyQuery = Type.Object(
  {
    ...asked,
    unit: Type.Optional({ ...codeField, description: 'where people serve' }),
    state: Type.Optional(
      Type.Enum([...hourStates], {
        title: hourStates.join(', '),
        description: 'only of these; those who are short or over where not given',
      }),
    ),
    ...pages.properties,
  },
  closed,
)

const jp = (description: string) => Type.Number({ minimum: 0, description })

const yearFields = {
  year: Type.Enum(['calendar', 'contract'] as const, {
    description: 'a year of a contract begins with the contract, of a PPPK',
  }),
  from: dayField,
  until: { ...dayField, description: 'the last day' },
  employment: Type.Optional(
    Type.Enum(['pns', 'cpns', 'pppk', 'pppk-paruh-waktu'] as const, {
      description: 'on the last day; absent where nobody has stated it',
    }),
  ),
  office: Type.Optional({ ...codeField, description: 'the level of the office' }),
  claimedJp: jp('JP that its trainings claim'),
  jp: jp('JP that are credited'),
  floorJp: Type.Optional(jp('that somebody should have at least')),
  ceilingJp: Type.Optional(jp('that somebody may have')),
  shortJp: Type.Optional(jp('below the floor, also of a year that goes on')),
  overJp: Type.Optional(jp('above the ceiling')),
  ruleSet: Type.Optional(Type.String({ description: 'of kind hours, of the last day' })),
}

const personHours = Type.Object(
  {
    asnId: asnIdField,
    records: Type.Array(asnIdField),
    asOf: dayField,
    knownAt: Type.Optional(momentField),
    years: Type.Array(
      Type.Object(
        {
          ...yearFields,
          activityIds: Type.Array(Type.String(), { description: 'one of credits each' }),
          restsOn: Type.Array(Type.String(), {
            description:
              'ids of the events of its trainings, and of the posting that it is judged by',
          }),
        },
        closed,
      ),
    ),
    credits: Type.Array(Type.Object({ ...creditField.properties, title: Type.String() }, closed), {
      description: 'what was claimed and credited of each training, and why they differ',
    }),
    ruleSets: Type.Array(ruleSetField, { description: 'that the figures go by' }),
    incomplete: incompleteField,
  },
  closed,
)

const agencyHours = Type.Object(
  {
    people: Type.Array(
      Type.Object(
        {
          asnId: asnIdField,
          unit: Type.Optional(codeField),
          position: codeField,
          state: Type.Enum([...hourStates], {
            description: 'below the floor, above the ceiling, or neither; unknown by what to judge',
          }),
          ...yearFields,
        },
        closed,
      ),
    ),
    next,
  },
  closed,
)

const routes = {
  person: route({
    operationId: 'getHours',
    tag: 'people',
    summary: 'The hours (JP) of somebody by year, claimed and credited, with floor and ceiling',
    params: ofPerson,
    querystring: personQuery,
    answer: personHours,
    problems: personUnknown,
  }),
  agency: route({
    operationId: 'listHours',
    tag: 'agencies',
    summary: 'Who of an agency has too few hours (JP), or more than the ceiling',
    description: 'A page can be shorter than its limit: the last is the one without next.',
    params: ofAgency,
    querystring: agencyQuery,
    answer: agencyHours,
  }),
}

export const hourRoutes = (v1: FastifyInstance, ports: HttpPorts): void => {
  v1.get('/people/:asnId/hours', routes.person, gettingHours(ports))
  v1.get('/agencies/:code/hours', routes.agency, listingHours(ports))
}

type OfOne = OfPerson & { readonly Querystring: Static<typeof personQuery> }
type OfMany = OfAgency & { readonly Querystring: Static<typeof agencyQuery> }

const gettingHours =
  (ports: HttpPorts) =>
  async ({
    call,
    params,
    query,
  }: FastifyRequest<OfOne>): Promise<GivenPeople<Static<typeof personHours>>> => {
    const found = await resolvePerson(ports, call, 'reporting.GetHours', params.asnId)
    const { knownAt } = query
    const hours = ports.queries.hoursOf(await factsFor(ports, found), query)
    const answer = { ...answerOf(hours), ...(knownAt && { knownAt }) }
    return { answer, asnIds: answer.records }
  }

const answerOf = ({ credits, years, ...hours }: PersonHours) => ({
  ...hours,
  records: [...hours.records],
  years: years.map(yearOf),
  credits: creditAnswers(credits).map((credit, at) => ({
    ...credit,
    title: credits[at]?.title ?? '',
  })),
  ruleSets: [...hours.ruleSets],
  incomplete: [...hours.incomplete],
})

const yearOf = ({ activityIds, restsOn, ...year }: ClaimedYear) => ({
  ...year,
  activityIds: [...activityIds],
  restsOn: [...restsOn],
})

const listingHours =
  (ports: HttpPorts) =>
  async ({
    call,
    params: { code },
    query: { limit, after, ...query },
  }: FastifyRequest<OfMany>): Promise<GivenPeople<Static<typeof agencyHours>>> => {
    const list = ['hours', code, JSON.stringify(query)]
    const page = pageQueryOf({ ...(limit && { limit }), ...(after && { after }) }, list)
    await authoriseOver(call, 'reporting.ListHours', code, ports.employees)
    const { people, next } = await ports.queries.hours({ agency: code, ...query, ...page })
    const cut = await cutPage(
      people.map(each => [each.asnId, each] as const),
      page.limit,
    )
    return {
      answer: { people: [...cut.items], ...nextOf(list, cut.next || next) },
      asnIds: cut.items.map(({ asnId }) => asnId),
    }
  }
