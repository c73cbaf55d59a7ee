import { may } from '@jejak/access/rights'
import { ipAsnDimensions } from '@jejak/competency/figures/ip-asn'
import { batchesOf } from '@jejak/eventsourcing/projection'
import { type CareerAt, careerOf } from '@jejak/history/career'
import type { Fact } from '@jejak/history/fact'
import { authoriseOver } from '@jejak/rpc/authorise'
import type { Call } from '@jejak/rpc/call'
import type { GivenPeople } from '@jejak/rpc/gives-out'
import { validate } from '@jejak/rpc/validate'
import { ipAsnTexts } from '@jejak/texts/ip-asn'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { type FactData, openSealed } from '../personal-data.ts'
import {
  type Discipline,
  type OpenedCareer,
  personIpAsn,
  rulesNamed,
} from '../read-model/ip-asn.ts'
import { summingIpAsn } from '../read-model/ip-asn-sums.ts'
import type { PersonFacts } from '../read-model/person.ts'
import { type OfAgency, ofAgency } from './agency.ts'
import {
  asnIdField,
  closed,
  codeField,
  countField,
  dayField,
  incompleteField,
  momentField,
  ruleSetField,
} from './fields.ts'
import { factsFor, type OfPerson, ofPerson, resolvePerson } from './person.ts'
import type { HttpPorts } from './ports.ts'
import { personUnknown, route } from './route.ts'

const query = Type.Object(
  {
    year: Type.Optional(
      Type.Integer({
        minimum: 1950,
        maximum: 9999,
        title: 'a year, as 2026',
        description: 'as of its last day, or of today if it goes on; not with asOf',
      }),
    ),
    asOf: Type.Optional({ ...dayField, description: 'as it was on this day; today if not given' }),
    knownAt: Type.Optional({
      ...momentField,
      description: 'as it was recorded by then, by the clock of each log; now if not given',
    }),
  },
  closed,
)

const bilingual = Type.Object({ en: Type.String(), id: Type.String() }, closed)

const missing = {
  input: Type.String({ description: 'as education; rules or events if these are what is missing' }),
  why: Type.Enum(['not-recorded', 'too-old', 'office-not-stated', 'no-rule', 'parked']),
  from: Type.Enum(['hr', 'agency', 'operator'], { description: 'whose it is to give' }),
  what: bilingual,
}

const line = Type.Object(
  {
    on: { ...dayField, description: 'when it was done, or began' },
    value: Type.String({ description: 'as S-1, baik, ringan, or the title of a learning' }),
    jp: Type.Optional(Type.Number({ description: 'as the rules of hours credit it' })),
    year: Type.Optional(Type.Integer({ description: 'of performance' })),
    source: Type.Optional(Type.String({ description: 'where it is known from' })),
    restsOn: Type.Array(Type.String(), { description: 'ids of the events' }),
  },
  closed,
)

const reckoned = {
  most: Type.Number({ description: 'the most that it can be' }),
  state: Type.Enum(['known', 'unknown', 'withheld']),
  score: Type.Optional(Type.Number()),
  lines: Type.Array(line, { maxItems: 100, description: 'what it was reckoned from' }),
  linesLeftOut: Type.Optional(countField),
}

const dimension = Type.Enum([...ipAsnDimensions])
const withheld = Type.Optional(
  Type.Object(bilingual.properties, {
    ...closed,
    description: 'only if the caller may not know of punishments: why discipline is left out',
  }),
)
const asked = { asOf: dayField, knownAt: Type.Optional(momentField) }
const ruleSets = Type.Array(ruleSetField, { description: 'that the figures go by' })
const shown = Type.Optional(
  Type.String({
    description: 'with the decimals of the rules: categories go by what is not rounded',
  }),
)

const personAnswer = Type.Object(
  {
    asnId: asnIdField,
    records: Type.Array(asnIdField),
    ...asked,
    employment: Type.Optional(
      Type.String({ description: 'pns, cpns or of a PPPK: the regulation speaks of PNS' }),
    ),
    dimensions: Type.Array(Type.Object({ dimension, ...reckoned }, closed)),
    indicators: Type.Array(
      Type.Object(
        {
          indicator: Type.String({ description: 'as technical-training' }),
          after: Type.Optional({ ...dayField, description: 'it counts from the day after on' }),
          ...reckoned,
        },
        closed,
      ),
      { description: 'that make the dimension of competency, by the group of the office' },
    ),
    total: Type.Optional(
      Type.Number({ description: 'absent if an input is unknown, or discipline is withheld' }),
    ),
    shown,
    category: Type.Optional(Type.String()),
    unknown: Type.Array(Type.Object(missing, closed), {
      description: 'inputs that are missing: with one of them there is no total',
    }),
    withheld,
    ruleSets,
    incomplete: incompleteField,
  },
  closed,
)

const sums = Type.Object(
  {
    employment: Type.String({ description: 'pns, cpns, of a PPPK, or unknown' }),
    people: countField,
    known: Type.Integer({ minimum: 0, description: 'of whom no input is missing' }),
    average: Type.Optional(Type.Number({ description: 'of the totals of those who are known' })),
    shown,
    categories: Type.Optional(
      Type.Array(Type.Object({ category: Type.String(), people: countField }, closed)),
    ),
    dimensions: Type.Array(
      Type.Object(
        {
          dimension,
          most: Type.Number(),
          known: Type.Integer({ minimum: 0, description: 'the average is of these alone' }),
          average: Type.Optional(Type.Number()),
        },
        closed,
      ),
    ),
    unknownPeople: countField,
    unknown: Type.Array(Type.Object({ ...missing, people: countField }, closed), {
      description: 'which inputs are missing, the most frequent first',
    }),
  },
  closed,
)

