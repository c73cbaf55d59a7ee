import type { MessageInitShape } from '@bufbuild/protobuf'
import { withRightsTaken } from '@jejak/access/testing/rights-taken'
import type { RecordedSchema } from '@jejak/proto/jejak/log/v1/log'
import { errorOf, RpcError } from '@jejak/rpc/error'
import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MethodName } from './testing/every-call.ts'
import { type Clients, eventually, openTestbed, panel, type Testbed } from './testing/testbed.ts'
import {
  assessmentOf,
  erasureOf,
  learningOf,
  newPerson,
  openCohort,
  position,
  reason,
  ruleFile,
  since,
  written,
} from './testing/training-fixture.ts'

type Recorded = MessageInitShape<typeof RecordedSchema>
type Answer = { readonly recorded?: Recorded | undefined }
type Request = { readonly requestId: string }
type Ask = (clients: Clients) => Promise<Answer>

type Sent = {
  readonly name: MethodName
  readonly token: string
  readonly ask: Ask
  readonly entries: readonly string[]
}

let bed: Testbed
let hr: string
let rsud: string
/** Every write, once, as it was sent. */
const sent: Sent[] = []
/** The answer to writes whose content has personal data, once it is erased. */
const whenErased: Readonly<Partial<Record<MethodName, string>>> = {
  RegisterEmployee: 'EMPLOYEE_ERASED',
  ChangeNip: 'EMPLOYEE_ERASED',
  ContestAssessment: 'UNKNOWN_TOKEN', // Their own.
  StateDiscipline: 'EMPLOYEE_ERASED',
  FileClaim: 'NIP_UNKNOWN',
  FileSubjectRequest: 'UNKNOWN_TOKEN',
  CorrectPersonalData: 'EMPLOYEE_ERASED',
}
let person: { readonly asnId: string; readonly nip: string }
let survivorId: string

const entriesOf = ({ recorded }: Answer) =>
  (recorded?.entries ?? []).map(entry => Buffer.from(entry).toString())

const send = async <A extends Answer>(
  name: MethodName,
  token: string,
  ask: (clients: Clients) => Promise<A>,
): Promise<A> => {
  const answer = await ask(bed.as(token))
  const entries = entriesOf(answer)
  expect(entries, name).not.toEqual([])
  sent.push({ name, token, ask, entries })
  return answer
}

/** One item of the stream, as an answer of its own. */
const inStream =
  (item: Request & { readonly assessment: Partial<ReturnType<typeof assessmentOf>> }) =>
  async ({ assessments }: Clients): Promise<Answer> => {
    const items = async function* () {
      yield item
    }
    for await (const { outcome } of assessments.submitAssessments(items())) {
      if (outcome.case === 'refused') throw errorOf(outcome.value)
      return { recorded: outcome.value }
    }
    throw new Error('the item was not answered')
  }

const register = async (agency: string) => {
  const data = newPerson()
  const request = { ...written(), person: data, posting: { agency, position, since } }
  const { asnId } = await send('RegisterEmployee', bed.issue({ role: 'agency', agency }), to =>
    to.employees.registerEmployee(request),
  )
  return { asnId, nip: data.nip }
}

const enroll = async (asnId: string, cohortId: string) => {
  const request = { ...written(), cohortId, asnId }
  const { enrollmentId } = await send('Nominate', rsud, to => to.enrollments.nominate(request))
  return enrollmentId
}

const recordEnrollments = async ({ asnId }: typeof person, cohortIds: readonly string[]) => {
  const [done = '', refused = '', withdrawn = ''] = await Promise.all(
    cohortIds.map(cohortId => enroll(asnId, cohortId)),
  )
  const approval = { ...written(), enrollmentId: done }
  await send('Approve', hr, to => to.enrollments.approve(approval))
  const session = { module: 'mutu', heldOn: '2026-05-02', jp: 8 }
  const attendance = { ...written(), enrollmentId: done, ...session }
  await send('RecordAttendance', rsud, to => to.enrollments.recordAttendance(attendance))
  const completion = { ...written(), enrollmentId: done, completedOn: '2026-05-15' }
  await send('Complete', hr, to => to.enrollments.complete(completion))
  const refusal = { ...written(), enrollmentId: refused, reason }
  await send('Refuse', hr, to => to.enrollments.refuse(refusal))
  const seated = { ...written(), enrollmentId: withdrawn }
  await send('Approve', hr, to => to.enrollments.approve(seated))
  const withdrawal = { ...written(), enrollmentId: withdrawn, reason }
  await send('Withdraw', rsud, to => to.enrollments.withdraw(withdrawal))
}

