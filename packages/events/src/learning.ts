import { Type } from 'typebox'
import { event } from './declaration.ts'
import { documents, evidence } from './evidence.ts'
import { code, date, reason, title, uuid } from './fields.ts'

const closed = { additionalProperties: false }
const learning = { kind: 'learning', id: 'learningId' } as const

/** The most sessions of one learning: an event has to fit an entry. */
export const learningSessionsMax = 366
/** The most JP that somebody may claim for one learning. */
export const claimedJpMax = 2_000
export const minutesOfDay = 24 * 60

export const learningFormMax = 25

/** `jenisDiklat` of SIASN (PerLAN 10/2018). */
export const learningForm = Type.Integer({ minimum: 1, maximum: learningFormMax })

/**
 * Somebody learned outside of the cohorts here: a course, a seminar, coaching, by themself. Stream
 * `learning/<learningId>`, as all that is about one. Its texts stay for ever.
 */
const learningRecorded = Type.Object(
  {
    learningId: uuid,
    asnId: uuid,
    form: learningForm,
    title,
    organiser: title,
    startsOn: date,
    endsOn: date,
    sessions: Type.Optional(
      Type.Array(
        Type.Object(
          { on: date, minutes: Type.Integer({ minimum: 1, maximum: minutesOfDay }) },
          closed,
        ),
        { minItems: 1, maxItems: learningSessionsMax },
      ),
    ),
    /** JP that its paper states, or that the person claims. */
    claimedJp: Type.Optional(Type.Integer({ minimum: 1, maximum: claimedJpMax })),
    abroad: Type.Optional(Type.Literal(true)),
    /** Of functional training: its position, or what the codes of all its levels begin with. */
    forPosition: Type.Optional(code),
    certificateNumber: Type.Optional(title),
    certifiedOn: Type.Optional(date),
    evidence: Type.Optional(documents(evidence)),
  },
  closed,
)

/** It does not count from that day on: its certificate was withdrawn, or it was a mistake. */
const learningRevoked = Type.Object({ learningId: uuid, asnId: uuid, since: date, reason }, closed)

/** Learning outside of the cohorts. */
export const learningEvents = {
  LearningRecorded: event({
    version: 1,
    schema: learningRecorded,
    stream: learning,
    about: { person: 'asnId' },
    day: 'endsOn',
    summary: ['title', 'organiser', 'claimedJp'],
    sentence: ({ title, organiser, claimedJp }) => ({
      en: `learned: ${title}, by ${organiser}${claimedJp ? `, ${claimedJp} JP claimed` : ''}`,
      id: `belajar: ${title}, oleh ${organiser}${claimedJp ? `, ${claimedJp} JP diajukan` : ''}`,
    }),
  }),
  LearningRevoked: event({
    version: 1,
    schema: learningRevoked,
    stream: learning,
    about: { person: 'asnId' },
    day: 'since',
    summary: [],
    sentence: ({ reason }) => ({
      en: `a learning was revoked: ${reason}`,
      id: `suatu pembelajaran dicabut: ${reason}`,
    }),
  }),
}
