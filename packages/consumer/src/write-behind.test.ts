import { beginning, type Change, type ProjectionStore } from '@jejak/eventsourcing/projection'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Behind, Overtaken, writeBehind } from './write-behind.ts'

const at = (position: number) => (position === 0 ? beginning : { position, digest: `d${position}` })
const putBy = (
  reader: string,
  position: number,
  ...documents: (readonly [string, unknown])[]
): Change => ({
  moves: [{ reader, from: at(position - 1), to: at(position) }],
  documents: new Map(documents),
})
const put = (position: number, ...documents: (readonly [string, unknown])[]) =>
  putBy('', position, ...documents)

describe('a store that is written behind', () => {
  let store: ProjectionStore
  let behind: Behind
  let begun: number
  let proceed: () => void
  beforeEach(() => {
    store = memoryProjections()
    begun = 0
    const { promise: held, resolve } = Promise.withResolvers<void>()
    proceed = resolve
    behind = writeBehind({
      ...store,
      async apply(projection, change) {
        begun++
        await held
        return store.apply(projection, change)
      },
    })
  })

  test('has what is still to be applied, and what was there before', async () => {
    await store.apply('model', putBy('log', 1, ['a', 1], ['b', 1]))
    expect(
      await behind.apply('model', put(1, ['a', Buffer.from('2')], ['b', undefined], ['c', 2])),
    ).toBe(true)
    expect(await behind.apply('model', put(2, ['c', 3]))).toBe(true)
    expect(await behind.load('model', ['c', 'a', 'b', 'd'])).toEqual([3, 2, undefined, undefined])
    expect(await behind.load('other', ['a'])).toEqual([undefined])
    expect(await behind.cursor('model')).toEqual(at(2))
    expect(await behind.cursors('model', ['log', '', 'none'])).toEqual([at(1), at(2), beginning])
    expect(await store.load('model', ['a', 'b', 'c'])).toEqual([1, 1, undefined])
    proceed()
    await behind.settled()
    expect(await store.load('model', ['a', 'b', 'c'])).toEqual([2, undefined, 3])
    expect(await store.cursor('model')).toEqual(at(2))
  })

  test('applies one change after the other, and holds no more than two', async () => {
    const applied: number[] = []
    for (const position of [1, 2]) await behind.apply('model', put(position, ['a', position]))
    const third = behind.apply('model', put(3, ['a', 3])).then(() => applied.push(3))
    await Promise.resolve()
    expect([begun, applied]).toEqual([1, []])
    proceed()
    await third
    await behind.settled()
    expect(begun).toBe(3)
    expect(await store.load('model', ['a'])).toEqual([3])
  })

  test('dumps what begins with a prefix once that is there, and waits for no other', async () => {
    await store.apply('model', putBy('log', 1, ['parked/a', 1]))
    const parked = () => Array.fromAsync(behind.dump('model', 'parked/'), ([key]) => key)
    await behind.apply('model', put(1, ['fact', 1]))
    expect(await parked()).toEqual(['parked/a'])
    await behind.apply('model', put(2, ['parked/b', 1]))
    const waited = parked()
    proceed()
    expect(await waited).toEqual(['parked/a', 'parked/b'])
  })

  test('refuses all that comes after a change that another has come before', async () => {
    await store.apply('model', put(1, ['a', 'of another']))
    await behind.apply('model', put(1, ['a', 1]))
    await behind.apply('other', put(1, ['b', 1]))
    proceed()
    await expect(behind.settled()).rejects.toThrow(Overtaken)
    await expect(behind.apply('model', put(2))).rejects.toThrow('another has changed model')
    await expect(behind.load('model', ['a'])).rejects.toThrow(Overtaken)
    await expect(behind.cursor('model')).rejects.toThrow(Overtaken)
    await expect(Array.fromAsync(behind.dump('model'))).rejects.toThrow(Overtaken)
    expect(await store.load('model', ['a'])).toEqual(['of another'])
    // A change that was computed after it may depend on it.
    expect(await store.load('other', ['b'])).toEqual([undefined])
  })

  test('tries again what failed, also where it was applied all the same', async () => {
    const failing = (before: boolean) => {
      let failed = false
      return writeBehind({
        ...store,
        async apply(projection, change) {
          const applied = (before || failed) && (await store.apply(projection, change))
          if (failed) return applied
          failed = true
          throw new Error('no primary')
        },
      })
    }
    const [never, unheard] = [failing(false), failing(true)]
    await never.apply('one', put(1, ['a', 1]))
    await unheard.apply('other', put(1, ['a', 1]))
    await never.settled()
    await unheard.settled()
    expect([await store.load('one', ['a']), await store.load('other', ['a'])]).toEqual([[1], [1]])
  })

  test('refuses all that comes after a change that fails again and again', async () => {
    const full = writeBehind({ ...store, apply: () => Promise.reject(new Error('disk full')) })
    await full.apply('model', put(1, ['a', 1]))
    await expect(full.settled()).rejects.toMatchObject({ cause: new Error('disk full') })
    await expect(full.load('model', ['a'])).rejects.toThrow('model could not be changed')
  })
})