const recordAssessments = async ({ asnId, nip }: typeof person) => {
  // By NIP, as agencies do: who that is can change until the retry.
  const { asnId: _, ...unnamed } = assessmentOf(asnId)
  const assessment = { ...unnamed, nip }
  const submission = { ...written(), assessment }
  await send('SubmitAssessment', rsud, to => to.assessments.submitAssessment(submission))
  const assessmentId = submission.requestId
  const item = { ...written(), assessment: { ...assessment, competency: 'kerja-sama' } }
  await send('SubmitAssessments', rsud, inStream(item))
  const correction = { ...written(), assessmentId, assessment, reason }
  await send('CorrectAssessment', rsud, to => to.assessments.correctAssessment(correction))
  const contested = correction.requestId
  const contest = { ...written(), asnId, assessmentId: contested, statement: 'Saya cuti.' }
  const self = bed.issue({ role: 'asn', asnId })
  const leave = { ...written(), asnId, assessmentId: contested, until: '2099-12-31', reason }
  await send('AllowLateContest', hr, to => to.assessments.allowLateContest(leave))
  await send('ContestAssessment', self, to => to.assessments.contestAssessment(contest))
  const contestId = contest.requestId
  const decision = { ...written(), asnId, contestId, upheld: false, reason, panel }
  await send('ResolveContest', hr, to => to.assessments.resolveContest(decision))
}

const recordCareer = async ({ asnId }: typeof person) => {
  const performance = { year: 2025, assessedOn: '2026-01-20', predicate: 'baik' }
  const recorded = { ...written(), asnId, performance, source: 'SIASN' }
  await send('RecordCareer', hr, to => to.career.recordCareer(recorded))
  const stated = { ...written(), asnId, asOf: '2026-01-31', source: 'BKPSDMD' }
  await send('StateDiscipline', hr, to => to.career.stateDiscipline(stated))
}

const recordAgencies = async () => {
  const agency = { agency: 'dinas-baru', title: 'Dinas Baru', since, basis: 'Perda 1/2020' }
  const registered = { ...written(), ...agency }
  await send('RegisterAgency', hr, to => to.agencies.registerAgency(registered))
  const renamed = { ...registered, ...written(), title: 'Dinas Lain', since: '2021-01-01' }
  await send('RenameAgency', hr, to => to.agencies.renameAgency(renamed))
  const closed = { ...written(), agency: 'dinas-baru', since: '2022-01-01', basis: 'Perda 1/2022' }
  await send('CloseAgency', hr, to => to.agencies.closeAgency(closed))
}

const recordAssessors = async ({ nip }: typeof person) => {
  const accreditation = { title: 'Asesor SDM Aparatur', issuer: 'BKN', level: 4, since }
  // By NIP: who that is can change until the retry, and its digest is kept nowhere.
  const registered = { ...written(), nip, since, accreditation }
  await send('RegisterAssessor', hr, to => to.assessors.registerAssessor(registered))
  const outside = { ...written(), name: 'Dr. Halim', since }
  await send('RegisterAssessor', hr, to => to.assessors.registerAssessor(outside))
  const assessorId = outside.requestId
  const accredited = { ...written(), assessorId, accreditation }
  await send('AccreditAssessor', hr, to => to.assessors.accreditAssessor(accredited))
  const ended = { ...written(), assessorId, until: since, reason }
  await send('EndAssessor', hr, to => to.assessors.endAssessor(ended))
  const gone = { ...written(), name: 'Dr. Halim', since, until: since }
  await send('RegisterAssessor', hr, to => to.assessors.registerAssessor(gone))
  const basis = 'UU 27/2022 Pasal 43'
  const erased = { ...written(), assessorId: gone.requestId, basis }
  await send('EraseAssessor', hr, to => to.assessors.eraseAssessor(erased))
}

const recordLearning = async ({ asnId }: typeof person) => {
  const learned = { ...written(), asnId, learning: learningOf() }
  await send('RecordLearning', rsud, to => to.learning.recordLearning(learned))
  const revoked = { ...written(), learningId: learned.requestId, since: '2026-05-20', reason }
  await send('RevokeLearning', rsud, to => to.learning.revokeLearning(revoked))
}

