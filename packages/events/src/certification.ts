import { Type } from 'typebox'
import { catalogueOf, event } from './declaration.ts'
import { versionDiscarded } from './discard.ts'
import { code, date, level, reason, uuid } from './fields.ts'
import { readAudit } from './read-audit.ts'

const closed = { additionalProperties: false }

/** Of one log: an event has room for so many, each of about 80 bytes. */
const restsOnMax = 400

const certificate = {
  certificateId: uuid,
  /** On the document: programme, year and 60 bits of the id, so that it is unique. */
  number: Type.String({ minLength: 1, maxLength: 120 }),
  asnId: uuid,
  enrollmentId: uuid,
  programId: uuid,
  /** The policy by which levels were derived from assessments, as `latest-three-years-v1`. */
  policy: code,
  /** Every target of the programme, at least at the level that it requires. */
  attainments: Type.Array(
    Type.Object(
      {
        framework: code,
        competency: code,
        level,
        requiredLevel: level,
        assessmentIds: Type.Array(uuid, { minItems: 1, maxItems: 100 }),
      },
      closed,
    ),
    { minItems: 1, maxItems: 50 },
  ),
  issuedOn: date,
  /** The last day on which it is valid: that it has expired is computed, no event. */
  validUntil: date,
}

/** How a certificate issued before `restsOn` reads: it did not name what it rests on. */
const certificateIssuedBefore = Type.Object(certificate, closed)

/** 32 bytes of SHA-256, in base64. */
const hash = Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' })

/** What was known of another log, and the entries of it that count. No clock is compared. */
const known = Type.Object(
  {
    /** The service whose log it is. */
    log: Type.Enum(['enrollment', 'assessment']),
    /** What the log had: an entry at this position, or a later one, was not known. */
    size: Type.Integer({ minimum: 0 }),
    /** RFC 6962 root of these. */
    root: hash,
    /** In the order of the log: each with its leaf hash (RFC 6962, 2.1). */
    entries: Type.Array(Type.Object({ position: Type.Integer({ minimum: 0 }), hash }, closed), {
      maxItems: restsOnMax,
    }),
  },
  closed,
)

/**
 * A training was completed and its target levels were attained. Stream
 * `certificate/<certificateId>`; the id derives from the enrollment, so that there is one.
 */
const certificateIssued = Type.Object(
  {
    ...certificate,
    /**
     * The nomination, the completion, the programme and the merges of the person's records; the
     * assessments that count and the contests of these; and the rules that say which count, since
     * these can be adopted. Empty of one that was issued before.
     */
    restsOn: Type.Array(known, { minItems: 2, maxItems: 2 }),
  },
  closed,
)

/** It never was right, or is not any more. Final: there won't be another for the enrollment. */
const certificateRevoked = Type.Object({ certificateId: uuid, reason }, closed)

const ofCertificate = { kind: 'certificate', id: 'certificateId' } as const

/** The events of Certification. Stored for ever: add a version, never edit one. */
export const certificationEvents = catalogueOf('certification', {
  CertificateIssued: event({
    version: 2,
    schema: certificateIssued,
    older: [{ schema: certificateIssuedBefore, upcast: data => ({ ...data, restsOn: [] }) }],
    stream: ofCertificate,
    about: {
      person: 'asnId',
      enrollment: 'enrollmentId',
      certificate: 'certificateId',
      begins: 'certificateId',
    },
    day: 'issuedOn',
    summary: ['number'],
    sentence: ({ number, validUntil }) => ({
      en: `certificate ${number}, valid until ${validUntil}`,
      id: `sertifikat ${number}, berlaku sampai ${validUntil}`,
    }),
  }),
  CertificateRevoked: event({
    version: 1,
    schema: certificateRevoked,
    stream: ofCertificate,
    about: { certificate: 'certificateId' },
    day: 'recorded',
    summary: [],
    sentence: ({ reason }) => ({
      en: `the certificate was revoked: ${reason}`,
      id: `sertifikat dicabut: ${reason}`,
    }),
  }),
  VersionDiscarded: versionDiscarded,
  ...readAudit,
})
