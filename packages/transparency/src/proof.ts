import { isHash, nodeHash, sameHash } from './hash.ts'

/**
 * Verification of Merkle proofs as RFC 9162 spells it out (sections 2.1.3.2 and 2.1.4.2). Sizes go
 * past 32 bits, so that they are halved and not shifted.
 */

export type Inclusion = {
  readonly index: number
  readonly size: number
  readonly leaf: Uint8Array
  readonly root: Uint8Array
  /** The leaf's sibling first, the root's child last. */
  readonly proof: readonly Uint8Array[]
}

export type Consistency = {
  readonly oldSize: number
  readonly oldRoot: Uint8Array
  readonly size: number
  readonly root: Uint8Array
  readonly proof: readonly Uint8Array[]
}

export const verifyInclusion = ({ index, size, leaf, root, proof }: Inclusion): boolean => {
  if (!isCount(index) || !isCount(size) || index >= size) return false
  if (!isHash(leaf) || !proof.every(isHash)) return false
  let [at, last] = [index, size - 1] // The present node, and the last node of its level.
  let hash = leaf
  for (const sibling of proof) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash)
      ;[at, last] = climbWhileLeft(at, last)
    } else {
      hash = nodeHash(hash, sibling)
    }
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && sameHash(hash, root)
}

/**
 * Whether the log of `size` begins with the log of `oldSize`. From the empty log there is nothing
 * to prove and this answers false: a caller that starts there must allow for it itself.
 */
export const verifyConsistency = (claim: Consistency): boolean => {
  const { oldSize, oldRoot, size, root, proof } = claim
  if (!isCount(oldSize) || !isCount(size) || oldSize === 0 || oldSize > size) return false
  if (!isHash(oldRoot) || !proof.every(isHash)) return false
  if (oldSize === size) return proof.length === 0 && sameHash(oldRoot, root)
  let [at, last] = [oldSize - 1, size - 1]
  while (at % 2 === 1) [at, last] = [half(at), half(last)]
  // A complete old tree is a node of the new one: the proof leaves its root out.
  const [start, ...rest] = at === 0 ? [oldRoot, ...proof] : proof
  if (start === undefined) return false
  let [oldHash, hash] = [start, start]
  for (const sibling of rest) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      oldHash = nodeHash(sibling, oldHash)
      hash = nodeHash(sibling, hash)
      ;[at, last] = climbWhileLeft(at, last)
    } else {
      hash = nodeHash(hash, sibling)
    }
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && sameHash(oldHash, oldRoot) && sameHash(hash, root)
}

/** The last node of a level, as a left child, has no sibling: it is the node above it as well. */
const climbWhileLeft = (at: number, last: number): [number, number] => {
  while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)]
  return [at, last]
}

const half = (count: number): number => Math.floor(count / 2)

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0
