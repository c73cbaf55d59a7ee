// tidy: one catalogue; subjects that stand alone have files of their own
import { Type } from 'typebox'
import { assessorEvents } from './assessors.ts'
import { careerEvents } from './career.ts'
import { claimEvents } from './claims.ts'
import { catalogueOf, event } from './declaration.ts'
import { subjectErased } from './erasure.ts'
import { code, date, level, reason, sealed, sha256, title, uuid } from './fields.ts'
import { learningEvents, learningForm, minutesOfDay } from './learning.ts'
import { postingFields, postingFieldsV1 } from './posting.ts'
import { readAudit } from './read-audit.ts'
import { registerEvents } from './registers.ts'
import { subjectRequestEvents } from './subject-requests.ts'

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

/** The unit and the position of somebody from a day on: the first posting, or a transfer. */
const employeePosted = Type.Object(
  {
    asnId: uuid,
    ...postingFields,
    /** Nobody has stated the employment: it is what the NIP suggests. */
    employmentFromNip: Type.Optional(Type.Literal(true)),
  },
  closed,
)
const employeePostedV1 = Type.Object({ asnId: uuid, ...postingFieldsV1 }, closed)

/** A correction by BKN, or a PPPK who became a PNS. The former NIP still finds the person. */
const nipChanged = Type.Object({ asnId: uuid, nip: sealed, reason, since: date }, closed)

/** The record is a duplicate of another: that one goes on. */
const employeeMerged = Type.Object({ asnId: uuid, survivorId: uuid, reason }, closed)

/** Another record was a duplicate of this one. */
const duplicateAbsorbed = Type.Object({ asnId: uuid, duplicateId: uuid, reason }, closed)

const programFieldsV1 = {
  programId: uuid,
  /** In the number of each certificate, as `mrs-2026`. */
  code,
  title,
  /** Field of service, as `kesehatan` or `administrasi-kependudukan`. */
  field: code,
  /** The levels that a participant must have attained to be certified. */
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
}

/** A training programme. Stream `program/<programId>`. */
const programPublished = Type.Object(
  {
    ...programFieldsV1,
    /** `jenisDiklat` of SIASN (PerLAN 10/2018); without it nobody has said which form it has. */
    form: Type.Optional(learningForm),
  },
  closed,
)
const programPublishedV1 = Type.Object(programFieldsV1, closed)

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

const enrollmentApproved = Type.Object(
  {
    enrollmentId: uuid,
    /** If the hours of the year of a contract are above its ceiling with it: why all the same. */
    override: Type.Optional(
      Type.Object(
        {
          reason,
          /** Id of the rule set. */
          rule: code,
          jp: Type.Number({ minimum: 0 }),
          ceilingJp: Type.Number({ minimum: 0 }),
        },
        closed,
      ),
    ),
  },
  closed,
)
const enrollmentRefused = Type.Object({ enrollmentId: uuid, reason }, closed)
const enrollmentWithdrawn = Type.Object({ enrollmentId: uuid, reason }, closed)

const sessionFields = {
  enrollmentId: uuid,
  /** One of the programme's modules. */
  module: code,
  /** The request that recorded it: one a session. */
  sessionId: uuid,
  heldOn: date,
}

const attendanceRecorded = Type.Object(
  {
    ...sessionFields,
    /** Attended, at most a day. How many JP that is, the rules of hours say. */
    minutes: Type.Integer({ minimum: 1, maximum: minutesOfDay }),
  },
  closed,
)
const attendanceRecordedV1 = Type.Object(
  {
    ...sessionFields,
    /** Jam pelajaran of 45 minutes attended, at most a day of them. */
    jp: Type.Integer({ minimum: 1, maximum: 24 }),
  },
  closed,
)

/** While a JP was recorded as such, it had 45 minutes (PerLAN 5/2018). */
const minutesOfJpV1 = 45

/** Every module was attended in full. It has the person, for consumers of this event alone. */
const enrollmentCompleted = Type.Object(
  { enrollmentId: uuid, asnId: uuid, programId: uuid, completedOn: date },
  closed,
)

const employee = { kind: 'employee', id: 'asnId' } as const
const cohort = { kind: 'cohort', id: 'cohortId' } as const
const enrollment = { kind: 'enrollment', id: 'enrollmentId' } as const

