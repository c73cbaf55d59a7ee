import { describe, expect, test } from 'vitest'
import { leafHash } from './hash.ts'
import { auditPath, consistencyProof, mth, someEntries } from './naive.ts'
import { type Consistency, type Inclusion, verifyConsistency, verifyInclusion } from './proof.ts'

const sizeMax = 100
const entries = someEntries(sizeMax)
const roots = Array.from({ length: sizeMax + 1 }, (_, size) => mth(entries.slice(0, size)))
const leaves = entries.map(leafHash)
const rootAt = (size: number): Buffer => roots[size] as Buffer

/** The proof with a bit of one hash flipped, one hash gone, or one too many: each in every way. */
function* spoiled(proof: readonly Uint8Array[], bit: number): Generator<Uint8Array[]> {
  const extra = Buffer.alloc(32)
  for (const [at, hash] of proof.entries()) {
    const flipped = Buffer.from(hash)
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    yield proof.with(at, flipped)
    yield proof.toSpliced(at, 1)
    yield proof.toSpliced(at, 0, extra)
    yield proof.with(at, hash.subarray(1))
  }
  yield [...proof, extra]
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
        for (const wrong of spoiled(proof, (size * 31 + index) % 256)) {
          if (verifyInclusion({ ...claim, proof: wrong })) accepted++
        }
        if (verifyInclusion({ ...claim, root: rootAt(size - 1) })) accepted++
        if (verifyInclusion({ ...claim, leaf: rootAt(0) })) accepted++
        if (size > 1 && verifyInclusion({ ...claim, index: (index + 1) % size })) accepted++
      }
    }
    expect(accepted).toBe(0)
  })

  test('of an entry beyond the log does not verify, nor of one that is no position', () => {
    const leaf = leaves[0] as Buffer
    const claim: Inclusion = { index: 0, size: 1, leaf, root: leaf, proof: [] }
    expect(verifyInclusion(claim)).toBe(true)
    for (const index of [1, -1, 0.5, Number.NaN]) {
      expect(verifyInclusion({ ...claim, index })).toBe(false)
    }
    expect(verifyInclusion({ ...claim, size: 0 })).toBe(false)
  })

  test('verifies in a log of more than 2^32 entries', () => {
    const [left, leaf] = [mth([Buffer.from('left')]), mth([Buffer.from('last')])]
    // The last entry of a log of 2^40 + 1 stands right under the root.
    const root = mth([Buffer.from('left'), Buffer.from('last')])
    const claim = { index: 2 ** 40, size: 2 ** 40 + 1, leaf, root, proof: [left] }
    expect(verifyInclusion(claim)).toBe(true)
    expect(verifyInclusion({ ...claim, index: 2 ** 39 })).toBe(false)
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
        for (const wrong of spoiled(proof, (size * 31 + oldSize) % 256)) {
          if (verifyConsistency({ ...claim, proof: wrong })) accepted++
        }
        if (verifyConsistency({ ...claim, root: oldRoot })) accepted++
        if (verifyConsistency({ ...claim, oldRoot: root })) accepted++
        if (verifyConsistency({ ...claim, oldSize: size, size: oldSize })) accepted++
      }
    }
    expect(accepted).toBe(0)
  })

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

  test('does not verify between sizes that are none', () => {
    const claim = { oldSize: 1, oldRoot: rootAt(1), size: 2, root: rootAt(2), proof: [leaves[1]] }
    const proof = claim.proof as Buffer[]
    expect(verifyConsistency({ ...claim, proof })).toBe(true)
    expect(verifyConsistency({ ...claim, proof, size: 2.5 })).toBe(false)
    expect(verifyConsistency({ ...claim, proof, oldSize: -1 })).toBe(false)
  })
})
