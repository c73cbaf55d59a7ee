import type { StreamEventOf } from '@jejak/events/declaration'
import type { enrollmentEvents } from '@jejak/events/enrollment'
import { type Decider, type Outcome, refuse } from '@jejak/eventsourcing/decider'

type Kept = StreamEventOf<typeof enrollmentEvents, 'claim'>
type Named<T extends Kept['type']> = Omit<Extract<Kept, { readonly type: T }>, 'type'>

/** What its entry says beside the event: when it was recorded, by whom, and as which event. */
export type Provenance = {
  readonly id: string
  readonly time: string
  readonly attributes: Readonly<Record<string, string>>
}
export type ClaimEvent = Kept & { readonly from?: Provenance }

export type FiledClaim = Named<'ClaimFiled'>
export type ClaimOutcome = Named<'ClaimDecided'>['outcome']

export type Claim =
  | { readonly status: 'absent' }
  | {
      readonly status: 'open' | ClaimOutcome
      readonly filed: FiledClaim
      readonly filedAt: string
      /** Why, and the event that says so: what follows from it names it as its cause. */
      readonly decision?: { readonly reason: string; readonly from?: Provenance }
    }
export type KnownClaim = Exclude<Claim, { readonly status: 'absent' }>

export const claim: Decider<Claim, ClaimEvent> = {
  initial: { status: 'absent' },
  evolve: {
    ClaimFiled: (_, { type: __, from, ...filed }) => ({
      status: 'open',
      filed,
      filedAt: from?.time ?? '',
    }),
    ClaimDecided: (state, { outcome, reason, from }) =>
      state.status === 'absent'
        ? state
        : { ...state, status: outcome, decision: { reason, ...(from && { from }) } },
  },
}

export type Refused = 'ClaimUnknown' | 'FiledOtherwise' | 'DecidedOtherwise'
type Decided = Outcome<ClaimEvent, Refused>

/** What is sealed can't be compared: the request that filed it tells one from another. */
export const fileClaim = (current: Claim, filed: FiledClaim): Decided => {
  if (current.status === 'absent') return [{ type: 'ClaimFiled', ...filed }]
  const { agency, position, since } = current.filed
  const same = agency === filed.agency && position === filed.position && since === filed.since
  return same ? [] : refuse('FiledOtherwise')
}

/** The first decision stays. */
export const decideClaim = (current: Claim, outcome: ClaimOutcome, reason: string): Decided => {
  if (current.status === 'absent') return refuse('ClaimUnknown')
  if (current.status === outcome) return []
  if (current.status !== 'open') return refuse('DecidedOtherwise')
  const { claimId, asnId } = current.filed
  return [{ type: 'ClaimDecided', claimId, asnId, outcome, reason }]
}
