import { dayOf } from '@jejak/competency/calendar'
import { erasureOf, newPerson } from '@jejak/embedded/testing/training-fixture'
import { RpcError } from '@jejak/rpc/error'
import fc from 'fast-check'
import { v7 } from 'uuid'
import { expect } from 'vitest'
import type { AuditFixture } from './audit-fixture.ts'
import { assessment } from './input-fixture.ts'
import {
  certifyDue,
  eraseModel,
  type ModelEnrollment,
  type ModelPerson,
  mergeInto,
  newModelPerson,
  running,
} from './person-model.ts'

const dayMs = 86_400_000
const daysAgo = (days: number) => dayOf(Date.now() - days * dayMs)
export const [began, attendedOn, endedOn, assessedOn, movedOn] = [
  daysAgo(20),
  daysAgo(15),
  daysAgo(10),
  daysAgo(9),
  daysAgo(1),
]
export const jp = 8
const agencies = ['rsud-daya', 'dinkes'] as const
const recordsMax = 6
const written = () => ({ requestId: v7() })
const reason = 'salah input'

const stepNames = [
  ...['register', 'merge', 'merge', 'nominate', 'nominate', 'approve', 'approve', 'approve'],
  ...['attend', 'attend', 'attend', 'complete', 'complete', 'complete', 'assess', 'assess'],
  ...['correct', 'contest', 'transfer', 'changeNip', 'erase'],
] as const

/** A step names a record and something else by numbers, of those that there are. */
export const someSteps = fc.array(
  fc.record({ name: fc.constantFrom(...stepNames), one: fc.nat(9), other: fc.nat(9) }),
  { minLength: 15, maxLength: 45 },
)
export type Step = ReturnType<typeof someSteps.generate>['value'][number]

/** False if it was refused. Whatever else fails is a failure of the test. */
const isDone = (call: Promise<unknown>): Promise<boolean> =>
  call.then(
    () => true,
    error => {
      if (error instanceof RpcError && error.reason !== '') return false
      throw error
    },
  )

/** Plays steps on the services, and on the model, which knows persons and no records. */
export class PersonGame {
  readonly cohorts: string[] = []
  readonly records: string[] = []
  readonly #fixture: Pick<AuditFixture, 'as'>
  readonly #owners = new Map<string, ModelPerson>()
  readonly #agencies = new Map<string, string>()
  readonly #merges = new Set<string>()
  #order = 0

  constructor(fixture: Pick<AuditFixture, 'as'>) {
    this.#fixture = fixture
  }

