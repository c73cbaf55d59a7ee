import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { leafHash, nodeHash } from './hash.ts'
import { type Consistency, type Inclusion, verifyConsistency, verifyInclusion } from './proof.ts'
import { auditPath, consistencyProof, flip, mth, someEntries } from './testing/naive.ts'

const sizeMax = 100
const entries = someEntries(sizeMax)
const roots = Array.from({ length: sizeMax + 1 }, (_, size) => mth(entries.slice(0, size)))
const leaves = entries.map(leafHash)
const rootAt = (size: number): Buffer => roots[size] as Buffer

/** The proof spoiled in each way; `turn` says at which hash and bit, so that all get theirs. */
const spoiled = (proof: readonly Uint8Array[], turn: number): Uint8Array[][] => {
  const extra = Buffer.alloc(32)
  const at = turn % proof.length
  const hash = proof[at]
  if (hash === undefined) return [[extra]]
  return [
    proof.with(at, flip(hash, turn % 256)),
    proof.toSpliced(at, 1),
    proof.toSpliced(at, 0, extra),
    [...proof, extra],
    proof.with(at, hash.subarray(1)),
    proof.with(at, Buffer.concat([hash, Buffer.of(0)])),
  ]
}

describe('an inclusion proof', () => {
  test('verifies for every entry of every size up to 100, and no other proof does', () => {
    let accepted = 0
    for (let size = 1; size <= sizeMax; size++) {
      for (let index = 0; index < size; index++) {
        const leaf = leaves[index] as Buffer
        const proof = auditPath(index, entries.slice(0, size))
        const claim: Inclusion = { index, size, leaf, root: rootAt(size), proof }
        if (!verifyInclusion(claim)) throw new Error(`${index} of ${size} is refused`)
        for (const wrong of spoiled(proof, size * 31 + index)) {
          if (verifyInclusion({ ...claim, proof: wrong })) accepted++
        }
        if (verifyInclusion({ ...claim, root: rootAt(size - 1) })) accepted++
        if (verifyInclusion({ ...claim, leaf: rootAt(0) })) accepted++
        if (size > 1 && verifyInclusion({ ...claim, index: (index + 1) % size })) accepted++
      }
    }
    expect(accepted).toBe(0)
  }, 30_000)

  test('of an entry beyond the log does not verify, nor of one that is no position', () => {
    const leaf = leaves[0] as Buffer
    const claim: Inclusion = { index: 0, size: 1, leaf, root: leaf, proof: [] }
    expect(verifyInclusion(claim)).toBe(true)
    for (const index of [1, -1, 0.5, Number.NaN]) {
      expect(verifyInclusion({ ...claim, index })).toBe(false)
    }
    expect(verifyInclusion({ ...claim, size: 0 })).toBe(false)
  })

  test('has exactly the hashes between the entry and the root, whatever they hash to', () => {
    const [first, second] = [leaves[0] as Buffer, leaves[1] as Buffer]
    const tooLong = { index: 0, size: 1, leaf: second, root: rootAt(2), proof: [first] }
    const tooShort = { index: 0, size: 2, leaf: rootAt(2), root: rootAt(2), proof: [] }
    expect(verifyInclusion(tooLong)).toBe(false)
    expect(verifyInclusion(tooShort)).toBe(false)
  })
})

