import { packedIds } from '@jejak/events/read-audit'
import { restsOnNothing, sealed } from '@jejak/history/testing/events'
import { type Happened, idOf, type Logs } from './read-model.ts'

// What happens to people, for tests.

export const siti = idOf(1)
export const andi = idOf(2)
/** Siti, registered a second time. */
export const double = idOf(3)
export const program = idOf(11)
export const cohort = idOf(12)
export const framework = 'permenpanrb-38-2017'
export const nurse = 'perawat-ahli-pertama'

export const registered = (asnId: string, agency = 'rsud-daya', position = nurse) =>
  [
    { type: 'EmployeeRegistered', asnId, person: sealed },
    { type: 'EmployeePosted', asnId, agency, position, since: '2020-01-01' },
  ] satisfies Happened[]

export const assessed = (
  asnId: string,
  assessmentId: string,
  level: number,
  competency = 'integritas',
) =>
  ({
    type: 'AssessmentRecorded',
    assessmentId,
    asnId,
    framework,
    competency,
    level,
    method: 'uji-kompetensi',
    phase: 'baseline',
    assessorId: idOf(21),
    occurredOn: '2026-03-01',
    evidence: [{ sha256: 'ab'.repeat(32) }],
  }) satisfies Happened

export const published = {
  type: 'ProgramPublished',
  programId: program,
  code: 'mrs-2026',
  title: 'Manajemen Rumah Sakit',
  field: 'kesehatan',
  targets: [{ framework, competency: 'integritas', level: 3 }],
  modules: [{ code: 'mutu', title: 'Mutu Layanan', jp: 8, practiceJp: 4 }],
  validityMonths: 36,
} satisfies Happened

export const opened = {
  type: 'CohortOpened',
  cohortId: cohort,
  programId: program,
  title: 'Angkatan I',
  startsOn: '2026-05-01',
  endsOn: '2026-05-15',
  capacity: 30,
} satisfies Happened

/** The cohort of the year before. */
export const openedBefore = {
  ...opened,
  cohortId: idOf(13),
  startsOn: '2025-05-01',
  endsOn: '2025-05-15',
} satisfies Happened

/** A training from the nomination to the certificate, in the cohort of its year. */
export const trained = async (
  { append }: Logs,
  asnId: string,
  enrollmentId: string,
  completedOn: string,
) => {
  const way = { enrollmentId, asnId, programId: program }
  const { cohortId } = completedOn < opened.startsOn ? openedBefore : opened
  const seat = { cohortId, enrollmentId, asnId }
  const session = { module: 'mutu', sessionId: idOf(31), heldOn: completedOn, minutes: 360 }
  const certificate = certified(way, completedOn)
  await append('enrollment', `cohort/${cohortId}`, { type: 'SeatTaken', ...seat })
  await append(
    'enrollment',
    `enrollment/${enrollmentId}`,
    { type: 'EnrollmentNominated', cohortId, ...way },
    { type: 'EnrollmentApproved', enrollmentId },
    { type: 'AttendanceRecorded', enrollmentId, ...session },
    { type: 'EnrollmentCompleted', ...way, completedOn },
  )
  await append('certification', `certificate/${certificate.certificateId}`, certificate)
}

type Way = { readonly enrollmentId: string; readonly asnId: string; readonly programId: string }

const certified = (way: Way, issuedOn: string) => {
  const target = { framework, competency: 'integritas', level: 3, requiredLevel: 3 }
  return {
    type: 'CertificateIssued',
    certificateId: certificateOf(way.enrollmentId),
    number: `MRS-2026/${way.enrollmentId.slice(-4)}`,
    ...way,
    policy: 'latest-three-years-v1',
    attainments: [{ ...target, assessmentIds: [idOf(41)] }],
    issuedOn,
    validUntil: '2029-05-15',
    restsOn: restsOnNothing,
  } satisfies Happened
}

export const certificateOf = (enrollmentId: string): string =>
  enrollmentId.replace(/^0197a000/, '0197a00c')

export const merged = async ({ append }: Logs, asnId: string, survivorId: string) => {
  const reason = 'terdaftar dua kali'
  await append('enrollment', `employee/${survivorId}`, {
    type: 'DuplicateAbsorbed',
    asnId: survivorId,
    duplicateId: asnId,
    reason,
  })
  await append('enrollment', `employee/${asnId}`, {
    type: 'EmployeeMerged',
    asnId,
    survivorId,
    reason,
  })
}

export const readBy = (reader: string, ...asnIds: readonly string[]) =>
  ({
    type: 'PersonalDataRead',
    readId: reader,
    reader,
    role: 'hr',
    people: packedIds(asnIds),
    fields: ['nip', 'name'],
  }) satisfies Happened

/** An auditor follows the log of assessment. */
export const followedBy = (readId: string) =>
  ({
    ...{ type: 'LogRead', readId, reader: readId, role: 'auditor' },
    ...{ log: 'assessment', from: 0 },
  }) satisfies Happened

export const followedUpTo = (readId: string, begun: string, to: number) =>
  ({ ...followedBy(readId), begun, to }) satisfies Happened