  get people(): readonly ModelPerson[] {
    return [...new Set(this.#owners.values())]
  }

  get #hr() {
    return this.#fixture.as({ role: 'hr' })
  }

  /** A programme, two cohorts and two people. */
  async begin() {
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
    const [agency] = agencies
    const posting = { agency, position: 'perawat-ahli-pertama', since: '2020-01-01' }
    const registration = { ...written(), person: newPerson(), posting }
    const { asnId } = await this.#hr.employees.registerEmployee(registration)
    this.records.push(asnId)
    this.#owners.set(asnId, newModelPerson(asnId))
    this.#agencies.set(asnId, agency)
  }

  async play({ name, one, other }: Step): Promise<void> {
    const asnId = this.records[one % this.records.length] as string
    const person = this.#owners.get(asnId) as ModelPerson
    const enrollment = person.enrollments[other % (person.enrollments.length || 1)]
    await this.#steps[name]?.(asnId, person, other, enrollment)
    certifyDue(person)
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
      const duplicate = this.#owners.get(duplicateId) as ModelPerson
      // Only a record that goes on can be merged, into one that goes on.
      const can =
        duplicate !== person &&
        !(person.erased || duplicate.erased) &&
        [person.records[0], duplicate.records[0]].join() === [asnId, duplicateId].join()
      const merge = { ...written(), survivorId: asnId, duplicateId, reason }
      const pair = `${duplicateId} ${asnId}` // To merge them again changes nothing.
      const done = await isDone(this.#hr.employees.mergeEmployees(merge))
      expect(done).toBe(can || this.#merges.has(pair))
      if (!can) return
      this.#merges.add(pair)
      mergeInto(person, duplicate)
      for (const record of duplicate.records) this.#owners.set(record, person)
    },
    nominate: async (asnId, person, other) => {
      const cohortId = this.cohorts[other % this.cohorts.length] as string
      const nomination = { ...written(), cohortId, asnId }
      const can = !person.erased && running(person, cohortId).length === 0
      expect(await isDone(this.#hr.enrollments.nominate(nomination))).toBe(can)
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
      expect(await isDone(this.#hr.enrollments.approve(about))).toBe(can)
      if (can && enrollment.status === 'nominated') enrollment.status = 'approved'
    },
    attend: async (_, person, __, enrollment) => {
      if (!enrollment) return
      const session = { module: 'mutu', heldOn: attendedOn, jp }
      const about = { ...written(), enrollmentId: enrollment.id, ...session }
      const can = !person.erased && enrollment.status === 'approved'
      expect(await isDone(this.#hr.enrollments.recordAttendance(about))).toBe(can)
      if (can) enrollment.isAttended = true
    },
    complete: async (_, person, __, enrollment) => {
      if (!enrollment) return
      const about = { ...written(), enrollmentId: enrollment.id, completedOn: endedOn }
      const can = !person.erased && enrollment.status === 'approved' && enrollment.isAttended
      const isThere = !person.erased && enrollment.status === 'completed'
      expect(await isDone(this.#hr.enrollments.complete(about))).toBe(can || isThere)
      if (can) enrollment.status = 'completed'
    },
    assess: async (asnId, person, other) => {
      const level = other < 6 ? 3 : 2
      const sent = { ...assessment(), asnId, level, occurredOn: assessedOn }
      const submission = { ...written(), assessment: sent }
      const { assessments } = this.#agencyOf(person)
      expect(await isDone(assessments.submitAssessment(submission))).toBe(!person.erased)
      if (person.erased) return
      const by = this.#agencies.get(person.records[0] ?? '') ?? ''
      person.assessments.push({ id: submission.requestId, level, counts: true, by })
    },
    correct: async (asnId, person, other) => {
      const wrong = person.assessments[other % (person.assessments.length || 1)]
      const by = this.#agencies.get(person.records[0] ?? '')
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
      const own = this.#fixture.as({ role: 'asn', asnId })
      const contest = { ...written(), asnId, assessmentId: contested.id, statement: 'keliru' }
      const { contestId } = await own.assessments.contestAssessment(contest)
      const upheld = other % 2 === 0
      await this.#hr.assessments.resolveContest({ ...written(), asnId, contestId, upheld, reason })
      if (upheld) contested.counts = false
    },
    transfer: async (_, person, other) => {
      const asnId = person.records[0] as string
      const agency = agencies[other % agencies.length] as string
      const posting = { agency, position: 'pengawas', since: movedOn }
      const moved = { ...written(), asnId, posting }
      expect(await isDone(this.#hr.employees.postEmployee(moved))).toBe(!person.erased)
      if (!person.erased) this.#agencies.set(asnId, agency)
    },
    changeNip: async (_, person, other) => {
      const since = other < 5 ? movedOn : '2031-01-01'
      const asnId = person.records[0] as string
      const change = { ...written(), asnId, nip: newPerson().nip, reason, since }
      expect(await isDone(this.#hr.employees.changeNip(change))).toBe(!person.erased)
    },
    erase: async (asnId, person, other) => {
      if (other > 2) return // Most histories go on.
      await this.#hr.employees.eraseEmployee({ ...written(), ...erasureOf(asnId) })
      eraseModel(person)
    },
  }

  #agencyOf(person: ModelPerson) {
    const agency = this.#agencies.get(person.records[0] ?? '') as string
    return this.#fixture.as({ role: 'agency', agency })
  }
}
