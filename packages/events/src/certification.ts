import { Type } from 'typebox'
import { catalogueOf, event } from './declaration.ts'
import { versionDiscarded } from './discard.ts'
import { code, date, level, reason, uuid } from './fields.ts'

const closed = { additionalProperties: false }

/**
 * A training was completed and its target levels were attained. Stream
 * `certificate/<certificateId>`; the id derives from the enrollment, so that there is one.
 */
const certificateIssued = Type.Object(
  {
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
  },
  closed,
)

/** It never was right, or is not any more. Final: there won't be another for the enrollment. */
const certificateRevoked = Type.Object({ certificateId: uuid, reason }, closed)

const certificate = { kind: 'certificate', id: 'certificateId' } as const

/** The events of Certification. Stored for ever: add a version, never edit one. */
export const certificationEvents = catalogueOf('certification', {
  CertificateIssued: event({
    version: 1,
    schema: certificateIssued,
    stream: certificate,
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
    stream: certificate,
    about: { certificate: 'certificateId' },
    day: 'recorded',
    summary: [],
    sentence: ({ reason }) => ({
      en: `the certificate was revoked: ${reason}`,
      id: `sertifikat dicabut: ${reason}`,
    }),
  }),
  VersionDiscarded: versionDiscarded,
})
