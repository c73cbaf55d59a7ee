import fc from 'fast-check'
import { type Decider, fold, isRefusal, type Outcome } from '../decider.ts'

/**
 * The property that a retry relies on: a decision taken again, in any state that decisions lead to,
 * answers no events. Throws with the smallest history that breaks it.
 */
export const twiceIsOnce = <State, Event extends { readonly type: string }>(
  decider: Decider<State, Event>,
  decisions: fc.Arbitrary<(state: State) => Outcome<Event, string>>,
): void => {
  const after = (state: State, outcome: Outcome<Event, string>) =>
    isRefusal(outcome) ? state : fold(decider, state, outcome)
  fc.assert(
    fc.property(fc.array(decisions, { maxLength: 20 }), decisions, (history, decision) => {
      const state = history.reduce((now, decide) => after(now, decide(now)), decider.initial)
      const first = decision(state)
      if (isRefusal(first)) return true
      const second = decision(after(state, first))
      return !isRefusal(second) && second.length === 0
    }),
  )
}
