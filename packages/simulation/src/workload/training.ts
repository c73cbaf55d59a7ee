import { setTimeout as sleep } from 'node:timers/promises'
import { RpcError } from '@jejak/rpc/error'
import { assessAll, assessmentAt, competencies, simulatedPanel } from './assessing.ts'
import { birthDateOf, deservesCertificate, type SimulatedPerson } from './people.ts'
import { agencyClients, type Workload } from './service-clients.ts'

export const modules = ['etika', 'praktik']
const since = '2026-01-05'
const certifiedWithinMs = 60_000
const lookEveryMs = 50

/**
 * Takes people from registration to certificate. Each request about a person waits for the
 * answer to the one before, so that the result does not depend on faults in between.
 */
export const train = async (
  workload: Workload,
  people: readonly SimulatedPerson[],
): Promise<void> => {
  const each = (
    part: (workload: Workload, person: SimulatedPerson) => Promise<void>,
    some = people,
  ) => Promise.all(some.map(person => part(workload, person)))
  await each(enter)
  // One competency at a time: the items of one stream are recorded in any order.
  for (const competency of competencies) await assessAll(workload, people, competency, 'before')
  await each(prepare)
  const trained = people.filter(({ expected }) => expected.approval === 'approved')
  for (const competency of competencies) {
    await assessAll(workload, trained, competency, 'after')
    if (competency === competencies[0]) await each(contestLast, trained)
  }
  await each(leave)
}

/** Registers and nominates a person, and approves the nomination or not. */
const enter = async (
  workload: Workload,
  { id, asnId, enrollmentId, expected, ...person }: SimulatedPerson,
) => {
  const { answers, hr, cohorts } = workload
  const { employees, enrollments } = agencyClients(workload, person.agency)
  const posting = { agency: person.agency, position: 'perawat-ahli-pertama', since }
  const register = (requestId: string, nip: string) => {
    const known = { nip, name: `Pegawai ${nip.slice(-3)}`, birthDate: birthDateOf(nip) }
    return answers.write(() => employees.registerEmployee({ requestId, person: known, posting }))
  }
  await register(asnId, person.nips[0])
  if (expected.registeredTwice) {
    const duplicateId = id('register again')
    await register(duplicateId, person.nips[1])
    const merge = { requestId: id('merge'), survivorId: asnId, duplicateId, reason: 'ganda' }
    await answers.write(() => hr.employees.mergeEmployees(merge))
  }
  const cohortId = cohorts.get(person.agency) as string
  await answers.write(() => enrollments.nominate({ requestId: enrollmentId, cohortId, asnId }))
  const refusal = { requestId: id('refuse'), enrollmentId, reason: 'kuota unit' }
  if (expected.approval === 'refused') {
    return answers.write(() => hr.enrollments.refuse(refusal))
  }
  await answers.write(() => hr.enrollments.approve({ requestId: id('approve'), enrollmentId }))
  if (expected.approval === 'withdrawn') {
    const withdrawal = { requestId: id('withdraw'), enrollmentId, reason: 'tugas belajar' }
    await answers.write(() => enrollments.withdraw(withdrawal))
  }
}

/** All requests between the first assessment and the one after the training. */
const prepare = async (workload: Workload, person: SimulatedPerson) => {
  const { answers, hr } = workload
  const { id, asnId, enrollmentId, expected, agency, elsewhere } = person
  const { assessments, enrollments } = agencyClients(workload, agency)
  const [first, second] = competencies
  if (expected.corrected) {
    const assessment = assessmentAt(person, first, 'before', 2)
    const assessmentId = id(`before ${first}`)
    const request = { requestId: id('correct'), assessmentId, assessment, reason: 'salah ketik' }
    await answers.write(() => assessments.correctAssessment(request))
  }
  if (expected.contest) await contest(workload, person, `before ${second}`, expected.contest)
  if (expected.newNip) {
    const change = { requestId: id('nip'), asnId, nip: person.nips[2], reason: 'SK BKN', since }
    await answers.write(() => hr.employees.changeNip(change))
  }
  if (expected.approval === 'approved') {
    for (const module of modules) {
      const session = { requestId: id(module), enrollmentId, module, heldOn: '2026-03-02', jp: 8 }
      await answers.write(() => enrollments.recordAttendance(session))
    }
    const completion = { requestId: id('complete'), enrollmentId, completedOn: '2026-03-05' }
    await answers.write(() => hr.enrollments.complete(completion))
  }
  if (expected.transferred) {
    const posting = { agency: elsewhere, position: 'pengawas', since: '2026-03-09' }
    const transfer = { requestId: id('transfer'), asnId, posting }
    await answers.write(() => hr.employees.postEmployee(transfer))
  }
}

const contestLast = async (workload: Workload, person: SimulatedPerson) => {
  const { lastContest } = person.expected
  if (lastContest) await contest(workload, person, `after ${competencies[0]}`, lastContest)
}

const contest = async (
  { answers, hr, asn }: Workload,
  { id, asnId }: SimulatedPerson,
  assessed: string,
  outcome: 'upheld' | 'dismissed',
) => {
  const contestId = id(`contest ${assessed}`)
  const { assessments, close } = await asn(asnId)
  const statement = { requestId: contestId, asnId, assessmentId: id(assessed), statement: 'keliru' }
  await answers.write(() => assessments.contestAssessment(statement))
  close()
  const decided = { upheld: outcome === 'upheld', reason: 'berita acara', panel: simulatedPanel }
  const resolution = { asnId, contestId, ...decided }
  await answers.write(() =>
    hr.assessments.resolveContest({ requestId: id(`resolve ${assessed}`), ...resolution }),
  )
}

/** The requests that follow the certificate. */
const leave = async (workload: Workload, person: SimulatedPerson) => {
  const { answers, hr } = workload
  const { id, asnId, enrollmentId, expected } = person
  const certificateId = deservesCertificate(expected)
    ? await certificateOf(workload, enrollmentId)
    : ''
  if (expected.laterAtWork) await assessAll(workload, [person], competencies[0], 'at work')
  if (expected.revoked && certificateId) {
    const revocation = { requestId: id('revoke'), certificateId, reason: 'bukti palsu' }
    await answers.write(() => hr.certificates.revokeCertificate(revocation))
  }
  if (expected.erased) {
    const why = { disposition: 'musnah', overrideReason: 'Putusan PTUN 12/G/2026' }
    const erasure = { requestId: id('erase'), asnId, basis: 'UU 27/2022 Pasal 43', ...why }
    await answers.write(() => hr.employees.eraseEmployee(erasure))
  }
}

const certificateOf = async ({ answers, hr }: Workload, enrollmentId: string): Promise<string> => {
  for (const began = Date.now(); Date.now() - began < certifiedWithinMs; ) {
    const { certificateId } = await answers.insist(() =>
      hr.certificates.explainCertification({ enrollmentId }).catch(notYetKnown),
    )
    if (certificateId) return certificateId
    await sleep(lookEveryMs)
  }
  throw new Error(`enrollment ${enrollmentId} deserves a certificate and does not get it`)
}

const notYetKnown = (error: unknown) => {
  if (error instanceof RpcError && error.reason === 'ENROLLMENT_UNKNOWN') {
    return { certificateId: '' }
  }
  throw error
}
