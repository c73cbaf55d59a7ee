import { gapStates } from '@jejak/competency/figures/gap'
import { authorise, authoriseOver } from '@jejak/rpc/authorise'
import type { GivenPeople } from '@jejak/rpc/gives-out'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { lackingMax, positionsMax } from '../read-model/gap-sums.ts'
import type { Gaps } from '../read-model/gaps.ts'
import { type OfAgency, ofAgency } from './agency.ts'
import {
  asnIdField,
  closed,
  codeField,
  countField,
  dayField,
  momentField,
  ruleSetField,
  uuidField,
} from './fields.ts'
import { factsFor, type OfPerson, ofPerson, resolvePerson } from './person.ts'
import type { HttpPorts } from './ports.ts'
import { personUnknown, route } from './route.ts'

/** As in other figures of few people that leave the city. */
const ministryLeast = 5

const clocks = {
  asOf: Type.Optional({ ...dayField, description: 'as it was on this day; today where not given' }),
  knownAt: Type.Optional({
    ...momentField,
    description: 'as it was recorded by then, by the clock of each log; now where not given',
  }),
}
const position = Type.Optional({ ...codeField, description: 'of which people hold the office' })

const cityQuery = Type.Object({ ...clocks, position }, closed)
const agencyQuery = Type.Object(
  {
    ...clocks,
    unit: Type.Optional({ ...codeField, description: 'where people serve' }),
    position,
  },
  closed,
)
const personQuery = Type.Object(
  {
    ...clocks,
    position: Type.Optional({
      ...codeField,
      description: 'a position to compare with; that of the office that they hold if not given',
    }),
  },
  closed,
)

const counted = {
  people: Type.Integer({
    minimum: 0,
    description: 'of whom it is required: attained, below, expired and notAssessed together',
  }),
  below: Type.Integer({ minimum: 0, description: 'who have less than that' }),
  expired: Type.Integer({
    minimum: 0,
    description: 'who were assessed, and the assessment does not count any more',
  }),
  notAssessed: countField,
}

const competencyGaps = Type.Object(
  {
    framework: codeField,
    competency: codeField,
    requiredLevel: countField,
    ...counted,
    attained: Type.Integer({ minimum: 0, description: 'who have it, or more' }),
    above: Type.Integer({ minimum: 0, description: 'of those, who have more' }),
    meanLevel: Type.Optional(Type.Number({ description: 'of those whose level counts' })),
  },
  closed,
)

const lack = Type.Object(
  {
    framework: codeField,
    competency: codeField,
    ...counted,
    missingLevels: Type.Integer({
      minimum: 0,
      description: 'levels that those who are below have to gain together',
    }),
  },
  closed,
)

const standard = Type.Object(
  {
    validFrom: dayField,
    legalBasis: Type.String(),
    eventId: Type.Optional(
      Type.String({ description: 'id of the event that has set it for the position' }),
    ),
    ruleSet: Type.Optional(
      Type.String({ description: 'or else the rule set by which the level of the office has it' }),
    ),
  },
  closed,
)

const positionPeople = Type.Object(
  {
    position: codeField,
    office: Type.Optional({ ...codeField, description: 'the level of the office' }),
    held: Type.Boolean({
      description: 'false of those who only stand in for another: nothing is required of them',
    }),
    people: countField,
    standard: Type.Optional(standard),
  },
  closed,
)

const ratedLine = Type.Object(
  {
    framework: codeField,
    competency: codeField,
    requiredLevel: countField,
    level: Type.Integer({ minimum: 0, description: 'that counts; 0 if none does' }),
    gap: Type.Integer({ description: 'level less required level: below 0 is a need' }),
    state: Type.Enum([...gapStates]),
    ratings: Type.Array(
      Type.Object(
        {
          assessmentId: uuidField,
          eventId: Type.String(),
          level: countField,
          occurredOn: dayField,
        },
        closed,
      ),
      { description: 'that the level rests on' },
    ),
  },
  closed,
)

