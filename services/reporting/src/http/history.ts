import { policies } from '@jejak/competency/level'
import { type Fact, named } from '@jejak/history/fact'
import { type History, historyOf, type Line } from '@jejak/history/history'
import { formatReceipt } from '@jejak/transparency/receipt'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { readEntries } from '../log-entries.ts'
import { type Data, openedFields, openSealed } from '../personal-data.ts'
import { type LogProgress, progressAt } from '../read-model/progress.ts'
import { purposeOf } from './call.ts'
import { etagOf, isFresh } from './etag.ts'
import type { history, historyQuery } from './history-schema.ts'
import { factsFor, personFor } from './person.ts'
import type { HttpDesk } from './ports.ts'

type Answer = Static<typeof history>
type AnswerLine = Answer['lines'][number]
type Ask = {
  readonly Params: { readonly asnId: string }
  readonly Querystring: Static<typeof historyQuery>
}

/** What is said of a person, as of a day and as known at a moment, each line with its event. */
export const tellingHistory =
  (desk: HttpDesk) =>
  async (request: FastifyRequest<Ask>, reply: FastifyReply): Promise<Answer | FastifyReply> => {
    const { call, params, query } = request
    const { asOf, knownAt, proofs = false } = query
    const found = await personFor(desk, call, 'reporting.GetHistory', params.asnId)
    const known = await progressAt(desk, knownAt)
    const person = await factsFor(desk, found)
    const { asnIds, reference, incomplete } = person
    const facts = upTo(known, person.facts)
    const days = { ...(asOf && { asOf }), ...(knownAt && { knownAt }) }
    const told = historyOf(asnIds, facts, reference, { ...days, now: desk.clock() })
    const etag = etagOf(told.asOf, knownAt, proofs, found, asnIds, incomplete, facts, told.levels)
    if (isFresh(request, reply, etag)) return reply.code(304).send()
    const lines = told.lines.map(({ fact }) => fact)
    const [said, proven] = await Promise.all([
      openSealed(desk, lines),
      proofs ? provenOf(desk, known, lines) : new Map(),
    ])
    const fields = [...openedFields(said), 'history'].sort()
    await desk.recordRead(call, { asnIds: told.records, fields, ...purposeOf(request) })
    return {
      asnId: found.asnId,
      ...answerOf(told),
      completeness: {
        logs: known.map(({ head, ...log }) => ({
          ...log,
          ...(head && { vkey: head.vkey, checkpoint: head.checkpoint }),
        })),
        streams: [...told.streams],
        incomplete: [...incomplete],
      },
      lines: told.lines.map(line => ({ ...lineOf(line, said), ...proven.get(line.fact) })),
      levels: levelsOf(told, facts),
      policies: policies.filter(({ id }) => told.levels.some(({ policy }) => policy === id)),
    }
  }

const upTo = (known: readonly LogProgress[], facts: readonly Fact[]): readonly Fact[] => {
  const positions = new Map(known.map(({ log, position }) => [log, position]))
  return facts.filter(({ log, position }) => position < (positions.get(log) ?? 0))
}

/** What it has as it is told. */
const answerOf = (told: History) => ({
  records: [...told.records],
  asOf: told.asOf,
  knownAt: told.knownAt,
  erased: told.erased,
  postings: [...told.postings],
  enrollments: told.enrollments.map(enrollment => ({
    ...enrollment,
    attendance: [...enrollment.attendance],
  })),
  certificates: [...told.certificates],
  hours: [...told.hours],
})

const lineOf = ({ fact, ...standing }: Line, said: ReadonlyMap<Fact, Data>): AnswerLine => {
  const { id: eventId, time: recordedAt, data, ...place } = fact
  return { ...place, eventId, recordedAt, ...standing, data: { ...(said.get(fact) ?? data) } }
}

/** The entry of each, and the receipt that it is in its log where the signed head goes so far. */
const provenOf = async (
  { logs }: Pick<HttpDesk, 'logs'>,
  known: readonly LogProgress[],
  facts: readonly Fact[],
): Promise<ReadonlyMap<Fact, Pick<AnswerLine, 'entry' | 'receipt'>>> => {
  const heads = new Map(known.map(({ log, head }) => [log, head]))
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

/** Each level with the ratings that it rests on. */
const levelsOf = ({ levels }: History, facts: readonly Fact[]): Answer['levels'] => {
  const assessed = named(facts, 'AssessmentRecorded', 'AssessmentCorrected')
  const ratings = new Map(
    assessed.map(({ id: eventId, data: { assessmentId, level, occurredOn } }) => [
      assessmentId,
      { assessmentId, eventId, level, occurredOn },
    ]),
  )
  return levels.map(({ assessmentIds, ...level }) => ({
    ...level,
    ratings: assessmentIds.flatMap(id => ratings.get(id) ?? []),
  }))
}
