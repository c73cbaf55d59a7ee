import type { Action } from '@jejak/access/rights'
import type { HeldAccreditation } from '@jejak/competency/accreditation'
import { isInTerm } from '@jejak/competency/days'
import { keptBriefly } from '@jejak/eventsourcing/kept-briefly'
import { authorise } from '@jejak/rpc/authorise'
import type { Call } from '@jejak/rpc/call'
import type {
  Employees,
  OpenClaims,
  Registers,
  ResolvedAssessor,
  ResolvedEmployee,
} from '@jejak/rpc/directory-client'
import { refusedBy } from '@jejak/rpc/error'
import { validate } from '@jejak/rpc/validate'
import DataLoader from 'dataloader'

const askedAtOnceMax = 256

export type People = ReturnType<typeof openPeople>

/** Questions that come together are asked together. */
export const openPeople = (employees: Employees & OpenClaims & Registers) => {
  const byId = gathering(employees.resolve)
  const byNip = gathering(employees.byNip)
  const owners = gathering(employees.owners)
  const successors = gathering(employees.successors)
  const openClaims = gathering(employees.openClaims)
  const assessors = gathering(employees.assessors)
  const registered = keptBriefly((assessorId: string) => assessors.load(assessorId))

  /** The person may be the caller's, who has claimed them: then what is refused is to be kept. */
  const unclaimed = async (refusal: unknown, { principal }: Call, asnId: string) => {
    const { agency } = principal
    const claimId = agency && (await openClaims.load({ agency, asnId }))
    return claimId ? refusedBy('CLAIM_OPEN', { claim_id: claimId }) : refusal
  }

  /** The person of the call, once the caller's right to them is checked. Throws the refusal. */
  const touched = async (
    call: Call,
    action: Action,
    { asnId, nip = '' }: { readonly asnId: string; readonly nip?: string },
  ): Promise<ResolvedEmployee> => {
    const person = await (asnId ? byId.load(asnId) : byNip.load(nip))
    // A caller without a right to anybody does not learn who is registered.
    try {
      authorise(call, action, person ? ownedBy(person, call) : call.principal)
    } catch (refusal) {
      throw person ? await unclaimed(refusal, call, person.asnId) : refusal
    }
    if (person) return person
    throw refusedBy({ key: 'EMPLOYEE_UNKNOWN', values: asnId ? 'id' : 'nip' })
  }

  /** The same for a write: an erased person is refused. */
  const active = async (...args: Parameters<typeof touched>): Promise<ResolvedEmployee> => {
    const person = await touched(...args)
    if (person.status === 'erased') throw refusedBy('EMPLOYEE_ERASED')
    return person
  }

  return {
    touched,
    active,
    /**
     * The same of an assessment: the enrollment that it names, if any, is one of this person, and
     * the assessor is another, who was on the register on its day.
     */
    assessed: async (
      call: Call,
      action: Action,
      { enrollmentId, assessorId, occurredOn, ...named }: NamedInAssessment,
    ): Promise<Assessed> => {
      // Asked for at the same time as the person.
      const asked = registered.ask(assessorId)
      const owner = enrollmentId ? owners.load(enrollmentId) : undefined
      owner?.catch(() => {})
      const person = await active(call, action, named)
      if (owner && !person.records.includes((await owner) ?? '')) {
        validate({ 'assessment.enrollment_id': 'enrollment-of-another' })
      }
      const assessor = await asked
      refuseAssessor(assessor, assessorId, occurredOn, person)
      return { person, accreditations: assessor?.accreditations ?? [] }
    },
    /** Of a record or an assessor: who that is, by each of their ids, and whether they may act. */
    actor: async (id: string, today: string): Promise<IdentifiedActor | undefined> => {
      const assessor = await registered.ask(id)
      const person = await byId.load(assessor?.asnId ?? id)
      if (!person && !assessor) return undefined
      return {
        ids: new Set([id, person?.asnId ?? id, ...(person?.records ?? [])]),
        key: person?.asnId ?? id,
        mayAct: person?.status !== 'erased' && (!assessor || isInTerm(today, assessor)),
      }
    },
    /** The person of each record; undefined for a record that nobody has. */
    persons: (asnIds: readonly string[]): Promise<readonly (ResolvedEmployee | undefined)[]> =>
      Promise.all(asnIds.map(asnId => byId.load(asnId))),
    /** The agency that has the rights of another today: nearly always it is known, the same. */
    successorOf: async (agency: string, known: string): Promise<string> =>
      agency === known ? agency : successors.load(agency),
  }
}

/** Who was assessed, and the accreditations of the assessor in the order of recording. */
export type Assessed = {
  readonly person: ResolvedEmployee
  readonly accreditations: readonly HeldAccreditation[]
}

/** Somebody who decides or has assessed: a civil servant, or an assessor who is none. */
export type IdentifiedActor = {
  readonly ids: ReadonlySet<string>
  /** The same for all ids of one person. */
  readonly key: string
  /** Today: neither erased, nor off the register. */
  readonly mayAct: boolean
}

/** What only enrollment knows of an assessment, and the day of it. */
type NamedInAssessment = {
  readonly asnId: string
  readonly nip?: string
  readonly enrollmentId: string
  readonly assessorId: string
  readonly occurredOn: string
}

const refuseAssessor = (
  assessor: ResolvedAssessor | undefined,
  assessorId: string,
  occurredOn: string,
  { records }: ResolvedEmployee,
): void => {
  // Agencies have named civil servants by their records, too.
  if (records.includes(assessor?.asnId ?? assessorId)) throw refusedBy('ASSESSOR_IS_ASSESSED')
  if (!assessor) throw refusedBy('ASSESSOR_UNKNOWN')
  const { since, until = '' } = assessor
  if (!isInTerm(occurredOn, assessor)) throw refusedBy('ASSESSOR_OFF_REGISTER', { since, until })
}

/** A civil servant's token can be for a record that was merged since. */
const ownedBy = ({ agency, asnId, records }: ResolvedEmployee, { principal }: Call) => ({
  agency,
  asnId: records.find(record => record === principal.asnId) ?? asnId,
})

/**
 * Adaptive batching: a batch closes when the previous answer arrives, so that a single question
 * goes out at once, and batches grow as answers get slower.
 */
const gathering = <Question, Answer>(
  ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
) => {
  let answering: Promise<unknown> = Promise.resolve()
  return new DataLoader(
    (keys: readonly Question[]) => {
      const answers = ask(keys)
      answering = answers.catch(() => {})
      return answers
    },
    {
      // Not cached: a posting, and with it who has a right to the person, can change at any moment.
      cache: false,
      maxBatchSize: askedAtOnceMax,
      batchScheduleFn: dispatch => setImmediate(() => answering.then(dispatch)),
    },
  )
}
