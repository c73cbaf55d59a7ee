import { certificationEvents } from '@jejak/events/certification'
import { enrollmentEvents } from '@jejak/events/enrollment'
import { clocksApart } from '@jejak/history/causes'
import { type Fact, logNames } from '@jejak/history/fact'
import { type FactLine, type History, historyOf } from '@jejak/history/history'
import type { GivenPeople } from '@jejak/rpc/gives-out'
import { formatReceipt } from '@jejak/transparency/receipt'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { readEntries } from '../log-entries.ts'
import { type FactData, openedFields, openSealed } from '../personal-data.ts'
import { type LogProgress, progressAt } from '../read-model/progress.ts'
import { namedRules } from '../read-model/rules.ts'
import { creditAnswers, creditField } from './credits.ts'
import { etagOf, isFresh } from './etag.ts'
import {
  asnIdField,
  closed,
  codeField,
  countField,
  dayField,
  incompleteField,
  logField,
  momentField,
  ruleSetField,
  uuidField,
} from './fields.ts'
import { levelField, policiesOf, policyField, ratedLevels } from './levels.ts'
import { factsFor, type OfPerson, ofPerson, resolvePerson } from './person.ts'
import type { HttpPorts } from './ports.ts'
import { personUnknown, route } from './route.ts'

const posting = enrollmentEvents.declarations.EmployeePosted.schema

const historyQuery = Type.Object(
  {
    asOf: Type.Optional({
      ...dayField,
      description: 'as it was on this day; today where not given',
    }),
    knownAt: Type.Optional({
      ...momentField,
      description: 'as it was known then: what each log had by its own clock, see clocks',
    }),
    proofs: Type.Optional(
      Type.Boolean({
        title: 'true or false',
        default: false,
        description: 'with each line its entry, and a receipt that it is in the log',
      }),
    ),
  },
  closed,
)

const line = Type.Object(
  {
    log: logField,
    position: countField,
    stream: Type.String(),
    version: Type.Integer({ minimum: 1 }),
    eventId: Type.String(),
    type: Type.String({ description: 'AssessmentRecorded' }),
    recordedAt: momentField,
    agency: Type.Optional(Type.String({ description: 'that recorded it' })),
    occurredOn: dayField,
    state: Type.Enum(['counts', 'superseded', 'contested', 'upheld', 'revoked', 'expired', 'over']),
    by: Type.Optional(Type.String({ description: 'id of the event because of which' })),
    note: Type.Optional(Type.String()),
    data: Type.Record(Type.String(), Type.Unknown(), {
      description: 'what the event says; null stands for what was erased',
    }),
    entry: Type.Optional(
      Type.String({ description: 'the bytes that the log has hashed, in base64 (RFC 4648, 4)' }),
    ),
    receipt: Type.Optional(
      Type.String({
        description: 'c2sp.org/tlog-proof@v1; absent of an event that no head is signed over yet',
      }),
    ),
  },
  closed,
)

const enrollment = Type.Object(
  {
    enrollmentId: uuidField,
    asnId: asnIdField,
    programId: uuidField,
    cohortId: uuidField,
    status: Type.Enum(['nominated', 'approved', 'refused', 'withdrawn', 'completed']),
    completedOn: Type.Optional(dayField),
    doubleOf: Type.Optional({
      ...uuidField,
      description: 'the enrollment of the same person in the same cohort that counts instead',
    }),
    attendance: Type.Array(
      Type.Object({ module: codeField, jp: countField, requiredJp: countField }, closed),
    ),
  },
  closed,
)

const certificate = Type.Object(
  {
    ...certificationEvents.declarations.CertificateIssued.schema.properties,
    status: Type.Enum(['valid', 'expired', 'revoked']),
    reason: Type.Optional(Type.String()),
    doubleOf: Type.Optional({
      ...uuidField,
      description: 'the certificate of the same person for the same cohort that counts instead',
    }),
  },
  closed,
)

const completeness = Type.Object(
  {
    logs: Type.Array(
      Type.Object(
        {
          log: logField,
          position: Type.Integer({
            minimum: 0,
            description: 'every event of the log before this position is told of',
          }),
          vkey: Type.Optional(Type.String()),
          checkpoint: Type.Optional(
            Type.String({ description: 'the signed head (c2sp.org/tlog-checkpoint)' }),
          ),
        },
        closed,
      ),
    ),
    streams: Type.Array(
      Type.Object(
        { log: logField, stream: Type.String(), versions: countField, dense: Type.Boolean() },
        closed,
      ),
      { description: 'about this person; dense where every version up to the last is told of' },
    ),
    incomplete: incompleteField,
    clocks: Type.Array(
      Type.Object(
        {
          behind: Type.Enum([...logNames, 'reader'], {
            description: 'the log whose clock was behind; reader is the clock of this service',
          }),
          ahead: logField,
          byMs: countField,
          undecided: Type.Boolean({
            description: 'whether knownAt falls in between: what was known then can not be told',
          }),
        },
        closed,
      ),
      {
        description:
          'clocks that were apart, by at least so much: an entry has an earlier time than what ' +
          'it rests on, or a later one than now. No order across logs goes by them; knownAt does',
      },
    ),
  },
  closed,
)

