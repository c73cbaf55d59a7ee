import { Type } from 'typebox'
import { event } from './declaration.ts'
import { code, reason, sealed, uuid } from './fields.ts'

const closed = { additionalProperties: false }
const subjectRequest = { kind: 'subject-request', id: 'requestId' } as const

/** A moment in UTC (RFC 3339), to the millisecond. */
const moment = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' })

/** What a person can ask of who holds their data (UU 27/2022, articles 6 and 7). */
export const subjectRequestKinds = ['access', 'copy', 'correction'] as const

/** How such a request ends: refused with a legal reason. */
export const subjectRequestOutcomes = ['done', 'refused'] as const

/**
 * A person asks to see, to have a copy of, or to have corrected what is held of them. Stream
 * `subject-request/<requestId>`, as its answer. The statement is a text of 1 to 2000 characters.
 */
const filed = Type.Object(
  {
    requestId: uuid,
    asnId: uuid,
    kind: Type.Enum([...subjectRequestKinds]),
    /** The person, or HR on their behalf. */
    filedBy: Type.Enum(['asn', 'hr']),
    statement: sealed,
    /** It must be answered by then: as the rule in force had it on that day. */
    dueAt: moment,
    rule: code,
  },
  closed,
)

const answered = Type.Object(
  {
    requestId: uuid,
    asnId: uuid,
    outcome: Type.Enum([...subjectRequestOutcomes]),
    /** What was done, or the legal reason of the refusal. */
    reason,
    /** As the request has it. */
    dueAt: moment,
  },
  closed,
)

/**
 * Personal data was wrong or incomplete. `person` has the fields that change, and no NIP; an empty
 * text takes a field away. What was said before stays in its own event: the newest counts.
 */
const corrected = Type.Object(
  { asnId: uuid, person: sealed, reason, requestId: Type.Optional(uuid) },
  closed,
)

const outcomes = {
  done: { en: 'done', id: 'dipenuhi' },
  refused: { en: 'refused', id: 'ditolak' },
}
const kinds = {
  access: { en: 'access to their data', id: 'akses ke datanya' },
  copy: { en: 'a copy of their data', id: 'salinan datanya' },
  correction: { en: 'a correction of their data', id: 'perbaikan datanya' },
}

/** The rights of a person to what is held of them. */
export const subjectRequestEvents = {
  SubjectRequestFiled: event({
    version: 1,
    schema: filed,
    stream: subjectRequest,
    about: { person: 'asnId' },
    day: 'recorded',
    summary: ['kind'],
    sentence: ({ kind, dueAt }) => ({
      en: `asked for ${kinds[kind].en}, to be answered by ${dueAt}`,
      id: `meminta ${kinds[kind].id}, harus dijawab sampai ${dueAt}`,
    }),
  }),
  SubjectRequestAnswered: event({
    version: 1,
    schema: answered,
    stream: subjectRequest,
    about: { person: 'asnId' },
    day: 'recorded',
    summary: ['outcome'],
    sentence: ({ outcome, reason }) => ({
      en: `their request was ${outcomes[outcome].en}: ${reason}`,
      id: `permintaannya ${outcomes[outcome].id}: ${reason}`,
    }),
  }),
  PersonalDataCorrected: event({
    version: 1,
    schema: corrected,
    stream: { kind: 'employee', id: 'asnId' },
    about: { person: 'asnId' },
    day: 'timeless',
    summary: [],
    sentence: ({ reason }) => ({
      en: `personal data was corrected: ${reason}`,
      id: `data pribadi diperbaiki: ${reason}`,
    }),
  }),
}
