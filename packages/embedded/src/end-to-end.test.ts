// tidy: one system, from the first registration to a restart; each test builds on those before.
import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sqliteVault } from '@jejak/privacy/sqlite-vault'
import { wrappingKey } from '@jejak/privacy/wrapping'
import { ContestStatus, Phase } from '@jejak/proto/jejak/assessment/v1/assessment'
import { CertificateStatus } from '@jejak/proto/jejak/certification/v1/certificate'
import { EmployeeStatus } from '@jejak/proto/jejak/enrollment/v1/employee'
import { EnrollmentStatus } from '@jejak/proto/jejak/enrollment/v1/enrollment'
import type { Recorded } from '@jejak/proto/jejak/log/v1/log'
import { vaultFile } from '@jejak/storage/data-folder'
import { parseVerifier } from '@jejak/transparency/key'
import { verifyReceipt } from '@jejak/transparency/receipt'
import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  assessorId,
  type Clients,
  eventually,
  openTestbed,
  panel,
  refusalOf,
  type Testbed,
} from './testing/testbed.ts'
import { erasureOf } from './testing/training-fixture.ts'

const framework = 'permenpanrb-38-2017'
const siti = { nip: '198609262015052001', name: 'Siti Aminah, S.Kep.', birthDate: '1986-09-26' }
const andi = { nip: '196804111993031009', name: 'Andi Baso', birthDate: '1968-04-11' }
const rahma = { nip: '199003142019022003', name: 'Rahma Yunus, S.K.M.', birthDate: '1990-03-14' }
const position = 'perawat-ahli-pertama'
const hospital = { agency: 'rsud-daya', position, since: '2020-01-01' }
const healthOffice = { agency: 'dinkes', position, since: '2021-01-01' }
const moved = { ...healthOffice, since: '2026-06-15' }
const program = {
  code: 'mrs-2026',
  title: 'Manajemen Rumah Sakit',
  field: 'kesehatan',
  targets: [
    { framework, competency: 'integritas', level: 3 },
    { framework, competency: 'kerja-sama', level: 2 },
  ],
  modules: [
    { code: 'mutu', title: 'Mutu Layanan', jp: 8, practiceJp: 4 },
    { code: 'etika', title: 'Etika Kerja', jp: 4, practiceJp: 0 },
  ],
  validityMonths: 36,
}
const week = { title: 'Angkatan I', startsOn: '2026-06-01', endsOn: '2026-06-12', capacity: 2 }
const session = { heldOn: '2026-06-02' }
const written = () => ({ requestId: v7() })
const reason = 'salah input'

const baseline = (asnId: string, competency: string, level: number) => ({
  asnId,
  framework,
  competency,
  level,
  method: 'uji-kompetensi',
  phase: Phase.BASELINE as Phase,
  assessorId,
  occurredOn: '2026-05-20',
  evidence: [{ sha256: hash('sha256', `${asnId} ${competency}`) }],
})
const afterTraining = (...args: Parameters<typeof baseline>) => ({
  ...baseline(...args),
  phase: Phase.AFTER_TRAINING,
  occurredOn: '2026-06-14',
})

let folder = ''
let bed: Testbed
/** Tokens by holder. */
const tokens = { rsud: '', dinkes: '', hr: '', auditor: '', siti: '', andi: '', rahma: '' }
/** Ids, by what has them. */
const ids = { siti: '', andi: '', rahma: '', program: '', cohort: '', sitiIn: '', andiIn: '' }
type Who = keyof typeof tokens
const as = (who: Who): Clients => bed.as(tokens[who])

/** Receipts that were handed out, by log. */
const handedOut: { readonly log: string; readonly recorded: Recorded }[] = []
const kept = async <
  A extends { readonly recorded?: Recorded | undefined; readonly $typeName: string },
>(
  answered: Promise<A>,
): Promise<A> => {
  const answer = await answered
  const [, log = ''] = answer.$typeName.split('.')
  if (answer.recorded) handedOut.push({ log, recorded: answer.recorded })
  return answer
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jejak-end-to-end-'))
  bed = await openTestbed({ folder })
}, 30_000)
afterAll(async () => {
  await bed.close()
  rmSync(folder, { recursive: true })
})

