import type { StreamEventOf } from '@jejak/events/declaration'
import type { enrollmentEvents } from '@jejak/events/enrollment'
import { type Decider, type Outcome, refuse } from '@jejak/eventsourcing/decider'

export type SubjectRequestEvent = StreamEventOf<typeof enrollmentEvents, 'subject-request'>
type Named<T extends SubjectRequestEvent['type']> = Extract<
  SubjectRequestEvent,
  { readonly type: T }
>

export type FiledRequest = Omit<Named<'SubjectRequestFiled'>, 'type'>
type Answer = Pick<Named<'SubjectRequestAnswered'>, 'outcome' | 'reason'>

export type SubjectRequest =
  | { readonly status: 'absent' }
  | { readonly status: 'open'; readonly filed: FiledRequest }
  | { readonly status: 'answered'; readonly filed: FiledRequest; readonly answer: Answer }

export const subjectRequest: Decider<SubjectRequest, SubjectRequestEvent> = {
  initial: { status: 'absent' },
  evolve: {
    SubjectRequestFiled: (_, { type: __, ...filed }) => ({ status: 'open', filed }),
    SubjectRequestAnswered: (state, { outcome, reason }) =>
      state.status === 'absent'
        ? state
        : { status: 'answered', filed: state.filed, answer: { outcome, reason } },
  },
}

export type Refused = 'SubjectRequestUnknown' | 'SubjectRequestAnswered' | 'CorrectionNotMade'
type Decided = Outcome<SubjectRequestEvent, Refused>

export const file = (current: SubjectRequest, filed: FiledRequest): Decided =>
  current.status === 'absent' ? [{ type: 'SubjectRequestFiled', ...filed }] : []

/** By word alone, which makes no correction. */
export const answerByWord = (current: SubjectRequest, given: Answer): Decided =>
  current.status === 'open' && current.filed.kind === 'correction' && given.outcome === 'done'
    ? refuse('CorrectionNotMade')
    : answer(current, given)

/** The first answer stays: the person was told of it. */
export const answer = (current: SubjectRequest, { outcome, reason }: Answer): Decided => {
  if (current.status === 'absent') return refuse('SubjectRequestUnknown')
  if (current.status === 'answered') {
    const { answer } = current
    const isSame = answer.outcome === outcome && answer.reason === reason
    return isSame ? [] : refuse('SubjectRequestAnswered')
  }
  const { requestId, asnId, dueAt } = current.filed
  return [{ type: 'SubjectRequestAnswered', requestId, asnId, outcome, reason, dueAt }]
}
