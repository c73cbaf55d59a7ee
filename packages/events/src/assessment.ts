import { type Static, Type } from 'typebox'
import { archiveRegistered } from './archive.ts'
import { contestEvents } from './contests.ts'
import { catalogueOf, event } from './declaration.ts'
import { documents, evidence } from './evidence.ts'
import { code, date, level, reason, sha256, uuid } from './fields.ts'
import { frameworkEvents } from './framework.ts'
import { readAudit } from './read-audit.ts'

const closed = { additionalProperties: false }

/** Evidence as version 1 had it, with any address where it is kept: that could name a person. */
const evidenceV1 = Type.Object(
  { sha256, uri: Type.Optional(Type.String({ maxLength: 2048 })) },
  closed,
)

/** Evidence as it is read: what was recorded in version 1 keeps its address. */
export type Evidence = Static<typeof evidence> & { readonly uri?: string }

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
  evidence: documents(evidence),
  /** The enrollment in a training whose effect this assessment measures. */
  enrollmentId: Type.Optional(uuid),
}

/**
 * A competency of a civil servant was assessed at a level. Stream `competency/<asnId>`; the agency
 * that assessed is the attribute `agency`. No names, NIP or titles: they would stay for ever.
 */
const assessmentRecorded = Type.Object(assessment, closed)

/** Stands in the place of another, `supersedes`, that was wrong and stays. Same stream. */
const assessmentCorrected = Type.Object({ ...assessment, supersedes: uuid, reason }, closed)

const assessmentV1 = { ...assessment, evidence: documents(evidenceV1) }
const correctedV1 = { ...assessmentV1, supersedes: uuid, reason }

/** What version 1 had is read as it is: nobody knows the archive of an address. */
const asItIs = <Data>(data: Data): Data => data

/** The requirements of a position (jabatan) from a day on. Stream `standard/<position>`. */
const standardSet = Type.Object(
  {
    position: code,
    validFrom: date,
    /** The regulation or the decree that sets it. */
    legalBasis: reason,
    requirements: Type.Array(Type.Object({ framework: code, competency: code, level }, closed), {
      minItems: 1,
      maxItems: 100,
    }),
  },
  closed,
)

const competency = { kind: 'competency', id: 'asnId' } as const

const phases = {
  baseline: 'sebelum pelatihan',
  'after-training': 'setelah pelatihan',
  'at-work': 'di tempat kerja',
} as const

/** The events of Assessment. Stored for ever: add a version, never edit one. */
export const assessmentEvents = catalogueOf('assessment', {
  AssessmentRecorded: event({
    version: 2,
    older: [{ schema: Type.Object(assessmentV1, closed), upcast: asItIs }],
    schema: assessmentRecorded,
    stream: competency,
    about: { person: 'asnId', enrollment: 'enrollmentId' },
    day: 'occurredOn',
    summary: ['competency', 'level'],
    sentence: ({ competency, level, phase }) => ({
      en: `${competency} level ${level}, ${phase}`,
      id: `${competency} tingkat ${level}, ${phases[phase]}`,
    }),
  }),
  AssessmentCorrected: event({
    version: 2,
    older: [{ schema: Type.Object(correctedV1, closed), upcast: asItIs }],
    schema: assessmentCorrected,
    stream: competency,
    about: { person: 'asnId', enrollment: 'enrollmentId' },
    day: 'occurredOn',
    summary: ['competency', 'level'],
    sentence: ({ competency, level, phase }) => ({
      en: `${competency} level ${level}, ${phase}, corrected`,
      id: `${competency} tingkat ${level}, ${phases[phase]}, dikoreksi`,
    }),
  }),
  ...contestEvents,
  ...frameworkEvents,
  StandardSet: event({
    version: 1,
    schema: standardSet,
    stream: { kind: 'standard', id: 'position' },
    about: 'nobody',
    day: 'validFrom',
    summary: ['position'],
    sentence: ({ position, validFrom }) => ({
      en: `the standard of ${position} was set, from ${validFrom}`,
      id: `standar ${position} ditetapkan, mulai ${validFrom}`,
    }),
  }),
  ArchiveRegistered: archiveRegistered,
  ...readAudit,
})
