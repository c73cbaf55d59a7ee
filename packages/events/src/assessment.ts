import { catalogue } from '@jejak/eventsourcing/catalogue'
import { Type } from 'typebox'
import { code, date, level, reason, sealed, sha256, title, uuid } from './fields.ts'

const closed = { additionalProperties: false }

/** A document that the assessment rests on. Its owner keeps it; the log has what it hashes to. */
const evidence = Type.Object(
  { sha256, uri: Type.Optional(Type.String({ maxLength: 2048 })) },
  closed,
)

const assessment = {
  assessmentId: uuid,
  /** The civil servant (ASN) who was assessed. */
  asnId: uuid,
  /** The dictionary that defines competency and levels, as `permenpanrb-38-2017`. */
  framework: code,
  competency: code,
  level,
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
}

/**
 * A competency of a civil servant was assessed at a level. Stream `competency/<asnId>`; the agency
 * that assessed is the attribute `agency`. No names, NIP or titles: they would stay for ever.
 */
const assessmentRecorded = Type.Object(assessment, closed)

/** Stands in the place of an assessment that was wrong, which stays. */
const assessmentCorrected = Type.Object({ ...assessment, supersedes: uuid, reason }, closed)

const assessmentContested = Type.Object(
  { contestId: uuid, asnId: uuid, assessmentId: uuid, statement: sealed },
  closed,
)

const contestResolved = Type.Object(
  {
    contestId: uuid,
    asnId: uuid,
    assessmentId: uuid,
    /** Whether the assessment does not count any more. */
    upheld: Type.Boolean(),
    reason,
  },
  closed,
)

/** Stream `framework/<frameworkId>`. */
const frameworkPublished = Type.Object(
  {
    frameworkId: code,
    title,
    legalBasis: reason,
    validFrom: date,
    /** Made up, to show how a dictionary looks. */
    sample: Type.Boolean(),
    competencies: Type.Array(
      Type.Object(
        { code, title, kind: Type.Enum(['manajerial', 'sosial-kultural', 'teknis']) },
        closed,
      ),
      { minItems: 1, maxItems: 500 },
    ),
  },
  closed,
)

/** Stream `standard/<position>`. */
const standardSet = Type.Object(
  {
    position: code,
    validFrom: date,
    legalBasis: reason,
    requirements: Type.Array(Type.Object({ framework: code, competency: code, level }, closed), {
      minItems: 1,
      maxItems: 100,
    }),
  },
  closed,
)

/** What Assessment publishes. Stored for ever: add a version, never edit one. */
export const assessmentEvents = catalogue('assessment', {
  AssessmentRecorded: { version: 1, schema: assessmentRecorded },
  AssessmentCorrected: { version: 1, schema: assessmentCorrected },
  AssessmentContested: { version: 1, schema: assessmentContested },
  ContestResolved: { version: 1, schema: contestResolved },
  FrameworkPublished: { version: 1, schema: frameworkPublished },
  StandardSet: { version: 1, schema: standardSet },
})
