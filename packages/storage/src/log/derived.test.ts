import { beforeEach, describe, expect, test } from 'vitest'
import type { Derived } from '../store.ts'
import { DerivedKeeper } from './derived.ts'

const tilesAt = (...indexes: number[]): Derived => ({
  tiles: indexes.map(index => ({ level: 0, index, hashes: Buffer.alloc(0) })),
  bundles: indexes.map(index => ({ index, entries: [] })),
})
const indexesOf = ({ tiles, bundles }: Derived) => [
  tiles.map(({ index }) => index),
  bundles.map(({ index }) => index),
]

describe('what derives from durable entries', () => {
  let kept: Derived[]
  let fails: boolean
  let keeper: DerivedKeeper
  beforeEach(() => {
    kept = []
    fails = false
    keeper = new DerivedKeeper({
      async keep(derived) {
        if (fails) throw new Error('no primary')
        kept.push(derived)
      },
    })
  })

  test('is kept, and nothing is written for nothing', async () => {
    keeper.keep(tilesAt())
    keeper.keep(tilesAt(1, 2))
    await keeper.settled()
    expect(kept.map(indexesOf)).toEqual([
      [
        [1, 2],
        [1, 2],
      ],
    ])
  })

  test('goes with the next if it could not be kept, in order', async () => {
    fails = true
    keeper.keep(tilesAt(1))
    await keeper.settled()
    keeper.keep(tilesAt(2))
    await keeper.settled()
    fails = false
    keeper.keep(tilesAt(3))
    keeper.keep(tilesAt(4))
    await keeper.settled()
    expect(kept.map(indexesOf).map(([tiles]) => tiles)).toEqual([[1, 2, 3], [4]])
  })

  test('is given up if too much of it waits: the next start makes it again', async () => {
    fails = true
    keeper.keep(tilesAt(...Array.from({ length: 257 }, (_, index) => index)))
    await keeper.settled()
    fails = false
    keeper.keep(tilesAt(300))
    await keeper.settled()
    expect(kept.map(indexesOf)).toEqual([[[300], [300]]])
  })

  test('holds the log up only if too many writes are under way', async () => {
    const { promise: answered, resolve } = Promise.withResolvers<void>()
    const slow = new DerivedKeeper({ keep: () => answered })
    for (let index = 0; index < 64; index++) slow.keep(tilesAt(index))
    await slow.hasRoom()
    slow.keep(tilesAt(64))
    let hasRoom = false
    const room = slow.hasRoom().then(() => {
      hasRoom = true
    })
    await new Promise(setImmediate)
    expect(hasRoom).toBe(false)
    resolve()
    await room
    await slow.hasRoom()
  })
})
