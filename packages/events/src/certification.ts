import { catalogue } from '@jejak/eventsourcing/catalogue'
import { Type } from 'typebox'
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

/** What Certification publishes. Stored for ever: add a version, never edit one. */
export const certificationEvents = catalogue('certification', {
  CertificateIssued: { version: 1, schema: certificateIssued },
  CertificateRevoked: { version: 1, schema: certificateRevoked },
  VersionDiscarded: { version: 1, schema: versionDiscarded },
})