const recordRequests = async ({ asnId }: typeof person) => {
  const filing = { ...written(), asnId, kind: 'copy', statement: 'Mohon salinan data saya.' }
  const self = bed.issue({ role: 'asn', asnId })
  await send('FileSubjectRequest', self, to => to.subjectRequests.fileSubjectRequest(filing))
  const subjectRequestId = filing.requestId
  const answer = { ...written(), subjectRequestId, outcome: 'done', reason: 'diserahkan' }
  await send('AnswerSubjectRequest', hr, to => to.subjectRequests.answerSubjectRequest(answer))
  const corrected = { ...written(), asnId, person: { name: 'Nama yang benar' }, reason }
  await send('CorrectPersonalData', hr, to => to.employees.correctPersonalData(corrected))
}

/** A claim answers no entry, which would name the record: its id stands for it here. */
const recordClaim = async ({ nip }: typeof person) => {
  const posting = { agency: 'disdukcapil', position, since: '2026-06-10' }
  const claim = { ...written(), person: { ...newPerson(), nip }, posting, reason }
  const claimant = bed.issue({ role: 'agency', agency: 'disdukcapil' })
  await send('FileClaim', claimant, async ({ claims }) => {
    const { claimId, repeated } = await claims.fileClaim(claim)
    return { recorded: { entries: [Buffer.from(claimId)], repeated } }
  })
  const decision = { ...written(), claimId: claim.requestId, upheld: false, reason }
  await send('DecideClaim', hr, to => to.claims.decideClaim(decision))
}

const recordRules = async () => {
  const competencies = [{ code: 'triase', title: 'Triase', kind: 'teknis' }]
  const named = { frameworkId: `kamus-${v7()}`, title: 'Kamus', legalBasis: 'Perwali 1/2026' }
  const framework = { ...named, validFrom: since, sample: true, competencies }
  const publication = { ...written(), framework }
  await send('PublishFramework', hr, to => to.frameworks.publishFramework(publication))
  const of = { frameworkId: named.frameworkId }
  const other = { framework: 'sampel-manajemen-rumah-sakit', competency: 'keselamatan-pasien' }
  const equivalents = [{ competency: 'triase', relation: 'broader', other, reason }]
  const equating = { ...written(), ...of, equivalents }
  await send('EquateCompetencies', hr, to => to.frameworks.equateCompetencies(equating))
  const retirement = { competency: 'triase', since: '2031-01-01', reason, successor: other }
  const retiring = { ...written(), ...of, retirement }
  await send('RetireCompetency', hr, to => to.frameworks.retireCompetency(retiring))
  const requirements = [{ framework: named.frameworkId, competency: 'triase', level: 2 }]
  const standard = { position: 'dokter', validFrom: since, legalBasis: 'Perwali 1/2026' }
  const setting = { ...written(), standard: { ...standard, requirements } }
  await send('SetStandard', hr, to => to.frameworks.setStandard(setting))
  const kept = { code: 'arsip-baru', title: 'Arsip Baru', from: since, until: '2026-12-31' }
  const archive = { ...written(), archive: kept }
  const adoption = { ...written(), content: ruleFile('keberatan-2027') }
  await send('AdoptRuleSet', hr, to => to.rules.adoptRuleSet(adoption))
  await send('RegisterArchive', hr, to => to.archives.registerArchive(archive))
  const modules = [{ code: 'mutu', title: 'Mutu', jp: 8, practiceJp: 0 }]
  const targets = [{ framework: named.frameworkId, competency: 'triase', level: 3 }]
  const syllabus = { code: 'igd-2026', title: 'Gawat Darurat', field: 'kesehatan' }
  const program = { ...syllabus, modules, targets, validityMonths: 12 }
  const programme = { ...written(), program }
  await send('PublishProgram', hr, to => to.programs.publishProgram(programme))
  const days = { startsOn: '2026-07-01', endsOn: '2026-07-15' }
  const plan = { programId: programme.requestId, title: 'Angkatan I', ...days, capacity: 10 }
  const cohort = { ...written(), cohort: plan }
  await send('OpenCohort', hr, to => to.programs.openCohort(cohort))
}

