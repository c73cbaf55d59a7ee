import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type CompactRange,
  emptyRange,
  grow,
  packRange,
  rootOf,
  unpackRange,
} from './compact-range.ts'
import { emptyRoot, leafHash, nodeHash } from './hash.ts'

/** RFC 6962 section 2.1, word for word. */
const split = (n: number) => 2 ** Math.ceil(Math.log2(n) - 1)
const mth = (leaves: Buffer[]): Buffer => {
  if (leaves.length === 0) return emptyRoot
  if (leaves.length === 1) return leaves[0] as Buffer
  const k = split(leaves.length)
  return nodeHash(mth(leaves.slice(0, k)), mth(leaves.slice(k)))
}
const path = (m: number, leaves: Buffer[]): Buffer[] => {
  if (leaves.length === 1) return []
  const k = split(leaves.length)
  return m < k
    ? [...path(m, leaves.slice(0, k)), mth(leaves.slice(k))]
    : [...path(m - k, leaves.slice(k)), mth(leaves.slice(0, k))]
}
const leavesOf = (count: number) =>
  Array.from({ length: count }, (_, i) => leafHash(Buffer.from(`leaf ${i}`)))
const rangeOf = (count: number): CompactRange => grow(emptyRange, leavesOf(count)).range

describe('a compact range', () => {
  test('has the root that RFC 6962 defines, whatever the batches', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 20 }), batches => {
        const all = leavesOf(batches.reduce((sum, count) => sum + count, 0))
        let range = emptyRange
        for (const count of batches) {
          range = grow(range, all.slice(range.size, range.size + count)).range
        }
        expect(rootOf(range)).toEqual(mth(all))
      }),
    )
  })

  test('proves each leaf of an append, for every size up to 35 and every append', () => {
    for (let size = 1; size <= 35; size++) {
      const all = leavesOf(size)
      for (let old = 0; old < size; old++) {
        const { root, proof } = grow(rangeOf(old), all.slice(old))
        expect(root).toEqual(mth(all))
        for (let i = old; i < size; i++) expect(proof(i)).toEqual(path(i, all))
      }
    }
  })

  test('names the nodes that an append completed', () => {
    const { completed } = grow(rangeOf(5), leavesOf(9).slice(5))
    expect(completed(0)).toEqual(leavesOf(9).slice(5))
    expect(completed(1)).toHaveLength(2) // leaves 4-5 and 6-7
    expect(completed(2)).toHaveLength(1)
    expect(completed(3)).toHaveLength(1)
    expect(completed(4)).toEqual([])
  })

  test('is the same after a trip through bytes, and refuses bytes of another size', () => {
    const range = rangeOf(13)
    expect(unpackRange(13, packRange(range))).toEqual(range)
    expect(() => unpackRange(12, packRange(range))).toThrow('a compact range of size 12')
  })
})