describe('a consistency proof', () => {
  test('verifies between any two sizes up to 100, and no other proof does', () => {
    let accepted = 0
    for (let size = 1; size <= sizeMax; size++) {
      for (let oldSize = 1; oldSize < size; oldSize++) {
        const proof = consistencyProof(oldSize, entries.slice(0, size))
        const [oldRoot, root] = [rootAt(oldSize), rootAt(size)]
        const claim: Consistency = { oldSize, oldRoot, size, root, proof }
        if (!verifyConsistency(claim)) throw new Error(`${oldSize} to ${size} is refused`)
        for (const wrong of spoiled(proof, size * 31 + oldSize)) {
          if (verifyConsistency({ ...claim, proof: wrong })) accepted++
        }
        if (verifyConsistency({ ...claim, root: oldRoot })) accepted++
        if (verifyConsistency({ ...claim, oldRoot: root })) accepted++
        if (verifyConsistency({ ...claim, oldSize: size, size: oldSize })) accepted++
      }
    }
    expect(accepted).toBe(0)
  }, 30_000)

  test('of a log with itself is empty, and asks for equal roots', () => {
    const claim = { oldSize: 7, oldRoot: rootAt(7), size: 7, root: rootAt(7), proof: [] }
    expect(verifyConsistency(claim)).toBe(true)
    expect(verifyConsistency({ ...claim, oldRoot: rootAt(6) })).toBe(false)
    expect(verifyConsistency({ ...claim, proof: [rootAt(7)] })).toBe(false)
  })

  test('from the empty log does not exist', () => {
    const claim = { oldSize: 0, oldRoot: rootAt(0), size: 7, root: rootAt(7), proof: [] }
    expect(verifyConsistency(claim)).toBe(false)
    expect(verifyConsistency({ ...claim, size: 0, root: rootAt(0) })).toBe(false)
  })

  test('has exactly the hashes it needs, whatever they hash to', () => {
    const extra = Buffer.alloc(32)
    const proof = consistencyProof(3, entries.slice(0, 4))
    const [oldRoot, root] = [nodeHash(extra, rootAt(3)), nodeHash(extra, rootAt(4))]
    const tooLong = { oldSize: 3, oldRoot, size: 4, root, proof: [...proof, extra] }
    const tooShort = { oldSize: 1, oldRoot, size: 2, root: oldRoot, proof: [] }
    expect(verifyConsistency(tooLong)).toBe(false)
    expect(verifyConsistency(tooShort)).toBe(false)
  })

  test('does not verify between sizes that are none', () => {
    const claim = { oldSize: 1, oldRoot: rootAt(1), size: 2, root: rootAt(2), proof: [leaves[1]] }
    const proof = claim.proof as Buffer[]
    expect(verifyConsistency({ ...claim, proof })).toBe(true)
    expect(verifyConsistency({ ...claim, proof, size: 2.5 })).toBe(false)
    expect(verifyConsistency({ ...claim, proof, oldSize: -1 })).toBe(false)
  })
})

describe('in a log of up to 2^50 entries, all the same,', () => {
  // Equal entries make all subtrees of a size equal, so that a log too large to build has a root.
  const perfect = [leafHash(Buffer.from('the same'))]
  while (perfect.length <= 50)
    perfect.push(nodeHash(perfect.at(-1) as Buffer, perfect.at(-1) as Buffer))
  const power = (size: number, k = 1): number => (k * 2 < size ? power(size, k * 2) : k)
  const rootOf = (size: number): Buffer => {
    const exact = perfect[Math.round(Math.log2(size))]
    if (exact !== undefined && 2 ** Math.round(Math.log2(size)) === size) return exact
    return nodeHash(rootOf(power(size)), rootOf(size - power(size)))
  }
  const pathOf = (index: number, size: number): Buffer[] => {
    if (size === 1) return []
    const k = power(size)
    if (index < k) return [...pathOf(index, k), rootOf(size - k)]
    return [...pathOf(index - k, size - k), rootOf(k)]
  }
  const subproof = (old: number, size: number, whole: boolean): Buffer[] => {
    if (old === size) return whole ? [] : [rootOf(size)]
    const k = power(size)
    if (old <= k) return [...subproof(old, k, whole), rootOf(size - k)]
    return [...subproof(old - k, size - k, false), rootOf(k)]
  }
  const size = fc.integer({ min: 2, max: 2 ** 50 - 1 })

  test('the inclusion of every entry verifies', () => {
    fc.assert(
      fc.property(size, fc.nat(), fc.nat(), (size, one, other) => {
        const index = (one * 2 ** 31 + other) % size
        const [leaf, root] = [rootOf(1), rootOf(size)]
        const proof = pathOf(index, size)
        expect(verifyInclusion({ index, size, leaf, root, proof })).toBe(true)
        const wrong = proof.with(0, Buffer.alloc(32))
        expect(verifyInclusion({ index, size, leaf, root, proof: wrong })).toBe(false)
      }),
    )
  })

  test('the consistency of every two sizes verifies', () => {
    fc.assert(
      fc.property(size, fc.nat(), fc.nat(), (size, one, other) => {
        const oldSize = 1 + ((one * 2 ** 31 + other) % (size - 1))
        const [oldRoot, root] = [rootOf(oldSize), rootOf(size)]
        const proof = subproof(oldSize, size, true)
        expect(verifyConsistency({ oldSize, oldRoot, size, root, proof })).toBe(true)
        expect(verifyConsistency({ oldSize, oldRoot: root, size, root, proof })).toBe(false)
      }),
    )
  })
})
