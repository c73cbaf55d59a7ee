import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { type Term, termFault } from '@jejak/competency/days'
import type { StreamEventOf } from '@jejak/events/declaration'
import type { enrollmentEvents } from '@jejak/events/enrollment'
import { type Decider, type Outcome, refuse } from '@jejak/eventsourcing/decider'

export type AssessorEvent = StreamEventOf<typeof enrollmentEvents, 'assessor'>
type Of<T extends AssessorEvent['type']> = Omit<
  Extract<AssessorEvent, { readonly type: T }>,
  'type'
>

/** A civil servant, or somebody else by a name that is sealed. */
export type Registration = Of<'AssessorRegistered'> | Of<'OutsideAssessorRegistered'>
export type Accreditation = Omit<Of<'AssessorAccredited'>, 'assessorId' | 'asnId'>
/** The last day and why; without a day, what was recorded of one was withdrawn. */
export type AssessorEnd = { readonly until?: string; readonly reason: string }

export type KnownAssessor = {
  readonly status: 'registered' | 'erased'
  readonly registration: Registration
  /** In the order in which they were recorded. */
  readonly accreditations: readonly Accreditation[]
  /** The newest that was recorded beyond the registration. */
  readonly ended?: AssessorEnd
}
export type Assessor = { readonly status: 'absent' } | KnownAssessor

export const assessor: Decider<Assessor, AssessorEvent> = {
  initial: { status: 'absent' },
  evolve: {
    AssessorRegistered: (_, { type: __, ...registration }) => begun(registration),
    OutsideAssessorRegistered: (_, { type: __, ...registration }) => begun(registration),
    AssessorAccredited: (state, { type: _, assessorId: __, asnId: ___, ...accreditation }) =>
      changed(state, known => ({ accreditations: [...known.accreditations, accreditation] })),
    AssessorEnded: (state, { until, reason }) =>
      changed(state, () => ({ ended: { until, reason } })),
    AssessorEndWithdrawn: (state, { reason }) => changed(state, () => ({ ended: { reason } })),
    AssessorErased: state => changed(state, () => ({ status: 'erased' })),
  },
}

const begun = (registration: Registration): KnownAssessor => ({
  status: 'registered',
  registration,
  accreditations: [],
})

const changed = (
  state: Assessor,
  change: (known: KnownAssessor) => Partial<KnownAssessor>,
): Assessor => (state.status === 'absent' ? state : { ...state, ...change(state) })

export type Refused =
  | 'AssessorUnknown'
  | 'AssessorRegistered'
  | 'AssessorEnded'
  | 'AssessorNotEnded'
  | 'AssessorErased'
  | 'AssessorServes'
  | 'AssessorIsEmployee'
  | 'EndsBeforeBegin'
type Decided = Outcome<AssessorEvent, Refused>

/**
 * An id stands for one assessor for ever: a civil servant is the same under each of their
 * `records`. What is sealed of somebody can't be compared here.
 */
export const registerAssessor = (
  current: Assessor,
  registration: Registration,
  accreditation?: Accreditation,
  records: readonly string[] = [],
): Decided => {
  if (current.status === 'absent') {
    const event: AssessorEvent =
      'asnId' in registration
        ? { type: 'AssessorRegistered', ...registration }
        : { type: 'OutsideAssessorRegistered', ...registration }
    return [event, ...(accreditation ? [accredited(registration, accreditation)] : [])]
  }
  const isSame =
    isDeepStrictEqual(
      comparable(current.registration, records),
      comparable(registration, records),
    ) &&
    (!accreditation || hasAccreditation(current, accreditation))
  return isSame ? [] : refuse('AssessorRegistered')
}

const comparable = (registration: Registration, records: readonly string[]) =>
  'asnId' in registration
    ? { ...registration, ...(records.includes(registration.asnId) && { asnId: records[0] }) }
    : { ...registration, name: undefined }

const accredited = (registration: Registration, accreditation: Accreditation): AssessorEvent => ({
  type: 'AssessorAccredited',
  ...namesIn(registration),
  ...accreditation,
})

const namesIn = (registration: Registration) => ({
  assessorId: registration.assessorId,
  ...('asnId' in registration && { asnId: registration.asnId }),
})

const hasAccreditation = ({ accreditations }: KnownAssessor, accreditation: Accreditation) =>
  accreditations.some(known => isDeepStrictEqual(known, accreditation))

export const accredit = (current: Assessor, accreditation: Accreditation): Decided => {
  if (current.status === 'absent') return refuse('AssessorUnknown')
  if (hasAccreditation(current, accreditation)) return []
  if (current.status === 'erased') return refuse('AssessorErased')
  const { until } = termOf(current)
  if (until !== undefined && accreditation.since > until) return refuse('AssessorEnded')
  return [accredited(current.registration, accreditation)]
}

/**
 * The first end stays, and a day that was set beforehand can only come earlier: unless it is
 * corrected. A correction without a day withdraws what was set.
 */
export const endAssessor = (current: Assessor, end: AssessorEnd, correction = false): Decided => {
  if (current.status === 'absent') return refuse('AssessorUnknown')
  const { registration, ended, status } = current
  if (isDeepStrictEqual(ended, end)) return []
  if (status === 'erased') return refuse('AssessorErased')
  const { since, until: last } = termOf(current)
  const { until, reason } = end
  if (correction && last === undefined) return refuse('AssessorNotEnded')
  const names = namesIn(registration)
  if (until === undefined) return [{ type: 'AssessorEndWithdrawn', ...names, reason }]
  if (termFault({ since, until })) return refuse('EndsBeforeBegin')
  const isLate = last !== undefined && (ended !== undefined || until > last)
  if (isLate && !correction) return refuse('AssessorEnded')
  return [{ type: 'AssessorEnded', ...names, until, reason }]
}

/** While they may assess, it has to be known who answers for it. `today` is the day in Makassar. */
export const eraseAssessor = (current: Assessor, basis: string, today: string): Decided => {
  if (current.status === 'absent') return refuse('AssessorUnknown')
  if (current.status === 'erased') return []
  const { registration } = current
  if ('asnId' in registration) return refuse('AssessorIsEmployee')
  const { until } = termOf(current)
  if (until === undefined || until >= today) return refuse('AssessorServes')
  const { assessorId, keyId } = registration
  return [{ type: 'AssessorErased', assessorId, keyId, basis }]
}

/** On the register, as it was recorded: the erasure of a civil servant ends it, too. */
export const termOf = ({ registration, ended }: KnownAssessor): Term => {
  const { until } = ended ?? registration
  return { since: registration.since, ...(until !== undefined && { until }) }
}

/**
 * The subject of the vault whose key seals the name. It is made of the assessor's id, and is not
 * the same: an assessor may have the id of a civil servant's record, whose key is another's.
 */
export const keySubjectOf = (assessorId: string): string =>
  hash('sha256', `assessor ${assessorId}`).replace(
    /^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/,
    '$1-$2-8$3-8$4-$5', // UUIDv8 (RFC 9562).
  )
