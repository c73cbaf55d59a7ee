import { dayOf } from '@jejak/competency/calendar'
import { type Clients, panel } from '@jejak/embedded/testing/testbed'
import { erasureOf, newPerson } from '@jejak/embedded/testing/training-fixture'
import { RpcError } from '@jejak/rpc/error'
import { v7 } from 'uuid'
import { expect } from 'vitest'
import type { ExpectedReads } from './expected-reads.ts'
import type { Step } from './game-steps.ts'
import { assessment } from './input-fixture.ts'
import { type Installation, startMs } from './installation.ts'
import {
  certifyDue,
  eraseModel,
  type ModelEnrollment,
  type ModelPerson,
  mergeInto,
  newModelPerson,
  running,
} from './person-model.ts'
import { PersonReads } from './person-reads.ts'

const [minuteMs, dayMs] = [60_000, 86_400_000]
const daysAgo = (days: number) => dayOf(startMs - days * dayMs)
export const [began, attendedOn, endedOn, assessedOn, movedOn] = [
  daysAgo(20),
  daysAgo(15),
  daysAgo(10),
  daysAgo(9),
  daysAgo(1),
]
export const jp = 8
const recordsMax = 6
const written = () => ({ requestId: v7() })
const reason = 'salah input'

/** Fails with the reason of a refusal. Whatever else fails is a failure of the test. */
const expectDone = async (call: Promise<unknown>, can: boolean): Promise<void> => {
  const refused = await call.then(
    () => undefined,
    error => {
      if (error instanceof RpcError && error.reason !== '') return error.reason
      throw error
    },
  )
  expect(refused).toEqual(can ? undefined : expect.any(String))
}

/** Plays steps on the services, and on the model, which knows persons and no records. */
export class PersonGame {
  readonly cohorts: string[] = []
  readonly records: string[] = []
  readonly agencies = [`uji-${v7()}`, `uji-${v7()}`] as const
  readonly reads: PersonReads
  readonly #installation: Installation
  readonly #expected: ExpectedReads
  readonly #owners = new Map<string, ModelPerson>()
  readonly #clients = new Map<string, Clients>()
  readonly #merges = new Set<string>()
  #order = 0

  constructor(installation: Installation, expected: ExpectedReads) {
    this.#installation = installation
    this.#expected = expected
    this.reads = new PersonReads(installation, expected, this)
  }