const register = async (who: Who, person: typeof siti, posting: typeof hospital) =>
  (await kept(as(who).employees.registerEmployee({ ...written(), person, posting }))).asnId

const submit = async (who: Who, assessment: ReturnType<typeof baseline>) =>
  (await kept(as(who).assessments.submitAssessment({ ...written(), assessment }))).assessmentId

const attend = (who: Who, enrollmentId: string, module: string, jp: number) =>
  kept(as(who).enrollments.recordAttendance({ ...written(), ...session, enrollmentId, module, jp }))

const complete = (enrollmentId: string) =>
  kept(as('hr').enrollments.complete({ ...written(), enrollmentId, completedOn: '2026-06-12' }))

/** Nominates and approves. */
const enroll = async (who: Who, asnId: string) => {
  const nomination = { ...written(), cohortId: ids.cohort, asnId }
  const { enrollmentId } = await kept(as(who).enrollments.nominate(nomination))
  await kept(as('hr').enrollments.approve({ ...written(), enrollmentId }))
  return enrollmentId
}

const certificatesOf = async (who: Who, asnId: string) =>
  (await as(who).certificates.listCertificates({ asnId })).certificates

/** Certification consumes an enrollment a moment after it was made. */
const explained = (who: Who, enrollmentId: string) =>
  eventually(() =>
    as(who).certificates.explainCertification({ enrollmentId }).catch(unlessTooEarly),
  )
const unlessTooEarly = (error: Error) => {
  if (!error.message.includes('may take a moment')) throw error
  return undefined
}

const integrityOf = async (who: Who, asnId: string) => {
  const { levels } = await as(who).assessments.getCompetencyProfile({ asnId })
  return levels.find(({ competency }) => competency === 'integritas')
}

const historyOf = async (who: Who, asnId: string) =>
  (await as(who).assessments.listAssessments({ asnId })).assessments

/** All that an auditor can read. */
const everything = async () => {
  const { employees, programs, enrollments, assessments, certificates, frameworks } = as('auditor')
  const people = [ids.siti, ids.andi, ids.rahma]
  return Promise.all([
    ...['rsud-daya', 'dinkes'].map(agency => employees.listEmployees({ agency })),
    ...people.flatMap<Promise<unknown>>(asnId => [
      employees.getEmployee({ asnId }),
      enrollments.listEnrollments({ asnId }),
      assessments.listAssessments({ asnId }),
      assessments.getCompetencyProfile({ asnId }),
      certificates.listCertificates({ asnId }),
    ]),
    employees.lookUpEmployee({ nip: siti.nip }),
    enrollments.listEnrollments({ cohortId: ids.cohort }),
    programs.listPrograms({}),
    programs.getCohort({ cohortId: ids.cohort }),
    frameworks.listFrameworks({}),
    frameworks.getStandard({ position }),
    ...[ids.sitiIn, ids.andiIn].map(enrollmentId => explained('auditor', enrollmentId)),
  ])
}