beforeAll(async () => {
  bed = await openTestbed()
  hr = bed.issue({ role: 'hr' })
  rsud = bed.issue({ role: 'agency', agency: 'rsud-daya' })
  person = await register('rsud-daya')
  survivorId = (await register('dinkes')).asnId
  await recordRules()
  await recordAgencies()
  await recordClaim(person)
  await recordAssessors(person)
  await recordLearning(person)
  await recordCareer(person)
  await recordRequests(person)
  const cohorts = [8, 100, 200].map(jp => openCohort(bed, hr, jp))
  const cohortIds = (await Promise.all(cohorts)).map(({ cohortId }) => cohortId)
  await recordAssessments(person)
  await recordEnrollments(person, cohortIds)
  const { asnId } = person
  const certificate = await eventually(
    async () => (await bed.as(hr).certificates.listCertificates({ asnId })).certificates[0],
  )
  const { certificateId } = certificate
  const revocation = { ...written(), certificateId, reason }
  await send('RevokeCertificate', hr, to => to.certificates.revokeCertificate(revocation))
  const nip = { ...written(), asnId, nip: newPerson().nip, reason, since: '2026-06-01' }
  await send('ChangeNip', hr, to => to.employees.changeNip(nip))
}, 60_000)
afterAll(() => bed.close())

/** What each write that was sent is answered when it is sent again. */
const resent = (which: readonly Sent[] = sent) =>
  Promise.all(
    which.map(async ({ name, token, ask }) => {
      const answer = await ask(bed.as(token)).catch((error: unknown) => {
        if (error instanceof RpcError) return { name, reason: error.reason }
        throw error
      })
      if ('reason' in answer) return answer
      return { name, repeated: answer.recorded?.repeated, entries: entriesOf(answer) }
    }),
  )

const stored = (which: readonly Sent[] = sent) =>
  which.map(({ name, entries }) => ({ name, repeated: true, entries }))

/** The same writes, sent by another caller. */
const resentBy = (token: string, which: readonly Sent[]) =>
  resent(which.map(one => ({ ...one, token })))

describe('a write that is sent again is answered with what was stored', { timeout: 60_000 }, () => {
  test('and is one of every kind that there is', () => {
    const writes = bed.implementations.flatMap(({ service }) =>
      service.methods
        .filter(({ input }) => input.fields.some(({ name }) => name === 'request_id'))
        .map(({ name }) => name),
    )
    const later = ['PostEmployee', 'MergeEmployees', 'EraseEmployee'] // Below.
    const elsewhere = ['DiscardParked'] // Where there is a parked stream.
    const names = new Set([...sent.map(({ name }) => name as string), ...later, ...elsewhere])
    expect([...names].toSorted()).toEqual(writes.toSorted())
  })

  test('with nothing changed', async () => {
    expect(await resent()).toEqual(stored())
  })

  test('once its caller has no right any more, and nobody else learns of it', async () => {
    // The stream is refused as a whole, by its own right: an item is asked for by what it touches.
    const spared = ['assessment.SubmitAssessments'] as const
    expect(await withRightsTaken(() => resent(), spared)).toEqual(stored())
    const sizes = await bed.sizes()
    const other = bed.issue({ role: 'ministry' })
    const others = await withRightsTaken(() => resentBy(other, sent), spared)
    expect(others).toEqual(sent.map(({ name }) => ({ name, reason: 'NO_RIGHT' })))
    expect(await bed.sizes()).toEqual(sizes)
  })

  test('after a transfer', async () => {
    const posting = { agency: 'disdukcapil', position, since: '2026-06-10' }
    const transfer = { ...written(), asnId: person.asnId, posting }
    await send('PostEmployee', hr, to => to.employees.postEmployee(transfer))
    expect(await resent()).toEqual(stored())
  })

  test('after a merge', async () => {
    const merge = { ...written(), survivorId, duplicateId: person.asnId, reason }
    await send('MergeEmployees', hr, to => to.employees.mergeEmployees(merge))
    expect(await resent()).toEqual(stored())
    const self = bed.issue({ role: 'asn', asnId: survivorId })
    const contests = sent.filter(({ name }) => name === 'ContestAssessment')
    expect(await resentBy(self, contests)).toEqual(stored(contests))
  })

  test('after an erasure, unless what was sealed would have to be compared', async () => {
    const erasure = { ...written(), ...erasureOf(survivorId) }
    const { recorded } = await bed.as(hr).employees.eraseEmployee(erasure)
    // The call's own step: that of the other records follows from it.
    const ofSurvivor = entriesOf({ recorded }).slice(0, 1)
    const ask: Ask = to => to.employees.eraseEmployee(erasure)
    sent.push({ name: 'EraseEmployee', token: hr, ask, entries: ofSurvivor })
    const expected = stored().map(answer => {
      const { name } = answer
      const reason = whenErased[name]
      return reason ? { name, reason } : answer
    })
    expect(await resent()).toEqual(expected)
  })
})
