import { catalogue } from '@jejak/eventsourcing/catalogue'
import { Type } from 'typebox'
import { code, date, level, reason, sealed, sha256, title, uuid } from './fields.ts'
import { personalDataRead } from './read-audit.ts'

const closed = { additionalProperties: false }

/** The key that seals a person's data exists; a disclosed key is checked against this. */
const subjectKeyCreated = Type.Object(
  {
    asnId: uuid,
    keyId: uuid,
    /** SHA-256 of `kc.v1` and the key, in hexadecimal. */
    commitment: sha256,
  },
  closed,
)

/**
 * A civil servant is known from now on: NIP, name, birth and contact, sealed. Stream
 * `employee/<asnId>`, as all that is about one.
 */
const employeeRegistered = Type.Object({ asnId: uuid, person: sealed }, closed)

/** Where somebody serves, and as what, from a day on: the first posting, or a transfer. */
const employeePosted = Type.Object(
  {
    asnId: uuid,
    /** Code of the organisation (OPD), as `rsud-daya`. */
    agency: code,
    unit: Type.Optional(code),
    /** Code of the position (jabatan), as `perawat-ahli-pertama`: standards go by it. */
    position: code,
    since: date,
  },
  closed,
)

/** A correction by BKN, or a PPPK who became a PNS. The former NIP still finds the person. */
const nipChanged = Type.Object({ asnId: uuid, nip: sealed, reason, since: date }, closed)

/** The record is a duplicate of another: that one goes on. */
const employeeMerged = Type.Object({ asnId: uuid, survivorId: uuid, reason }, closed)

/** Another record was a duplicate of this one. */
const duplicateAbsorbed = Type.Object({ asnId: uuid, duplicateId: uuid, reason }, closed)

/** The key was destroyed, or is about to be: what it sealed can't be read again. */
const subjectErased = Type.Object(
  {
    asnId: uuid,
    keyId: uuid,
    /** Legal basis, as `UU 27/2022 Pasal 43`. */
    basis: reason,
  },
  closed,
)

/** A training programme. Stream `program/<programId>`. */
const programPublished = Type.Object(
  {
    programId: uuid,
    /** In the number of each certificate, as `mrs-2026`. */
    code,
    title,
    /** Field of service, as `kesehatan` or `administrasi-kependudukan`. */
    field: code,
    /** What a participant must have attained to be certified. */
    targets: Type.Array(Type.Object({ framework: code, competency: code, level }, closed), {
      minItems: 1,
      maxItems: 50,
    }),
    modules: Type.Array(
      Type.Object(
        {
          code,
          title,
          /** Jam pelajaran of 45 minutes. */
          jp: Type.Integer({ minimum: 1, maximum: 1000 }),
          /** How much of that is direct practice: at most all of it. */
          practiceJp: Type.Integer({ minimum: 0, maximum: 1000 }),
        },
        closed,
      ),
      { minItems: 1, maxItems: 100 },
    ),
    /** Calendar months for which a certificate is valid. */
    validityMonths: Type.Integer({ minimum: 1, maximum: 120 }),
  },
  closed,
)

/** One run of a programme. Stream `cohort/<cohortId>`, as the seats that are taken of it. */
const cohortOpened = Type.Object(
  {
    cohortId: uuid,
    programId: uuid,
    title,
    startsOn: date,
    endsOn: date,
    /** Seats. */
    capacity: Type.Integer({ minimum: 1, maximum: 10_000 }),
  },
  closed,
)

/** An approved enrollment holds a seat, until it is withdrawn. */
const seat = Type.Object({ cohortId: uuid, enrollmentId: uuid, asnId: uuid }, closed)

/** A person is proposed for a cohort. Stream `enrollment/<enrollmentId>`, as all that follow. */
const enrollmentNominated = Type.Object(
  { enrollmentId: uuid, asnId: uuid, cohortId: uuid, programId: uuid },
  closed,
)

const enrollmentApproved = Type.Object({ enrollmentId: uuid }, closed)
const enrollmentRefused = Type.Object({ enrollmentId: uuid, reason }, closed)
const enrollmentWithdrawn = Type.Object({ enrollmentId: uuid, reason }, closed)

const attendanceRecorded = Type.Object(
  {
    enrollmentId: uuid,
    /** One of the programme's modules. */
    module: code,
    /** The request that recorded it: one a session. */
    sessionId: uuid,
    heldOn: date,
    /** Jam pelajaran attended, at most a day of them. */
    jp: Type.Integer({ minimum: 1, maximum: 24 }),
  },
  closed,
)

/** Every module was attended in full. Says whose, so that who reads only this knows. */
const enrollmentCompleted = Type.Object(
  { enrollmentId: uuid, asnId: uuid, programId: uuid, completedOn: date },
  closed,
)

/** What Enrollment publishes. Stored for ever: add a version, never edit one. */
export const enrollmentEvents = catalogue('enrollment', {
  SubjectKeyCreated: { version: 1, schema: subjectKeyCreated },
  EmployeeRegistered: { version: 1, schema: employeeRegistered },
  EmployeePosted: { version: 1, schema: employeePosted },
  NipChanged: { version: 1, schema: nipChanged },
  EmployeeMerged: { version: 1, schema: employeeMerged },
  DuplicateAbsorbed: { version: 1, schema: duplicateAbsorbed },
  SubjectErased: { version: 1, schema: subjectErased },
  ProgramPublished: { version: 1, schema: programPublished },
  CohortOpened: { version: 1, schema: cohortOpened },
  SeatTaken: { version: 1, schema: seat },
  SeatReleased: { version: 1, schema: seat },
  EnrollmentNominated: { version: 1, schema: enrollmentNominated },
  EnrollmentApproved: { version: 1, schema: enrollmentApproved },
  EnrollmentRefused: { version: 1, schema: enrollmentRefused },
  EnrollmentWithdrawn: { version: 1, schema: enrollmentWithdrawn },
  AttendanceRecorded: { version: 1, schema: attendanceRecorded },
  EnrollmentCompleted: { version: 1, schema: enrollmentCompleted },
  PersonalDataRead: { version: 1, schema: personalDataRead },
})
