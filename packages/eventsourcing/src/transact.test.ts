import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Decider } from './decider.ts'
import { draft, serialise } from './entry.ts'
import { StateCache } from './transact.ts'

type Added = { readonly type: 'Added'; readonly n: number }

const sum: Decider<readonly number[], Added> = {
  initial: [],
  evolve: { Added: (all, { n }) => [...all, n] },
}
const time = '2026-01-01T00:00:00.000Z'
const entryOf = (n: number) =>
  serialise(draft({ id: `${n}`, type: 'Added', data: { n } }, 'log', 'sum/a'), 1, time)

describe('the states of streams', () => {
  let lifted = 0
  const cacheOf = () =>
    new StateCache(sum, {
      lift: ({ data }): Added | undefined => {
        lifted++
        const { n } = data as { n: number }
        return n < 0 ? undefined : { type: 'Added', n }
      },
    })

  test('are the fold of what was set and what was appended after it', () => {
    const numbers = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1 })
    fc.assert(
      fc.property(fc.array(numbers), appends => {
        const cache = cacheOf()
        let at = { state: [7] as readonly number[], version: 1 }
        cache.set('a', at)
        for (const added of appends) {
          cache.append('a', at, added.map(entryOf))
          at = cache.get('a') ?? at
        }
        const all = [7, ...appends.flat()]
        expect(cache.get('a')).toEqual({ state: all.filter(n => n >= 0), version: all.length })
      }),
    )
  })

  test('are folded once, and only when they are used', () => {
    const cache = cacheOf()
    cache.append('a', { state: [], version: 0 }, [entryOf(1), entryOf(2)])
    lifted = 0
    expect(cache.get('b')).toBeUndefined()
    expect(lifted).toBe(0)
    const expected = { state: [1, 2], version: 2 }
    expect([cache.get('a'), cache.get('a')]).toEqual([expected, expected])
    expect(lifted).toBe(2)
  })

  test('are not kept of a stream that does not exist', () => {
    const cache = cacheOf()
    cache.set('a', { state: [], version: 0 })
    expect(cache.get('a')).toBeUndefined()
  })
})