  get people(): readonly ModelPerson[] {
    return [...new Set(this.#owners.values())]
  }

  personOf(record: string): ModelPerson {
    return this.#owners.get(record) as ModelPerson
  }

  get #hr() {
    return this.#clients.get('hr') as Clients
  }

  /** Two agencies, a programme, two cohorts and two people. */
  async begin() {
    const { issue, as } = this.#installation
    this.#clients.set('hr', as(await issue({ role: 'hr' })))
    for (const agency of this.agencies) {
      this.#clients.set(agency, as(await issue({ role: 'agency', agency })))
      const named = { agency, title: 'Dinas Uji', since: '2010-01-01', basis: 'Perwali 1/2010' }
      await this.#hr.agencies.registerAgency({ ...written(), ...named })
    }
    await this.reads.begin()
  }

  /** Programmes and the first people: once all games of a group have begun. */
  async enterPeople() {
    const module = { code: 'mutu', title: 'Mutu Layanan', jp, practiceJp: 0 }
    const targets = [{ framework: 'permenpanrb-38-2017', competency: 'integritas', level: 3 }]
    const named = { code: 'mrs-2026', title: 'Manajemen RS', field: 'kesehatan' }
    const program = { ...named, targets, modules: [module], validityMonths: 36 }
    const { programId } = await this.#hr.programs.publishProgram({ ...written(), program })
    for (const title of ['I', 'II']) {
      const cohort = { programId, title, startsOn: began, endsOn: endedOn, capacity: 100 }
      this.cohorts.push((await this.#hr.programs.openCohort({ ...written(), cohort })).cohortId)
    }
    for (let at = 0; at < 2; at++) await this.#register()
  }

  async #register() {
    const [agency] = this.agencies
    const person = newPerson()
    const posting = { agency, position: 'perawat-ahli-pertama', since: '2020-01-01' }
    const registration = { ...written(), person, posting }
    const { asnId } = await this.#hr.employees.registerEmployee(registration)
    this.records.push(asnId)
    this.#expected.name('enrollment', asnId)
    this.#owners.set(asnId, newModelPerson(asnId, person.nip, agency))
  }

  async play(step: Step): Promise<void> {
    const { name, one, other } = step
    const asnId = this.records[one % this.records.length] as string
    const person = this.personOf(asnId)
    const enrollment = person.enrollments[other % (person.enrollments.length || 1)]
    if (name === 'read') await this.reads.read(asnId, step)
    else if (name === 'readEntries') await this.reads.readEntries(asnId, step)
    else if (name === 'askWhoReads') await this.reads.askWhoReads(asnId, step)
    else await this.#steps[name]?.(asnId, person, other, enrollment)
    certifyDue(person)
    if (person.certified.size > 0) this.#expected.name('certification', asnId)
  }

  readonly #steps: Readonly<
    Record<
      string,
      (
        asnId: string,
        person: ModelPerson,
        other: number,
        enrollment: ModelEnrollment | undefined,
      ) => Promise<void>
    >
  > = {
    register: async () => {
      if (this.records.length < recordsMax) await this.#register()
    },
    merge: async (asnId, person, other) => {
      const duplicateId = this.records[other % this.records.length] as string
      const duplicate = this.personOf(duplicateId)
      // Only a record that goes on can be merged, into one that goes on.
      const can =
        duplicate !== person &&
        !(person.erased || duplicate.erased) &&
        [person.records[0], duplicate.records[0]].join() === [asnId, duplicateId].join()
      const merge = { ...written(), survivorId: asnId, duplicateId, reason }
      const pair = `${duplicateId} ${asnId}` // To merge them again changes nothing.
      const isKnown = this.#merges.has(pair)
      await expectDone(this.#hr.employees.mergeEmployees(merge), can || isKnown)
      if (!can) return
      this.#merges.add(pair)
      mergeInto(person, duplicate)
      for (const record of duplicate.records) this.#owners.set(record, person)
    },
    nominate: async (asnId, person, other) => {
      const cohortId = this.cohorts[other % 2] as string
      const nomination = { ...written(), cohortId, asnId }
      const can = !person.erased && running(person, cohortId).length === 0
      await expectDone(this.#hr.enrollments.nominate(nomination), can)
      if (!can) return
      person.enrollments.push({
        ...{ id: nomination.requestId, cohort: cohortId, order: this.#order++ },
        ...{ status: 'nominated', isAttended: false },
      })
    },
    approve: async (_, person, __, enrollment) => {
      if (!enrollment) return
      const about = { ...written(), enrollmentId: enrollment.id }
      const can = !person.erased && enrollment.status !== 'withdrawn'
      await expectDone(this.#hr.enrollments.approve(about), can)
      if (can && enrollment.status === 'nominated') enrollment.status = 'approved'
    },
    attend: async (_, person, __, enrollment) => {
      if (!enrollment) return
      const session = { module: 'mutu', heldOn: attendedOn, jp }
      const about = { ...written(), enrollmentId: enrollment.id, ...session }
      const can = !person.erased && enrollment.status === 'approved'
      await expectDone(this.#hr.enrollments.recordAttendance(about), can)
      if (can) enrollment.isAttended = true
    },
    complete: async (_, person, __, enrollment) => {
      if (!enrollment) return
      const about = { ...written(), enrollmentId: enrollment.id, completedOn: endedOn }
      const can = !person.erased && enrollment.status === 'approved' && enrollment.isAttended
      const isThere = !person.erased && enrollment.status === 'completed'
      await expectDone(this.#hr.enrollments.complete(about), can || isThere)
      if (can) enrollment.status = 'completed'
    },
    assess: async (asnId, person, other) => {
      const level = other < 6 ? 3 : 2
      const sent = { ...assessment(), asnId, level, occurredOn: assessedOn }
      const submission = { ...written(), assessment: sent }
      const { assessments } = this.#agencyOf(person)
      await expectDone(assessments.submitAssessment(submission), !person.erased)
      if (person.erased) return
      this.#expected.name('assessment', asnId)
      person.assessments.push({
        ...{ id: submission.requestId, level, counts: true, by: person.agency },
      })
    },
    correct: async (asnId, person, other) => {
      const wrong = person.assessments[other % (person.assessments.length || 1)]
      const by = person.agency
      if (!wrong || wrong.isCorrected || wrong.by !== by || person.erased) return
      const sent = { ...assessment(), asnId, level: 4, occurredOn: assessedOn }
      const correction = { ...written(), assessmentId: wrong.id, assessment: sent, reason }
      await this.#agencyOf(person).assessments.correctAssessment(correction)
      wrong.counts = false
      wrong.isCorrected = true
      person.assessments.push({ id: correction.requestId, level: 4, counts: true, by })
    },
    contest: async (_, person, other) => {
      const contested = person.assessments[other % (person.assessments.length || 1)]
      const asnId = person.records[0] as string
      if (!contested?.counts || person.erased) return
      const { issue, as } = this.#installation
      const own = as(await issue({ role: 'asn', asnId }))
      const contest = { ...written(), asnId, assessmentId: contested.id, statement: 'keliru' }
      const { contestId } = await own.assessments.contestAssessment(contest)
      const upheld = other % 2 === 0
      const decision = { ...written(), asnId, contestId, upheld, reason, panel }
      await this.#hr.assessments.resolveContest(decision)
      person.hasStatement = true
      if (upheld) contested.counts = false
    },
    transfer: async (_, person, other) => {
      const asnId = person.records[0] as string
      const agency = this.agencies[other % 2] as string
      const posting = { agency, position: 'pengawas', since: movedOn }
      const moved = { ...written(), asnId, posting }
      await expectDone(this.#hr.employees.postEmployee(moved), !person.erased)
      if (!person.erased) person.agency = agency
    },
    changeNip: async (_, person, other) => {
      const since = other < 5 ? movedOn : '2031-01-01'
      const asnId = person.records[0] as string
      const { nip } = newPerson()
      const change = { ...written(), asnId, nip, reason, since }
      await expectDone(this.#hr.employees.changeNip(change), !person.erased)
      if (!person.erased) person.nips.push(nip)
    },
    passTime: async (_, __, other) => this.#installation.pass(other * 6 * minuteMs),
    erase: async (asnId, person, other) => {
      if (other > 2) return // Most histories go on.
      await this.#hr.employees.eraseEmployee({ ...written(), ...erasureOf(asnId) })
      eraseModel(person)
    },
  }

  #agencyOf({ agency }: ModelPerson) {
    return this.#clients.get(agency) as Clients
  }
}