const agencyAnswer = Type.Object(
  {
    agency: codeField,
    ...asked,
    people: countField,
    groups: Type.Array(sums, {
      description: 'by employment: the figure of an agency is that of its PNS',
    }),
    withheld,
    ruleSets,
  },
  closed,
)

const routes = {
  person: route({
    operationId: 'getIpAsn',
    tag: 'people',
    summary: 'The index of professionality (IP-ASN) of somebody, with what it was reckoned from',
    params: ofPerson,
    querystring: query,
    answer: personAnswer,
    problems: personUnknown,
  }),
  agency: route({
    operationId: 'getIpAsnSums',
    tag: 'agencies',
    summary: 'How many people of an agency are in which category of the index of professionality',
    params: ofAgency,
    querystring: query,
    answer: agencyAnswer,
  }),
}

export const ipAsnRoutes = (v1: FastifyInstance, ports: HttpPorts): void => {
  v1.get('/people/:asnId/ip-asn', routes.person, ({ call, params, query }: FastifyRequest<OfOne>) =>
    getIpAsn(ports, call, { ...params, ...query }),
  )
  v1.get(
    '/agencies/:code/ip-asn',
    routes.agency,
    ({ call, params, query }: FastifyRequest<OfMany>) =>
      getIpAsnSums(ports, call, { agency: params.code, ...query }),
  )
}

type Query = Static<typeof query>
type OfOne = OfPerson & { readonly Querystring: Query }
type OfMany = OfAgency & { readonly Querystring: Query }

/** The index of one person; throws as a call is refused. */
export const getIpAsn = async (
  ports: HttpPorts,
  call: Call,
  { asnId, ...query }: Query & { readonly asnId: string },
): Promise<GivenPeople<Static<typeof personAnswer>>> => {
  const asOf = dayAsked(ports, query)
  const found = await resolvePerson(ports, call, 'reporting.GetIpAsn', asnId)
  const person = await factsFor(ports, found)
  const sees = may(call.principal, 'enrollment.GetDiscipline', found)
  const [opened] = await openedCareers(ports, [person], { asOf, knownAt: query.knownAt }, sees)
  if (!opened) throw new Error('one person has one career')
  const index = personIpAsn(opened, asOf)
  const { records } = opened.career
  const answer = {
    ...{ asnId: found.asnId, records: [...records], asOf },
    ...(query.knownAt && { knownAt: query.knownAt }),
    ...index,
    incomplete: [...person.incomplete],
  } as Static<typeof personAnswer>
  const fields = sees ? ['index', 'discipline'] : ['index']
  return { answer, asnIds: [...records], fields }
}

/** Sums over the people of an agency. */
export const getIpAsnSums = async (
  ports: HttpPorts,
  call: Call,
  { agency, ...query }: Query & { readonly agency: string },
): Promise<Static<typeof agencyAnswer>> => {
  const asOf = dayAsked(ports, query)
  const { knownAt } = query
  await authoriseOver(call, 'reporting.GetIpAsnSums', agency, ports.employees)
  const sees = may(call.principal, 'enrollment.GetDiscipline', {})
  const rules = await ports.queries.rules(knownAt)
  const { add, sums } = summingIpAsn(rules.on('ip-asn', asOf)?.rules, !sees)
  let people = 0
  for await (const batch of batchesOf(ports.queries.factsOf(agency, { day: asOf, knownAt }))) {
    for (const opened of await openedCareers(ports, batch, { asOf, knownAt }, sees)) {
      add(personIpAsn(opened, asOf))
      people++
    }
  }
  return {
    ...{ agency, asOf, ...(knownAt && { knownAt }), people },
    groups: sums(),
    ...(!sees && { withheld: ipAsnTexts.withheld }),
    ruleSets: rulesNamed(rules, asOf),
  } as Static<typeof agencyAnswer>
}

/** A year is asked for as of its last day. */
const dayAsked = ({ today }: Pick<HttpPorts, 'today'>, { year, asOf }: Query): string => {
  const known = ['asOf', 'year']
  validate({ ...(year !== undefined && asOf && { year: { key: 'one-of', values: { known } } }) })
  const day = today()
  if (year === undefined) return asOf ?? day
  return String(year) === day.slice(0, 4) ? day : `${year}-12-31`
}

/** The careers of people; their discipline is opened only for a caller who may know of it. */
const openedCareers = async (
  ports: HttpPorts,
  people: readonly PersonFacts[],
  { asOf, knownAt }: { readonly asOf: string; readonly knownAt: string | undefined },
  sees: boolean,
): Promise<readonly OpenedCareer[]> => {
  const asked = { asOf, knownAt, now: ports.clock() }
  const careers = people.map(({ asnIds, facts, reference }) =>
    careerOf(asnIds, facts, reference, asked),
  )
  const statements = careers.flatMap(({ statement }) => statement ?? [])
  const opened = sees ? await openSealed(ports, statements) : new Map()
  return careers.map((career, at) => ({
    career,
    discipline: sees ? disciplineIn(career, opened) : 'withheld',
    isIncomplete: (people[at]?.incomplete.length ?? 0) > 0,
  }))
}

const disciplineIn = (
  { statement }: CareerAt,
  opened: ReadonlyMap<Fact, FactData>,
): Discipline | 'unknown' => {
  const stated = statement && opened.get(statement)?.['statement']
  return (stated as Discipline | null | undefined) ?? 'unknown'
}
