import { type Decider, fold } from '../decider.ts'

/**
 * `given(decider, ...what happened).when(decision, ...arguments)` answers the decision's outcome.
 */
export const given = <State, Event extends { readonly type: string }>(
  decider: Decider<State, Event>,
  ...events: readonly Event[]
) => {
  const state = fold(decider, decider.initial, events)
  return {
    when: <Arguments extends readonly unknown[], Decided>(
      decision: (state: State, ...args: Arguments) => Decided,
      ...args: Arguments
    ): Decided => decision(state, ...args),
  }
}
