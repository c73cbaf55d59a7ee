import { catalogue } from '@jejak/eventsourcing/catalogue'
import { Type } from 'typebox'
import { code, date, level, reason, uuid } from './fields.ts'

const closed = { additionalProperties: false }

/** Stream `certificate/<certificateId>`; the id derives from the enrollment, so that there is one. */
const certificateIssued = Type.Object(
  {
    certificateId: uuid,
    /** On the document; unique because the id is in it. */
    number: Type.String({ minLength: 1, maxLength: 120 }),
    asnId: uuid,
    enrollmentId: uuid,
    programId: uuid,
    /** The policy by which levels were derived from assessments. */
    policy: code,
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
    validUntil: date,
  },
  closed,
)

const certificateRevoked = Type.Object({ certificateId: uuid, reason }, closed)

/** What Certification publishes. Stored for ever: add a version, never edit one. */
export const certificationEvents = catalogue('certification', {
  CertificateIssued: { version: 1, schema: certificateIssued },
  CertificateRevoked: { version: 1, schema: certificateRevoked },
})