describe('the record of two agencies and three civil servants', { timeout: 60_000 }, () => {
  test('begins with people whom their agencies register, each its own', async () => {
    tokens.rsud = bed.issue({ role: 'agency', agency: 'rsud-daya' })
    tokens.dinkes = bed.issue({ role: 'agency', agency: 'dinkes' })
    tokens.hr = bed.issue({ role: 'hr' })
    tokens.auditor = bed.issue({ role: 'auditor' })
    ids.siti = await register('rsud', siti, hospital)
    ids.andi = await register('rsud', andi, hospital)
    expect(await refusalOf(register('rsud', rahma, healthOffice))).toBe('NO_RIGHT')
    ids.rahma = await register('dinkes', rahma, healthOffice)
    expect(await refusalOf(register('hr', rahma, healthOffice))).toBe('NIP_TAKEN')
    for (const who of ['siti', 'andi', 'rahma'] as const) {
      tokens[who] = bed.issue({ role: 'asn', asnId: ids[who] })
      const { employee } = await as(who).employees.getEmployee({ asnId: ids[who] })
      expect(employee?.person).toMatchObject({ siti, andi, rahma }[who])
    }
    const { employees } = await as('rsud').employees.listEmployees({ agency: 'rsud-daya' })
    expect(employees.map(({ asnId }) => asnId)).toEqual([ids.siti, ids.andi].toSorted())
  })

  test('goes on with a programme, which nobody completes without all of its modules', async () => {
    await submit('rsud', baseline(ids.siti, 'integritas', 2))
    await submit('rsud', baseline(ids.siti, 'kerja-sama', 2))
    const published = await kept(as('hr').programs.publishProgram({ ...written(), program }))
    ids.program = published.programId
    const cohort = { ...week, programId: ids.program }
    ids.cohort = (await kept(as('hr').programs.openCohort({ ...written(), cohort }))).cohortId
    ids.sitiIn = await enroll('rsud', ids.siti)
    await attend('rsud', ids.sitiIn, 'mutu', 8)
    expect(await refusalOf(complete(ids.sitiIn))).toBe('ATTENDANCE_INCOMPLETE')
    await attend('rsud', ids.sitiIn, 'etika', 4)
    await complete(ids.sitiIn)
    const { enrollment } = await as('siti').enrollments.getEnrollment({ enrollmentId: ids.sitiIn })
    expect(enrollment).toMatchObject({
      status: EnrollmentStatus.COMPLETED,
      completedOn: '2026-06-12',
      attendance: [
        { module: 'mutu', jp: 8, requiredJp: 8 },
        { module: 'etika', jp: 4, requiredJp: 4 },
      ],
    })
  })

  test('has a certificate that nobody asked for, once what was missing is attained', async () => {
    const known = await eventually(async () => {
      const answer = await explained('siti', ids.sitiIn)
      return answer.completed ? answer : undefined
    })
    expect(known.missing).toEqual(['integritas: level 3 is required, level 2 is attained'])
    expect(await certificatesOf('siti', ids.siti)).toEqual([])
    const item = { ...written(), assessment: afterTraining(ids.siti, 'integritas', 3) }
    const answers = as('rsud').assessments.submitAssessments(
      (async function* () {
        yield item
      })(),
    )
    for await (const { outcome } of answers) {
      if (outcome.case !== 'recorded') throw new Error(outcome.value?.message)
      handedOut.push({ log: 'assessment', recorded: outcome.value })
    }
    const [certificate] = await eventually(async () => {
      const all = await certificatesOf('siti', ids.siti)
      return all.length > 0 ? all : undefined
    })
    expect(certificate).toMatchObject({
      enrollmentId: ids.sitiIn,
      programId: ids.program,
      issuedOn: '2026-06-15',
      validUntil: '2029-06-15',
      status: CertificateStatus.VALID,
      attainments: [
        { competency: 'integritas', level: 3, assessmentIds: [item.requestId] },
        { competency: 'kerja-sama', level: 2 },
      ],
    })
    expect(certificate?.number).toMatch(/^MRS-2026\/2026\//)
    const { missing, certificateId } = await explained('auditor', ids.sitiIn)
    expect([missing, certificateId]).toEqual([[], certificate?.certificateId])
  })

  test('corrects what was wrong, which stays readable and counts no more', async () => {
    const assessmentId = (await integrityOf('rsud', ids.siti))?.assessmentIds[0] ?? ''
    // A day earlier: by dates alone, the corrected assessment would count.
    const earlier = { occurredOn: '2026-06-13' }
    const assessment = { ...afterTraining(ids.siti, 'integritas', 4), ...earlier }
    const correction = { ...written(), assessmentId, assessment, reason }
    expect(await refusalOf(as('dinkes').assessments.correctAssessment(correction))).toBe('NO_RIGHT')
    await kept(as('rsud').assessments.correctAssessment(correction))
    const history = await historyOf('siti', ids.siti)
    expect(history.find(known => known.assessmentId === assessmentId)).toMatchObject({
      assessment: { level: 3 },
      supersededBy: correction.requestId,
    })
    expect(history.at(-1)).toMatchObject({ assessment: { level: 4 }, supersededBy: '' })
    const counts = { level: 4, assessmentIds: [correction.requestId] }
    expect(await integrityOf('siti', ids.siti)).toMatchObject(counts)
    const [certificate] = await certificatesOf('siti', ids.siti)
    expect(certificate?.attainments[0]).toMatchObject({ level: 3, assessmentIds: [assessmentId] })
  })

  test('has a contest that is dismissed and changes nothing, and one that is upheld', async () => {
    const before = await submit('dinkes', baseline(ids.rahma, 'integritas', 3))
    const assessmentId = await submit('dinkes', afterTraining(ids.rahma, 'integritas', 1))
    const contested = async (upheld: boolean) => {
      const contest = { ...written(), asnId: ids.rahma, assessmentId, statement: 'Saya cuti.' }
      expect(await refusalOf(as('siti').assessments.contestAssessment(contest))).toBe('NO_RIGHT')
      const { contestId } = await kept(as('rahma').assessments.contestAssessment(contest))
      const open = (await historyOf('rahma', ids.rahma)).at(-1)
      expect(open).toMatchObject({ contestId, contest: ContestStatus.OPEN })
      expect(await integrityOf('rahma', ids.rahma)).toMatchObject({ level: 1 })
      const resolution = { ...written(), asnId: ids.rahma, contestId, upheld, reason, panel }
      await kept(as('hr').assessments.resolveContest(resolution))
      return (await historyOf('dinkes', ids.rahma)).at(-1)
    }
    expect(await contested(false)).toMatchObject({ contest: ContestStatus.DISMISSED })
    expect(await integrityOf('rahma', ids.rahma)).toMatchObject({
      level: 1,
      assessmentIds: [assessmentId],
    })
    expect(await contested(true)).toMatchObject({ contest: ContestStatus.UPHELD })
    expect(await integrityOf('rahma', ids.rahma)).toMatchObject({
      level: 3,
      assessmentIds: [before],
    })
  })

  test('finds a person by the NIP that they have, and by the one that they had', async () => {
    const change = { asnId: ids.siti, nip: '198609262020122001', reason, since: '2026-06-01' }
    await kept(as('hr').employees.changeNip({ ...written(), ...change }))
    for (const nip of [siti.nip, change.nip]) {
      const { employee } = await as('rsud').employees.lookUpEmployee({ nip })
      expect(employee).toMatchObject({ asnId: ids.siti, person: { nip: change.nip } })
    }
    const assessment = { ...baseline('', 'komunikasi', 2), nip: siti.nip }
    const answer = await kept(as('rsud').assessments.submitAssessment({ ...written(), assessment }))
    expect((await historyOf('siti', ids.siti)).at(-1)).toMatchObject({
      assessmentId: answer.assessmentId,
      assessment: { asnId: ids.siti, nip: '' },
    })
  })

  test('makes one person of two records, whatever id, NIP or token is used', async () => {
    const other = { ...siti, nip: '198609262021212001', name: 'Siti Aminah' }
    const asnId = await register('dinkes', other, healthOffice)
    const theirs = bed.as(bed.issue({ role: 'asn', asnId }))
    const assessmentId = await submit('dinkes', afterTraining(asnId, 'perekat-bangsa', 3))
    const merge = { survivorId: ids.siti, duplicateId: asnId, reason }
    await kept(as('hr').employees.mergeEmployees({ ...written(), ...merge }))
    for (const client of [as('rsud'), theirs]) {
      const { employee } = await client.employees.getEmployee({ asnId })
      expect(employee).toMatchObject({ status: EmployeeStatus.MERGED, mergedInto: ids.siti })
      const { assessments } = await client.assessments.listAssessments({ asnId: ids.siti })
      expect(assessments.at(-1)).toMatchObject({ assessmentId, agency: 'dinkes' })
      const { levels } = await client.assessments.getCompetencyProfile({ asnId })
      expect(levels.map(({ assessmentIds }) => assessmentIds)).toContainEqual([assessmentId])
      expect((await client.certificates.listCertificates({ asnId })).certificates).toHaveLength(1)
    }
    const { employee } = await as('rsud').employees.lookUpEmployee({ nip: other.nip })
    expect(employee?.asnId).toBe(ids.siti)
    expect(await refusalOf(as('dinkes').employees.getEmployee({ asnId }))).toBe('NO_RIGHT')
  })

  test('does not issue a certificate again that was revoked', async () => {
    const [certificate] = await certificatesOf('rsud', ids.siti)
    const { certificateId = '' } = certificate ?? {}
    const revocation = { ...written(), certificateId, reason }
    expect(await refusalOf(as('rsud').certificates.revokeCertificate(revocation))).toBe('NO_RIGHT')
    await kept(as('hr').certificates.revokeCertificate(revocation))
    const revoked = { certificateId, status: CertificateStatus.REVOKED, revocationReason: reason }
    const again = await submit('rsud', afterTraining(ids.siti, 'integritas', 5))
    const { attainments, missing } = await eventually(async () => {
      const answer = await explained('siti', ids.sitiIn)
      return answer.attainments[0]?.assessmentIds.includes(again) ? answer : undefined
    })
    expect(attainments[0]).toMatchObject({ level: 5 })
    expect(missing).toEqual([expect.stringContaining('was revoked, and is not issued again')])
    expect(await certificatesOf('siti', ids.siti)).toMatchObject([revoked])
  })

  test('moves a person to another agency, which takes over in mid-programme', async () => {
    ids.andiIn = await enroll('rsud', ids.andi)
    await attend('rsud', ids.andiIn, 'mutu', 8)
    await submit('rsud', baseline(ids.andi, 'integritas', 2))
    const reads = (who: Who) => [
      () => as(who).employees.getEmployee({ asnId: ids.andi }),
      () => as(who).employees.lookUpEmployee({ nip: andi.nip }),
      () => as(who).enrollments.getEnrollment({ enrollmentId: ids.andiIn }),
      () => as(who).enrollments.listEnrollments({ asnId: ids.andi }),
      () => historyOf(who, ids.andi),
      () => integrityOf(who, ids.andi),
      () => certificatesOf(who, ids.andi),
      () => explained(who, ids.andiIn),
    ]
    for (const read of reads('rsud')) await read()
    for (const read of reads('dinkes')) expect(await refusalOf(read())).toBe('NO_RIGHT')
    const posted = { ...written(), asnId: ids.andi, posting: moved }
    await kept(as('hr').employees.postEmployee(posted))
    for (const read of reads('dinkes')) await read()
    for (const read of reads('rsud')) expect(await refusalOf(read())).toBe('NO_RIGHT')
    const listed = await as('rsud').employees.listEmployees({ agency: 'rsud-daya' })
    expect(listed.employees.map(({ asnId }) => asnId)).toEqual([ids.siti])
    const { enrollments } = await as('rsud').enrollments.listEnrollments({ cohortId: ids.cohort })
    expect(enrollments.map(({ asnId }) => asnId)).toEqual([ids.siti])

    expect(await refusalOf(attend('rsud', ids.andiIn, 'etika', 4))).toBe('NO_RIGHT')
    await attend('dinkes', ids.andiIn, 'etika', 4)
    await complete(ids.andiIn)
    await submit('dinkes', afterTraining(ids.andi, 'integritas', 3))
    await submit('dinkes', afterTraining(ids.andi, 'kerja-sama', 3))
    await eventually(async () => (await certificatesOf('andi', ids.andi))[0])
    expect(await certificatesOf('dinkes', ids.andi)).toMatchObject([
      { enrollmentId: ids.andiIn, status: CertificateStatus.VALID },
    ])
    expect((await historyOf('dinkes', ids.andi)).map(({ agency }) => agency)).toEqual([
      'rsud-daya',
      'dinkes',
      'dinkes',
    ])
    expect(await certificatesOf('siti', ids.siti)).toHaveLength(1)
  })

  test('erases a person, of whom a tombstone is left and nobody is found', async () => {
    const erasure = { ...written(), ...erasureOf(ids.rahma) }
    await kept(as('hr').employees.eraseEmployee(erasure))
    const { employee } = await as('dinkes').employees.getEmployee({ asnId: ids.rahma })
    expect(employee).toMatchObject({ asnId: ids.rahma, status: EmployeeStatus.ERASED })
    expect(employee?.person).toBeUndefined()
    const lookUp = as('hr').employees.lookUpEmployee({ nip: rahma.nip })
    expect(await refusalOf(lookUp)).toBe('NIP_UNKNOWN')
    const { employees } = await as('dinkes').employees.listEmployees({ agency: 'dinkes' })
    expect(employees.map(({ asnId }) => asnId)).toEqual([ids.andi])
    expect(await historyOf('auditor', ids.rahma)).toHaveLength(2)
    const late = submit('dinkes', baseline(ids.rahma, 'komunikasi', 2))
    expect(await refusalOf(late)).toBe('EMPLOYEE_ERASED')
  })

  test("has destroyed the key of who was erased, and nobody else's", async () => {
    await bed.close()
    const data = join(folder, 'data')
    const file = join(`${data}.keys`, 'wrapping.key')
    const vault = await sqliteVault(vaultFile(data), wrappingKey({ file, isNew: false }))
    const [theirs, others] = await vault.keys([ids.rahma, ids.siti])
    expect([theirs, others]).toMatchObject(['erased', { subject: ids.siti }])
    await vault.close()
    bed = await openTestbed({ folder })
  })

  test('has handed out receipts, and every one verifies with the key of its log', async () => {
    expect(new Set(handedOut.map(({ log }) => log)).size).toBe(3)
    for (const { log, recorded } of handedOut) {
      const key = parseVerifier(bed.logs.get(log)?.vkey ?? '')
      expect(recorded.receipts).toHaveLength(recorded.entries.length)
      expect(recorded.entries).not.toHaveLength(0)
      recorded.entries.forEach((entry, at) => {
        verifyReceipt(recorded.receipts[at] ?? '', entry, [key])
      })
    }
  })

  test('ends as it was: opened again on its folder, the system answers the same', async () => {
    const sent = { ...written(), assessment: afterTraining(ids.andi, 'komunikasi', 2) }
    const { recorded } = await kept(as('dinkes').assessments.submitAssessment(sent))
    const [answers, sizes] = [await everything(), await bed.sizes()]
    await bed.close()
    bed = await openTestbed({ folder })
    expect(await bed.sizes()).toEqual(sizes)
    expect(await everything()).toEqual(answers)
    const afterReads = await bed.sizes() // With the read audit of the calls above.
    const again = await as('dinkes').assessments.submitAssessment(sent)
    expect(again.recorded).toMatchObject({ entries: recorded?.entries, repeated: true })
    expect(await bed.sizes()).toEqual(afterReads)
    expect(bed.failures).toEqual([])
  })

  test('leaves logs that verify, and nowhere a name or a number of a person', async () => {
    await bed.close()
    const main = join(import.meta.dirname, '../../cli/src/main.ts')
    const data = join(folder, 'data')
    const command = [main, 'log', 'verify', '--data', data]
    const { stdout } = await promisify(execFile)(process.execPath, command)
    expect(stdout.match(/^verified .*: \d+ events/gm)).toHaveLength(4)
    const files = readdirSync(data, { recursive: true, withFileTypes: true })
    const contents = files
      .filter(file => file.isFile())
      .map(file => readFileSync(join(file.parentPath, file.name)))
    expect(contents.some(bytes => bytes.includes(ids.siti))).toBe(true)
    for (const secret of [siti, andi, rahma].flatMap(({ nip, name }) => [nip, name])) {
      expect(contents.some(bytes => bytes.includes(secret))).toBe(false)
    }
    bed = await openTestbed({ folder })
  })
})
