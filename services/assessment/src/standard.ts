import { isDeepStrictEqual } from 'node:util'
import type { assessmentEvents } from '@jejak/events/assessment'
import type { StreamEventOf } from '@jejak/events/declaration'
import type { Decider, Outcome } from '@jejak/eventsourcing/decider'

export type StandardEvent = StreamEventOf<typeof assessmentEvents, 'standard'>
export type Requirements = Omit<StandardEvent, 'type'>

/** What a position requires, once for each first day; what was set last for a day holds. */
export type Standard = readonly Requirements[]

export const standard: Decider<Standard, StandardEvent> = {
  initial: [],
  evolve: {
    StandardSet: (state, { type: _, ...requirements }) => [
      ...state.filter(({ validFrom }) => validFrom !== requirements.validFrom),
      requirements,
    ],
  },
}

/** Setting it anew for the same day is how a mistake is mended: nothing to refuse. */
export const setStandard = (
  current: Standard,
  requirements: Requirements,
): Outcome<StandardEvent, never> =>
  current.some(known => isDeepStrictEqual(known, requirements))
    ? []
    : [{ type: 'StandardSet', ...requirements }]
