import { catalogue } from '@jejak/eventsourcing/catalogue'
import { Type } from 'typebox'
import { code, date, sha256, uuid } from './fields.ts'

/** A document that the assessment rests on. Its owner keeps it; the log has what it hashes to. */
const evidence = Type.Object(
  { sha256, uri: Type.Optional(Type.String({ maxLength: 2048 })) },
  { additionalProperties: false },
)

/**
 * A competency of a civil servant was assessed at a level. Stream `competency/<asnId>`; the agency
 * that assessed is the attribute `agency`. No names, NIP or titles: they would stay for ever.
 */
const assessmentRecorded = Type.Object(
  {
    assessmentId: uuid,
    /** The civil servant (ASN) who was assessed. */
    asnId: uuid,
    /** The dictionary that defines competency and levels, as `permenpanrb-38-2017`. */
    framework: code,
    competency: code,
    /** Proficiency, from 1 (paham) to 5 (ahli): the levels of PermenPANRB 38/2017. */
    level: Type.Integer({ minimum: 1, maximum: 5 }),
    /** How it was assessed, as `uji-kompetensi`. */
    method: code,
    /** Before a training, right after it, or later in the work that the training was for. */
    phase: Type.Enum(['baseline', 'after-training', 'at-work']),
    assessorId: uuid,
    /** The day of the assessment; the entry's own time is that of its recording. */
    occurredOn: date,
    evidence: Type.Array(evidence, { minItems: 1, maxItems: 10 }),
    /** The enrollment in a training whose effect this assessment measures. */
    enrollmentId: Type.Optional(uuid),
  },
  { additionalProperties: false },
)

/** What Assessment publishes. Stored for ever: add a version, never edit one. */
export const assessmentEvents = catalogue('assessment', {
  AssessmentRecorded: { version: 1, schema: assessmentRecorded },
})