const historyAnswer = Type.Object(
  {
    asnId: asnIdField,
    records: Type.Array(asnIdField),
    asOf: dayField,
    knownAt: momentField,
    erased: Type.Boolean(),
    completeness,
    lines: Type.Array(line),
    levels: Type.Array(levelField),
    policies: Type.Array(policyField, { description: 'that the levels go by' }),
    ruleSets: Type.Array(ruleSetField, { description: 'that the figures go by' }),
    postings: Type.Array(posting),
    enrollments: Type.Array(enrollment),
    certificates: Type.Array(certificate),
    credits: Type.Array(creditField),
    hours: Type.Array(
      Type.Object(
        {
          year: Type.Integer({ description: 'of the calendar' }),
          jp: Type.Number({ minimum: 0, description: 'that are credited' }),
          ruleSets: Type.Array(Type.String(), { description: 'ids of those that say so' }),
        },
        closed,
      ),
    ),
  },
  closed,
)

const historyRoute = route({
  operationId: 'getHistory',
  tag: 'people',
  summary: 'What is known of somebody, as of a day and as known at a moment',
  params: ofPerson,
  querystring: historyQuery,
  answer: historyAnswer,
  tagged: true,
  problems: personUnknown,
})

export const historyRoutes = (v1: FastifyInstance, ports: HttpPorts): void => {
  v1.get('/people/:asnId/history', historyRoute, gettingHistory(ports))
}

type Answer = Static<typeof historyAnswer>
type AnswerLine = Answer['lines'][number]
type Ask = OfPerson & { readonly Querystring: Static<typeof historyQuery> }

/** The history of a person as of a day and as known at a moment, each line with its event. */
const gettingHistory =
  (ports: HttpPorts) =>
  async (
    request: FastifyRequest<Ask>,
    reply: FastifyReply,
  ): Promise<GivenPeople<Answer> | FastifyReply> => {
    const { call, params, query } = request
    const { asOf, knownAt, proofs = false } = query
    const found = await resolvePerson(ports, call, 'reporting.GetHistory', params.asnId)
    const progress = await progressAt(ports, knownAt)
    const person = await factsFor(ports, found)
    const { asnIds, reference, incomplete } = person
    const facts = upTo(progress, person.facts)
    const days = { ...(asOf && { asOf }), ...(knownAt && { knownAt }) }
    const history = historyOf(asnIds, facts, reference, { ...days, now: ports.clock() })
    const { levels, ruleSets } = history
    const rules = namedRules(ruleSets)
    const derived = [levels, rules]
    const etag = etagOf(history.asOf, knownAt, proofs, found, asnIds, incomplete, facts, derived)
    if (isFresh(request, reply, etag)) return reply.code(304).send()
    const lines = history.lines.map(({ fact }) => fact)
    const [opened, proven] = await Promise.all([
      openSealed(ports, lines.filter(isOpenToReaders)),
      proofs ? provenOf(ports, progress, lines) : new Map(),
    ])
    const answer = {
      asnId: found.asnId,
      ...answerOf(history),
      completeness: {
        logs: progress.map(logAnswer),
        streams: [...history.streams],
        incomplete: [...incomplete],
        clocks: [...clocksApart(person.facts, { now: ports.clock(), knownAt })],
      },
      lines: history.lines.map(line => ({ ...lineOf(line, opened), ...proven.get(line.fact) })),
      levels: ratedLevels(history, facts),
      policies: policiesOf(history),
      ruleSets: rules,
    }
    return { answer, asnIds: history.records, fields: [...openedFields(opened), 'history'] }
  }

/** Discipline is for few: `CareerService.GetDiscipline` opens it. */
const isOpenToReaders = ({ type }: Fact) => type !== 'DisciplineStated'

const upTo = (progress: readonly LogProgress[], facts: readonly Fact[]): readonly Fact[] => {
  const positions = new Map(progress.map(({ log, position }) => [log, position]))
  return facts.filter(({ log, position }) => position < (positions.get(log) ?? 0))
}

const logAnswer = ({ head, ...log }: LogProgress) => ({
  ...log,
  ...(head && { vkey: head.vkey, checkpoint: head.checkpoint }),
})

/** What the answer takes from the history as it is. */
const answerOf = (history: History) => ({
  records: [...history.records],
  asOf: history.asOf,
  knownAt: history.knownAt,
  erased: history.erased,
  postings: [...history.postings],
  enrollments: history.enrollments.map(enrollment => ({
    ...enrollment,
    attendance: [...enrollment.attendance],
  })),
  certificates: [...history.certificates],
  credits: creditAnswers(history.credits),
  hours: history.hours.map(({ ruleSets, ...year }) => ({ ...year, ruleSets: [...ruleSets] })),
})

const lineOf = (
  { fact, ...validity }: FactLine,
  opened: ReadonlyMap<Fact, FactData>,
): AnswerLine => {
  const { id: eventId, time: recordedAt, cause: _, data, ...place } = fact
  return { ...place, eventId, recordedAt, ...validity, data: { ...(opened.get(fact) ?? data) } }
}

/** The entry of each fact, and its receipt if the signed head is of a tree that has it. */
const provenOf = async (
  { logs }: Pick<HttpPorts, 'logs'>,
  progress: readonly LogProgress[],
  facts: readonly Fact[],
): Promise<ReadonlyMap<Fact, Pick<AnswerLine, 'entry' | 'receipt'>>> => {
  const heads = new Map(progress.map(({ log, head }) => [log, head]))
  const receiptOf = async ({ log, position: index }: Fact) => {
    const head = heads.get(log)
    if (!head || index >= head.size) return {}
    const proof = (await logs.get(log)?.inclusion(index, head.size)) ?? []
    return { receipt: formatReceipt({ index, proof, checkpoint: head.checkpoint }) }
  }
  const entries = await readEntries(logs, facts)
  return new Map(
    await Promise.all(
      [...entries].map(async ([fact, bytes]) => {
        const entry = Buffer.from(bytes).toString('base64')
        return [fact, { entry, ...(await receiptOf(fact)) }] as const
      }),
    ),
  )
}
