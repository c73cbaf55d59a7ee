import { isDeepStrictEqual } from 'node:util'
import { dayOf } from '@jejak/competency/calendar'
import { contractDayFault, type LifeDays, lifeDayFault } from '@jejak/competency/days'
import type { Employment } from '@jejak/competency/figures/hours'
import { inOrderOfDays } from '@jejak/competency/posting'
import type { StreamEventOf } from '@jejak/events/declaration'
import type { enrollmentEvents } from '@jejak/events/enrollment'
import { type Decider, type Outcome, refuse } from '@jejak/eventsourcing/decider'
import type { Provenance } from './claims/claim.ts'

/** As the log has it: of a posting and an erasure also when it was recorded. */
export type EmployeeEvent = StreamEventOf<typeof enrollmentEvents, 'employee'> & {
  readonly from?: Provenance
}
type Named<T extends EmployeeEvent['type']> = Extract<EmployeeEvent, { readonly type: T }>

export type SealedPerson = Named<'EmployeeRegistered'>['person']
export type NipChange = Pick<Named<'NipChanged'>, 'nip' | 'since'>
export type Posting = Omit<Named<'EmployeePosted'>, 'type' | 'asnId' | 'from'>

export type Employee = {
  readonly status: 'absent' | 'active' | 'merged' | 'erased'
  readonly keyId?: string
  readonly person?: SealedPerson
  /** Each later NIP, in the order in which they were recorded. */
  readonly nips: readonly NipChange[]
  /** Each correction of what was registered, in the order in which they were recorded. */
  readonly corrections: readonly SealedPerson[]
  /** In the order in which they began. */
  readonly postings: readonly Posting[]
  /** When the last of them was recorded. */
  readonly postedAt?: string
  readonly mergedInto?: string
  readonly erasure?: Erasure
  /** The day in Makassar, RFC 3339 full-date. */
  readonly erasedOn?: string
  /** The records that were duplicates of this one, and why. */
  readonly absorbed: readonly Pick<Named<'DuplicateAbsorbed'>, 'duplicateId' | 'reason'>[]
}

export const employee: Decider<Employee, EmployeeEvent> = {
  initial: { status: 'absent', nips: [], corrections: [], postings: [], absorbed: [] },
  evolve: {
    SubjectKeyCreated: (state, { keyId }) => ({ ...state, keyId }),
    EmployeeRegistered: (state, { person }) => ({ ...state, status: 'active', person }),
    EmployeePosted: (state, { type: _, asnId: __, from, ...posting }) => ({
      ...state,
      postings: inOrderOfDays([...state.postings, posting]),
      ...(from && { postedAt: from.time }),
    }),
    NipChanged: (state, { nip, since }) => ({ ...state, nips: [...state.nips, { nip, since }] }),
    PersonalDataCorrected: (state, { person }) => ({
      ...state,
      corrections: [...state.corrections, person],
    }),
    EmployeeMerged: (state, { survivorId }) => ({
      ...state,
      status: 'merged',
      mergedInto: survivorId,
    }),
    DuplicateAbsorbed: (state, { duplicateId, reason }) => ({
      ...state,
      absorbed: [...state.absorbed, { duplicateId, reason }],
    }),
    SubjectErased: (state, { type: _, asnId: __, keyId, from, ...erasure }) => ({
      ...state,
      ...{ status: 'erased', keyId, erasure },
      ...(from && { erasedOn: dayOf(Date.parse(from.time)) }),
    }),
  },
}

export type Refused =
  | 'EmployeeUnknown'
  | 'EmployeeErased'
  | 'EmployeeMerged'
  | 'MergedElsewhere'
  | 'MergesInCircle'
  | 'RegisteredAlready'
  | 'BeforeBirth'
  | ContractRefused
type Decided = Outcome<EmployeeEvent, Refused>

export type Registration = {
  readonly asnId: string
  readonly keyId: string
  readonly commitment: string
  readonly person: SealedPerson
  /** With everything filled in: see `firstPosting`. */
  readonly posting: Posting
}

export const register = (current: Employee, registration: Registration): Decided => {
  const { asnId, keyId, commitment, person, posting } = registration
  if (current.status === 'erased') return refuse('EmployeeErased')
  if (current.status !== 'absent') return []
  return [
    { type: 'SubjectKeyCreated', asnId, keyId, commitment },
    { type: 'EmployeeRegistered', asnId, person },
    { type: 'EmployeePosted', asnId, ...posting },
  ]
}

/** `held`: they have this NIP on that day already. What is sealed can't be compared here. */
export const changeNip = (
  current: Employee,
  change: Omit<Named<'NipChanged'>, 'type'>,
  held: boolean,
  life: LifeDays,
): Decided =>
  inactive(current) ??
  (held ? [] : (unborn(change.since, life) ?? [{ type: 'NipChanged', ...change }]))

/** `held` is whether the record has these values already: what is sealed can't be compared. */
export const correctData = (
  current: Employee,
  correction: Omit<Named<'PersonalDataCorrected'>, 'type'>,
  held: boolean,
): Decided => inactive(current) ?? (held ? [] : [{ type: 'PersonalDataCorrected', ...correction }])

/**
 * A posting from the same day as another stands in its place. What it does not state of employment
 * is as it was before.
 */
