import { certificationEvents } from '@jejak/events/certification'
import { enrollmentEvents } from '@jejak/events/enrollment'
import { Type } from 'typebox'
import { asnId, closed, code, count, day, incomplete, log, moment, uuid } from './fields.ts'

const posting = enrollmentEvents.declarations.EmployeePosted.schema

export const historyQuery = Type.Object(
  {
    asOf: Type.Optional({ ...day, description: 'as it was on this day; today where not given' }),
    knownAt: Type.Optional({ ...moment, description: 'as it was known then' }),
    proofs: Type.Optional(
      Type.Boolean({
        title: 'true or false',
        default: false,
        description: 'with each line its entry, and a receipt that it is in the log',
      }),
    ),
  },
  closed,
)

const line = Type.Object(
  {
    log,
    position: count,
    stream: Type.String(),
    version: Type.Integer({ minimum: 1 }),
    eventId: Type.String(),
    type: Type.String({ description: 'AssessmentRecorded' }),
    recordedAt: moment,
    agency: Type.Optional(Type.String({ description: 'that recorded it' })),
    occurredOn: day,
    state: Type.Enum(['counts', 'superseded', 'contested', 'upheld', 'revoked', 'expired', 'over']),
    by: Type.Optional(Type.String({ description: 'id of the event because of which' })),
    note: Type.Optional(Type.String()),
    data: Type.Record(Type.String(), Type.Unknown(), {
      description: 'what the event says; null stands for what was erased',
    }),
    entry: Type.Optional(
      Type.String({ description: 'the bytes that the log has hashed, in base64 (RFC 4648, 4)' }),
    ),
    receipt: Type.Optional(
      Type.String({
        description: 'c2sp.org/tlog-proof@v1; absent of an event that no head is signed over yet',
      }),
    ),
  },
  closed,
)

const level = Type.Object(
  {
    framework: code,
    competency: code,
    level: count,
    policy: Type.String({ description: 'one of policies' }),
    ratings: Type.Array(
      Type.Object({ assessmentId: uuid, eventId: Type.String(), level: count, occurredOn: day }),
      { description: 'that it rests on' },
    ),
  },
  closed,
)

const policy = Type.Object(
  {
    id: Type.String(),
    validFrom: day,
    legalBasis: Type.String(),
    certainty: Type.Enum(['seen', 'second-hand', 'assumed']),
    validityMonths: count,
    pick: Type.String(),
  },
  closed,
)

const enrollment = Type.Object(
  {
    enrollmentId: uuid,
    asnId,
    programId: uuid,
    cohortId: uuid,
    status: Type.Enum(['nominated', 'approved', 'refused', 'withdrawn', 'completed']),
    completedOn: Type.Optional(day),
    attendance: Type.Array(Type.Object({ module: code, jp: count, requiredJp: count }, closed)),
  },
  closed,
)

const certificate = Type.Object(
  {
    ...certificationEvents.declarations.CertificateIssued.schema.properties,
    status: Type.Enum(['valid', 'expired', 'revoked']),
    reason: Type.Optional(Type.String()),
  },
  closed,
)

const completeness = Type.Object(
  {
    logs: Type.Array(
      Type.Object(
        {
          log,
          position: Type.Integer({
            minimum: 0,
            description: 'every event of the log before this position is told of',
          }),
          vkey: Type.Optional(Type.String()),
          checkpoint: Type.Optional(
            Type.String({ description: 'the signed head (c2sp.org/tlog-checkpoint)' }),
          ),
        },
        closed,
      ),
    ),
    streams: Type.Array(
      Type.Object({ log, stream: Type.String(), versions: count, dense: Type.Boolean() }, closed),
      { description: 'about this person; dense where every version up to the last is told of' },
    ),
    incomplete,
  },
  closed,
)

export const history = Type.Object(
  {
    asnId,
    records: Type.Array(asnId),
    asOf: day,
    knownAt: moment,
    erased: Type.Boolean(),
    completeness,
    lines: Type.Array(line),
    levels: Type.Array(level),
    policies: Type.Array(policy),
    postings: Type.Array(posting),
    enrollments: Type.Array(enrollment),
    certificates: Type.Array(certificate),
    hours: Type.Array(Type.Object({ year: Type.Integer(), jp: count }, closed)),
  },
  closed,
)
