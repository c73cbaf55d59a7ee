type Named = { readonly type: string }

/**
 * Folds a stream's events into its state. `evolve` never fails: an event was decided once, and is a
 * fact. Decisions are functions of the state and of arguments; they read no clock and make no ids.
 */
export type Decider<State, Event extends Named> = {
  readonly initial: State
  readonly evolve: {
    readonly [T in Event['type']]: (
      state: State,
      event: Extract<Event, { readonly type: T }>,
    ) => State
  }
}

/** Why a decision made no events: a name that a transport maps to a status. */
export type Refusal<Refused extends string> = { readonly refused: Refused }

/** The events of a decision, none where all is as asked for already; or a refusal. */
export type Outcome<Event, Refused extends string> = readonly Event[] | Refusal<Refused>

export const refuse = <Refused extends string>(refused: Refused): Refusal<Refused> => ({ refused })

export const isRefusal = <Event, Refused extends string>(
  outcome: Outcome<Event, Refused>,
): outcome is Refusal<Refused> => 'refused' in outcome

/** The state after the events. One that the decider does not know of leaves it as it is. */
export const fold = <State, Event extends Named>(
  { evolve }: Pick<Decider<State, Event>, 'evolve'>,
  from: State,
  events: Iterable<Event>,
): State => {
  const table = evolve as unknown as Record<string, (state: State, event: Event) => State>
  let state = from
  for (const event of events) {
    if (Object.hasOwn(table, event.type)) state = table[event.type]?.(state, event) as State
  }
  return state
}