export const post = (
  current: Employee,
  asnId: string,
  posting: Posting,
  life: LifeDays,
  suggest: Suggest = () => undefined,
): Decided => {
  const full = filledIn(current, posting, suggest)
  const known = current.postings.some(other => isDeepStrictEqual(other, full))
  return inactive(current) ?? (known ? [] : postAnyway(current, asnId, posting, life, suggest))
}

/** Also what is known already: for a posting whose request key says whether it was made. */
export const postAnyway = (
  current: Employee,
  asnId: string,
  posting: Posting,
  life: LifeDays,
  suggest: Suggest = () => undefined,
): Decided => {
  const full = filledIn(current, posting, suggest)
  const refused = contractRefused(full, life)
  return (
    inactive(current) ??
    unborn(posting.since, life) ??
    (refused ? refuse(refused) : [{ type: 'EmployeePosted', asnId, ...full }])
  )
}

/** What the NIP of a day suggests of a person's employment. */
export type Suggest = (current: Employee, day: string) => Employment | undefined

/**
 * Of somebody of whom nothing is known: what the NIP suggests counts unless it is stated, and is
 * marked as such. A CPNS has the same NIP as a PNS.
 */
export const firstPosting = (stated: Posting, suggested: Employment | undefined): Posting =>
  stated.employment || !suggested
    ? stated
    : { ...stated, employment: suggested, employmentFromNip: true }

/**
 * What is not stated is as it was stated before, or else what the NIP of the day suggests: a guess
 * is never handed on. A contract goes on as long as the employment is the same, also if that is
 * stated again.
 */
const filledIn = (current: Employee, stated: Posting, suggest: Suggest): Posting => {
  const before = current.postings.findLast(
    ({ since, employment, employmentFromNip }) =>
      employment !== undefined && !employmentFromNip && since <= stated.since,
  )
  const employment = stated.employment ?? before?.employment
  if (employment === undefined) return firstPosting(stated, suggest(current, stated.since))
  const isSame = employment === before?.employment && isByContract(employment)
  const contractSince = stated.contractSince ?? (isSame ? before?.contractSince : undefined)
  return {
    ...stated,
    employment,
    ...(contractSince && { contractSince }),
  }
}

const isByContract = (employment: Employment | undefined): boolean =>
  employment === 'pppk' || employment === 'pppk-paruh-waktu'

export type ContractRefused = 'NoContract' | 'ContractAfterPosting' | 'ContractBeforeBirth'

/** Why a posting, with everything filled in, can't have the contract that it has. */
export const contractRefused = (
  { employment, contractSince, since }: Posting,
  life: LifeDays,
): ContractRefused | undefined => {
  if (contractSince === undefined) return undefined
  if (!isByContract(employment)) return 'NoContract'
  const fault = contractDayFault(contractSince, since, life)
  if (fault === undefined) return undefined
  return fault === 'before-birth' ? 'ContractBeforeBirth' : 'ContractAfterPosting'
}

const unborn = (day: string, life: LifeDays) =>
  lifeDayFault(day, life) ? refuse('BeforeBirth') : undefined

/** Comes before `merge`, so that two records can't both go into the other. */
export const absorb = (
  current: Employee,
  asnId: string,
  duplicateId: string,
  reason: string,
): Decided => {
  if (hasAbsorbed(current, duplicateId)) return []
  return inactive(current) ?? [{ type: 'DuplicateAbsorbed', asnId, duplicateId, reason }]
}

/**
 * Of two records that have each absorbed the other, the one with the lower id survives. It has
 * absorbed this one before, and so it will not go into this one any more.
 */
export const merge = (
  current: Employee,
  asnId: string,
  survivorId: string,
  reason: string,
): Decided => {
  if (current.mergedInto === survivorId) return []
  if (current.status === 'merged') return refuse('MergedElsewhere')
  if (hasAbsorbed(current, survivorId) && asnId < survivorId) return refuse('MergesInCircle')
  return inactive(current) ?? [{ type: 'EmployeeMerged', asnId, survivorId, reason }]
}

const hasAbsorbed = ({ absorbed }: Employee, asnId: string) =>
  absorbed.some(({ duplicateId }) => duplicateId === asnId)

/** Why and how a person is erased, as the event has it. */
export type Erasure = Omit<Named<'SubjectErased'>, 'type' | 'asnId' | 'keyId' | 'from'>

export const erase = (current: Employee, asnId: string, erasure: Erasure): Decided => {
  if (current.status === 'erased') return []
  if (current.status === 'absent' || !current.keyId) return refuse('EmployeeUnknown')
  return [{ type: 'SubjectErased', asnId, keyId: current.keyId, ...erasure }]
}

/** Ends a registration that never began: it can't begin any more, and its NIP is free. */
export const abandon = (current: Employee, asnId: string, keyId: string): Decided => {
  if (current.status === 'erased') return []
  if (current.status !== 'absent') return refuse('RegisteredAlready')
  const basis = 'A registration that never began.'
  return [{ type: 'SubjectErased', asnId, keyId, basis, disposition: 'musnah' }]
}

const inactive = ({ status }: Employee) => {
  if (status === 'absent') return refuse('EmployeeUnknown')
  if (status === 'erased') return refuse('EmployeeErased')
  return status === 'merged' ? refuse('EmployeeMerged') : undefined
}
