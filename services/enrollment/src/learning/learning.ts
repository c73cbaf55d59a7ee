import { isDeepStrictEqual } from 'node:util'
import { endFault } from '@jejak/competency/days'
import { certificateKey } from '@jejak/competency/learning'
import type { StreamEventOf } from '@jejak/events/declaration'
import type { enrollmentEvents } from '@jejak/events/enrollment'
import { type Decider, type Outcome, refuse } from '@jejak/eventsourcing/decider'

export type LearningEvent = StreamEventOf<typeof enrollmentEvents, 'learning'>
type Of<T extends LearningEvent['type']> = Omit<
  Extract<LearningEvent, { readonly type: T }>,
  'type'
>

export type RecordedLearning = Of<'LearningRecorded'>
type Revocation = Pick<Of<'LearningRevoked'>, 'since' | 'reason'>

export type KnownLearning = {
  readonly status: 'recorded' | 'revoked'
  readonly recorded: RecordedLearning
  readonly revocation?: Revocation
}
export type Learning = { readonly status: 'absent' } | KnownLearning

export const learning: Decider<Learning, LearningEvent> = {
  initial: { status: 'absent' },
  evolve: {
    LearningRecorded: (_, { type: __, ...recorded }) => ({ status: 'recorded', recorded }),
    LearningRevoked: (state, { since, reason }) =>
      state.status === 'absent'
        ? state
        : { ...state, status: 'revoked', revocation: { since, reason } },
  },
}

export type Refused =
  | 'RecordedOtherwise'
  | 'LearningUnknown'
  | 'RevokedOtherwise'
  | 'RevokedBeforeEnd'
type Decided = Outcome<LearningEvent, Refused>

/** An id stands for one learning for ever. */
export const recordLearning = (current: Learning, recorded: RecordedLearning): Decided => {
  if (current.status === 'absent') return [{ type: 'LearningRecorded', ...recorded }]
  return isDeepStrictEqual(current.recorded, recorded) ? [] : refuse('RecordedOtherwise')
}

/** The first revocation stays. */
export const revokeLearning = (current: Learning, revocation: Revocation): Decided => {
  if (current.status === 'absent') return refuse('LearningUnknown')
  const { learningId, asnId, endsOn } = current.recorded
  if (current.revocation) {
    return isDeepStrictEqual(current.revocation, revocation) ? [] : refuse('RevokedOtherwise')
  }
  if (endFault(endsOn, revocation.since)) return refuse('RevokedBeforeEnd')
  return [{ type: 'LearningRevoked', learningId, asnId, ...revocation }]
}

/** Another entry of the same certificate that counts, among what the person has learned. */
export const sameCertificate = (
  { learningId, ...certified }: RecordedLearning,
  others: readonly Learning[],
): RecordedLearning | undefined => {
  const key = certificateKey(certified)
  return others
    .flatMap(other => (other.status === 'recorded' ? other.recorded : []))
    .find(other => key && other.learningId !== learningId && certificateKey(other) === key)
}