const match = Type.Object(
  {
    attained: Type.Integer({ minimum: 0, description: 'sum of the levels that count' }),
    met: Type.Integer({ minimum: 0, description: 'the same without what is above the required' }),
    required: Type.Integer({ minimum: 0, description: 'sum of the required levels' }),
    deficits: Type.Integer({
      minimum: 0,
      description: 'competencies below what is required: a surplus elsewhere does not hide them',
    }),
    unknown: Type.Integer({
      minimum: 0,
      description: 'of those, how many have no assessment that counts: they are 0 in the sums',
    }),
    percent: Type.Number({ description: 'job person match (JPM), not rounded, after the cap' }),
    cap: Type.Enum(['NONE', 'TOTAL_100', 'PER_COMPETENCY']),
    categories: Type.Array(
      Type.Object(
        {
          purpose: Type.Enum(['selection', 'mapping', 'potential']),
          code: Type.String(),
          name: Type.String(),
        },
        closed,
      ),
    ),
    ruleSet: Type.String({ description: 'of kind match, one of ruleSets' }),
  },
  closed,
)

const gaps = Type.Object(
  {
    agency: Type.Optional(codeField),
    unit: Type.Optional(codeField),
    position: Type.Optional(codeField),
    asOf: dayField,
    knownAt: Type.Optional(momentField),
    people: countField,
    incomplete: Type.Integer({ minimum: 0, description: 'people of whom not everything is known' }),
    withoutStandard: Type.Integer({
      minimum: 0,
      description: 'people of whom nothing says what is required',
    }),
    competencies: Type.Array(competencyGaps, {
      description: 'one for each level that is required of somebody',
    }),
    lacking: Type.Array(lack, {
      maxItems: lackingMax,
      description: 'where people lack most, over all required levels: the most below come first',
    }),
    positions: Type.Array(positionPeople, {
      maxItems: positionsMax,
      description: 'with the standard of each',
    }),
    positionsLeftOut: Type.Integer({
      minimum: 0,
      description: 'positions with the fewest people, which are not listed',
    }),
    leastPeople: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          'rows and positions of fewer people are left out, lest they are about one person',
      }),
    ),
    ruleSets: Type.Array(ruleSetField, { description: 'that the figures go by' }),
    person: Type.Optional(
      Type.Object(
        {
          asnId: asnIdField,
          records: Type.Array(asnIdField),
          levels: Type.Array(ratedLine),
          match: Type.Optional(match),
        },
        { ...closed, description: 'only of one person' },
      ),
    ),
  },
  closed,
)

const routes = {
  person: route({
    operationId: 'getGap',
    tag: 'people',
    summary: 'What somebody has of what is required of their office, and their job person match',
    params: ofPerson,
    querystring: personQuery,
    answer: gaps,
    problems: personUnknown,
  }),
  agency: route({
    operationId: 'getGaps',
    tag: 'agencies',
    summary: 'What an agency’s people have of what is required of their offices',
    params: ofAgency,
    querystring: agencyQuery,
    answer: gaps,
  }),
  city: route({
    operationId: 'getCityGaps',
    tag: 'agencies',
    summary: 'The same of everybody in the city',
    querystring: cityQuery,
    answer: gaps,
  }),
}

export const gapRoutes = (v1: FastifyInstance, ports: HttpPorts): void => {
  v1.get('/people/:asnId/gap', routes.person, gettingGap(ports))
  v1.get('/agencies/:code/gaps', routes.agency, gettingGaps(ports))
  v1.get('/gaps', routes.city, gettingCityGaps(ports))
}

type OfOne = OfPerson & { readonly Querystring: Static<typeof personQuery> }
type OfMany = OfAgency & { readonly Querystring: Static<typeof agencyQuery> }
type OfCity = { readonly Querystring: Static<typeof cityQuery> }

const gettingGap =
  (ports: HttpPorts) =>
  async ({ call, params, query }: FastifyRequest<OfOne>): Promise<GivenPeople<Gaps>> => {
    const found = await resolvePerson(ports, call, 'reporting.GetGap', params.asnId)
    const answer = await ports.queries.gapOf(await factsFor(ports, found), query)
    return { answer, asnIds: [...answer.person.records] }
  }

const gettingGaps =
  (ports: HttpPorts) =>
  async ({ call, params, query }: FastifyRequest<OfMany>): Promise<Gaps> => {
    await authoriseOver(call, 'reporting.GetGaps', params.code, ports.employees)
    return ports.queries.gaps({ agency: params.code, ...query })
  }

const gettingCityGaps =
  (ports: HttpPorts) =>
  async ({ call, query }: FastifyRequest<OfCity>): Promise<Gaps> => {
    authorise(call, 'reporting.GetCityGaps', {})
    // A ministry sees nobody, and so nobody who is alone in a row either.
    const leastPeople = call.principal.role === 'ministry' ? { leastPeople: ministryLeast } : {}
    return ports.queries.gaps({ ...query, ...leastPeople })
  }
