import { setTimeout as sleep } from 'node:timers/promises'
import { RpcError } from '@jejak/rpc/error'
import { assessAll, assessmentOf, competencies } from './assessing.ts'
import { callerOf, type Office } from './caller.ts'
import { birthDateOf, deserves, type Person } from './fate.ts'

export const modules = ['etika', 'praktik']
const since = '2026-01-05'
const certifiedWithinMs = 60_000
const lookEveryMs = 50

/**
 * People from their registration to their certificates, each event of a person after the answer to
 * the one before: what becomes of them does not depend on what comes in between.
 */
export const train = async (office: Office, people: readonly Person[]): Promise<void> => {
  const each = (part: (office: Office, person: Person) => Promise<void>, some = people) =>
    Promise.all(some.map(person => part(office, person)))
  await each(enter)
  // One of each person at a time: what a stream has of one person is recorded in any order.
  for (const competency of competencies) await assessAll(office, people, competency, 'before')
  await each(prepare)
  const trained = people.filter(({ fate }) => fate.approval === 'approved')
  for (const competency of competencies) {
    await assessAll(office, trained, competency, 'after')
    if (competency === competencies[0]) await each(contestLast, trained)
  }
  await each(leave)
}

/** Registered, nominated, and approved or not. */
const enter = async (office: Office, { id, asnId, enrollmentId, fate, ...person }: Person) => {
  const { ledger, hr, cohorts } = office
  const { employees, enrollments } = callerOf(office, person.agency)
  const posting = { agency: person.agency, position: 'perawat-ahli-pertama', since }
  const register = (requestId: string, nip: string) => {
    const known = { nip, name: `Pegawai ${nip.slice(-3)}`, birthDate: birthDateOf(nip) }
    return ledger.write(() => employees.registerEmployee({ requestId, person: known, posting }))
  }
  await register(asnId, person.nips[0])
  if (fate.registeredTwice) {
    const duplicateId = id('register again')
    await register(duplicateId, person.nips[1])
    const merge = { requestId: id('merge'), survivorId: asnId, duplicateId, reason: 'ganda' }
    await ledger.write(() => hr.employees.mergeEmployees(merge))
  }
  const cohortId = cohorts.get(person.agency) as string
  await ledger.write(() => enrollments.nominate({ requestId: enrollmentId, cohortId, asnId }))
  const refusal = { requestId: id('refuse'), enrollmentId, reason: 'kuota unit' }
  if (fate.approval === 'refused') {
    return ledger.write(() => hr.enrollments.refuse(refusal))
  }
  await ledger.write(() => hr.enrollments.approve({ requestId: id('approve'), enrollmentId }))
  if (fate.approval === 'withdrawn') {
    const withdrawal = { requestId: id('withdraw'), enrollmentId, reason: 'tugas belajar' }
    await ledger.write(() => enrollments.withdraw(withdrawal))
  }
}

/** All that may happen between the first assessment and the one after the training. */
const prepare = async (office: Office, person: Person) => {
  const { ledger, hr } = office
  const { id, asnId, enrollmentId, fate, agency, elsewhere } = person
  const { assessments, enrollments } = callerOf(office, agency)
  const [first, second] = competencies
  if (fate.corrected) {
    const assessment = assessmentOf(person, first, 'before', 2)
    const assessmentId = id(`before ${first}`)
    const request = { requestId: id('correct'), assessmentId, assessment, reason: 'salah ketik' }
    await ledger.write(() => assessments.correctAssessment(request))
  }
  if (fate.contest) await contest(office, person, `before ${second}`, fate.contest)
  if (fate.newNip) {
    const change = { requestId: id('nip'), asnId, nip: person.nips[2], reason: 'SK BKN', since }
    await ledger.write(() => hr.employees.changeNip(change))
  }
  if (fate.approval === 'approved') {
    for (const module of modules) {
      const session = { requestId: id(module), enrollmentId, module, heldOn: '2026-03-02', jp: 8 }
      await ledger.write(() => enrollments.recordAttendance(session))
    }
    const completion = { requestId: id('complete'), enrollmentId, completedOn: '2026-03-05' }
    await ledger.write(() => hr.enrollments.complete(completion))
  }
  if (fate.transferred) {
    const posting = { agency: elsewhere, position: 'pengawas', since: '2026-03-09' }
    const transfer = { requestId: id('transfer'), asnId, posting }
    await ledger.write(() => hr.employees.postEmployee(transfer))
  }
}

const contestLast = async (office: Office, person: Person) => {
  const { lastContest } = person.fate
  if (lastContest) await contest(office, person, `after ${competencies[0]}`, lastContest)
}

const contest = async (
  { ledger, hr, asn }: Office,
  { id, asnId }: Person,
  assessed: string,
  outcome: 'upheld' | 'dismissed',
) => {
  const contestId = id(`contest ${assessed}`)
  const { assessments, close } = await asn(asnId)
  const statement = { requestId: contestId, asnId, assessmentId: id(assessed), statement: 'keliru' }
  await ledger.write(() => assessments.contestAssessment(statement))
  close()
  const resolution = { asnId, contestId, upheld: outcome === 'upheld', reason: 'berita acara' }
  await ledger.write(() =>
    hr.assessments.resolveContest({ requestId: id(`resolve ${assessed}`), ...resolution }),
  )
}

/** What comes after a certificate, once it is there. */
const leave = async (office: Office, person: Person) => {
  const { ledger, hr } = office
  const { id, asnId, enrollmentId, fate } = person
  const certificateId = deserves(fate) ? await certificateOf(office, enrollmentId) : ''
  if (fate.laterAtWork) await assessAll(office, [person], competencies[0], 'at work')
  if (fate.revoked && certificateId) {
    const revocation = { requestId: id('revoke'), certificateId, reason: 'bukti palsu' }
    await ledger.write(() => hr.certificates.revokeCertificate(revocation))
  }
  if (fate.erased) {
    const erasure = { requestId: id('erase'), asnId, basis: 'UU 27/2022 Pasal 43' }
    await ledger.write(() => hr.employees.eraseEmployee(erasure))
  }
}

const certificateOf = async ({ ledger, hr }: Office, enrollmentId: string): Promise<string> => {
  for (const began = Date.now(); Date.now() - began < certifiedWithinMs; ) {
    const { certificateId } = await ledger.insist(() =>
      hr.certificates.explainCertification({ enrollmentId }).catch(unheard),
    )
    if (certificateId) return certificateId
    await sleep(lookEveryMs)
  }
  throw new Error(`enrollment ${enrollmentId} deserves a certificate and does not get it`)
}

const unheard = (error: unknown) => {
  if (error instanceof RpcError && error.reason === 'ENROLLMENT_UNKNOWN') {
    return { certificateId: '' }
  }
  throw error
}
