import { describe, expect, test } from 'vitest'
import { emptyRange, grow, rootOf } from './compact-range.ts'
import { leafHash } from './hash.ts'
import { type FullTile, LogTree } from './log-tree.ts'

const leaves = Array.from({ length: 70_000 }, (_, i) => leafHash(Buffer.from(`leaf ${i}`)))

const shelf = () => {
  const tiles = new Map<string, FullTile>()
  return {
    tiles,
    put: (filled: FullTile[]) => {
      for (const tile of filled) tiles.set(`${tile.level}/${tile.index}`, tile)
    },
    read: async (level: number, index: number) => tiles.get(`${level}/${index}`)?.hashes,
  }
}

const plant = (size: number, batch = 1_000) => {
  const { tiles, put, read } = shelf()
  const tree = new LogTree(read)
  for (let from = 0; from < size; from += batch) {
    put(tree.accept(tree.grow(leaves.slice(from, Math.min(size, from + batch)))))
  }
  return { tree, tiles, read }
}

const rootAt = (size: number) => rootOf(grow(emptyRange, leaves.slice(0, size)).range)

describe('a tree', () => {
  test('hands out each full tile once, level above level', () => {
    const { tiles } = plant(70_000)
    expect([...tiles.keys()].filter(key => key.startsWith('0/'))).toHaveLength(273)
    expect([...tiles.keys()].filter(key => !key.startsWith('0/'))).toEqual(['1/0'])
  })

  test('knows the root at every earlier size', async () => {
    const { tree } = plant(70_000)
    for (const size of [1, 2, 255, 256, 257, 4_096, 65_535, 65_536, 65_537, 69_999, 70_000]) {
      expect(await tree.rootAt(size)).toEqual(rootAt(size))
    }
    expect(() => tree.rootAt(70_001)).toThrow('the log has 70000')
  })

  test('proves a leaf at any size as the append that brought it did', async () => {
    const { tree } = plant(700)
    const { proof } = grow(emptyRange, leaves.slice(0, 600))
    for (const index of [0, 1, 255, 256, 511, 512, 599]) {
      expect(await tree.inclusion(index, 600)).toEqual(proof(index))
    }
  })

  test('goes on from its full tiles as if it had never stopped', async () => {
    for (const size of [0, 256, 512, 65_536, 65_536 + 512, 69_888]) {
      const { tree, read } = plant(size)
      const resumed = new LogTree(read)
      expect(await resumed.resume(size / 256)).toEqual([])
      expect(resumed.range).toEqual(tree.range)
      resumed.accept(resumed.grow(leaves.slice(size, size + 100)))
      expect(await resumed.rootAt(size + 99)).toEqual(rootAt(size + 99))
    }
  })

  test('makes again the upper tiles that a crash kept from being stored', async () => {
    const { tiles, read } = plant(65_536 + 256)
    const lost = tiles.get('1/0')
    tiles.delete('1/0')
    const resumed = new LogTree(read)
    expect(await resumed.resume(257)).toEqual([lost])
  })

  test('says which tile is missing', async () => {
    const { tiles, read } = plant(1_000)
    tiles.delete('0/1')
    await expect(new LogTree(read).resume(3)).rejects.toThrow('tile 0/1 is missing')
  })
})
