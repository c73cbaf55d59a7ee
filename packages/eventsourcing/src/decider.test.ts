import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Decider, type Outcome, refuse } from './decider.ts'
import { given } from './testing/given.ts'
import { twiceIsOnce } from './testing/twice.ts'

type Seat = { readonly taken: readonly string[]; readonly capacity: number }
type Event =
  | { readonly type: 'CohortOpened'; readonly capacity: number }
  | { readonly type: 'SeatTaken'; readonly asnId: string }
type Refused = 'NotOpen' | 'Full' | 'OpenedOtherwise'

const cohort: Decider<Seat, Event> = {
  initial: { taken: [], capacity: 0 },
  evolve: {
    CohortOpened: (state, { capacity }) => ({ ...state, capacity }),
    SeatTaken: (state, { asnId }) => ({ ...state, taken: [...state.taken, asnId] }),
  },
}

const open = (state: Seat, capacity: number): Outcome<Event, Refused> => {
  if (state.capacity === 0) return [{ type: 'CohortOpened', capacity }]
  return state.capacity === capacity ? [] : refuse('OpenedOtherwise')
}

const take = ({ taken, capacity }: Seat, asnId: string): Outcome<Event, Refused> => {
  if (taken.includes(asnId)) return []
  if (capacity === 0) return refuse('NotOpen')
  return taken.length < capacity ? [{ type: 'SeatTaken', asnId }] : refuse('Full')
}

const opened = { type: 'CohortOpened', capacity: 1 } as const
const siti = { type: 'SeatTaken', asnId: 'siti' } as const

describe('a decider', () => {
  test('decides on what the events before add up to', () => {
    expect(given(cohort).when(take, 'siti')).toEqual(refuse('NotOpen'))
    expect(given(cohort, opened).when(take, 'siti')).toEqual([siti])
    expect(given(cohort, opened, siti).when(take, 'andi')).toEqual(refuse('Full'))
  })

  test('is not moved by an event that it does not know of', () => {
    const stranger = { type: 'constructor' } as unknown as Event
    expect(given(cohort, opened, stranger).when(take, 'siti')).toEqual([siti])
  })

  const names = fc.constantFrom('siti', 'andi', 'daeng')

  test('that answers no events the second time keeps the property of retries', () => {
    const decisions = fc.oneof(
      fc.integer({ min: 1, max: 2 }).map(capacity => (state: Seat) => open(state, capacity)),
      names.map(asnId => (state: Seat) => take(state, asnId)),
    )
    twiceIsOnce(cohort, decisions)
  })

  test('that decides again what was decided breaks the property of retries', () => {
    const forgetful = names.map(
      asnId => (): Outcome<Event, Refused> => [{ type: 'SeatTaken', asnId }],
    )
    expect(() => twiceIsOnce(cohort, forgetful)).toThrow('Property failed')
  })
})