/** The events of Enrollment. Stored for ever: add a version, never edit one. */
export const enrollmentEvents = catalogueOf('enrollment', {
  SubjectKeyCreated: event({
    version: 1,
    schema: subjectKeyCreated,
    stream: employee,
    about: { person: 'asnId' },
    day: 'timeless',
    summary: [],
    sentence: () => ({
      en: 'a key was made for what is sealed of them',
      id: 'kunci dibuat untuk menyegel data pribadinya',
    }),
  }),
  EmployeeRegistered: event({
    version: 1,
    schema: employeeRegistered,
    stream: employee,
    about: { person: 'asnId' },
    day: 'timeless',
    summary: [],
    sentence: () => ({ en: 'registered', id: 'terdaftar' }),
  }),
  EmployeePosted: event({
    version: 2,
    older: [{ schema: employeePostedV1, upcast: posted => posted }],
    schema: employeePosted,
    stream: employee,
    about: { person: 'asnId' },
    day: 'since',
    summary: ['agency', 'position'],
    sentence: ({ position, agency }) => ({
      en: `${position} at ${agency}`,
      id: `${position} di ${agency}`,
    }),
  }),
  NipChanged: event({
    version: 1,
    schema: nipChanged,
    stream: employee,
    about: { person: 'asnId' },
    day: 'since',
    summary: [],
    sentence: ({ reason }) => ({
      en: `the NIP was changed: ${reason}`,
      id: `NIP diubah: ${reason}`,
    }),
  }),
  EmployeeMerged: event({
    version: 1,
    schema: employeeMerged,
    stream: employee,
    about: { person: 'asnId', otherRecord: 'survivorId' },
    day: 'timeless',
    summary: ['survivorId'],
    sentence: ({ survivorId, reason }) => ({
      en: `merged into ${survivorId}: ${reason}`,
      id: `digabung ke ${survivorId}: ${reason}`,
    }),
  }),
  DuplicateAbsorbed: event({
    version: 1,
    schema: duplicateAbsorbed,
    stream: employee,
    about: { person: 'asnId', otherRecord: 'duplicateId' },
    day: 'timeless',
    summary: [],
    sentence: ({ duplicateId, reason }) => ({
      en: `${duplicateId} is a duplicate of this record: ${reason}`,
      id: `${duplicateId} adalah duplikat data ini: ${reason}`,
    }),
  }),
  SubjectErased: subjectErased,
  ProgramPublished: event({
    version: 2,
    older: [{ schema: programPublishedV1, upcast: published => published }],
    schema: programPublished,
    stream: { kind: 'program', id: 'programId' },
    about: 'nobody',
    day: 'recorded',
    summary: [],
    sentence: ({ title }) => ({
      en: `the programme ${title} was published`,
      id: `program ${title} diterbitkan`,
    }),
  }),
  CohortOpened: event({
    version: 1,
    schema: cohortOpened,
    stream: cohort,
    about: 'nobody',
    day: 'recorded',
    summary: [],
    sentence: ({ title, startsOn }) => ({
      en: `${title} was opened, from ${startsOn}`,
      id: `${title} dibuka, mulai ${startsOn}`,
    }),
  }),
  SeatTaken: event({
    version: 1,
    schema: seat,
    stream: cohort,
    about: { person: 'asnId', enrollment: 'enrollmentId' },
    day: 'recorded',
    summary: [],
    sentence: () => ({ en: 'took a seat', id: 'mendapat tempat' }),
  }),
  SeatReleased: event({
    version: 1,
    schema: seat,
    stream: cohort,
    about: { person: 'asnId', enrollment: 'enrollmentId' },
    day: 'recorded',
    summary: [],
    sentence: () => ({ en: 'gave the seat back', id: 'melepas tempat' }),
  }),
  EnrollmentNominated: event({
    version: 1,
    schema: enrollmentNominated,
    stream: enrollment,
    about: { person: 'asnId', enrollment: 'enrollmentId', begins: 'enrollmentId' },
    day: 'recorded',
    summary: [],
    sentence: () => ({ en: 'nominated for the training', id: 'diusulkan mengikuti pelatihan' }),
  }),
  EnrollmentApproved: event({
    version: 1,
    schema: enrollmentApproved,
    stream: enrollment,
    about: { enrollment: 'enrollmentId' },
    day: 'recorded',
    summary: [],
    sentence: ({ override }) =>
      override
        ? {
            en: `approved above the ceiling of ${override.ceilingJp} JP: ${override.reason}`,
            id: `disetujui di atas batas ${override.ceilingJp} JP: ${override.reason}`,
          }
        : { en: 'approved', id: 'disetujui' },
  }),
  EnrollmentRefused: event({
    version: 1,
    schema: enrollmentRefused,
    stream: enrollment,
    about: { enrollment: 'enrollmentId' },
    day: 'recorded',
    summary: [],
    sentence: ({ reason }) => ({ en: `refused: ${reason}`, id: `ditolak: ${reason}` }),
  }),
  EnrollmentWithdrawn: event({
    version: 1,
    schema: enrollmentWithdrawn,
    stream: enrollment,
    about: { enrollment: 'enrollmentId' },
    day: 'recorded',
    summary: [],
    sentence: ({ reason }) => ({ en: `withdrawn: ${reason}`, id: `ditarik: ${reason}` }),
  }),
  AttendanceRecorded: event({
    version: 2,
    older: [
      {
        schema: attendanceRecordedV1,
        upcast: ({ jp, ...held }) => ({ ...held, minutes: (jp as number) * minutesOfJpV1 }),
      },
    ],
    schema: attendanceRecorded,
    stream: enrollment,
    about: { enrollment: 'enrollmentId' },
    day: 'heldOn',
    summary: ['module', 'minutes'],
    sentence: ({ module, minutes }) => ({
      en: `attended ${module}, ${minutes} minutes`,
      id: `mengikuti ${module}, ${minutes} menit`,
    }),
  }),
  EnrollmentCompleted: event({
    version: 1,
    schema: enrollmentCompleted,
    stream: enrollment,
    about: { person: 'asnId', enrollment: 'enrollmentId' },
    day: 'completedOn',
    summary: [],
    sentence: () => ({ en: 'completed the training', id: 'menyelesaikan pelatihan' }),
  }),
  ...subjectRequestEvents,
  ...readAudit,
  ...registerEvents,
  ...claimEvents,
  ...assessorEvents,
  ...learningEvents,
  ...careerEvents,
})
