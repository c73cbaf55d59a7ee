import { emptyRoot, hashBytes, isHash, nodeHash } from './hash.ts'

/**
 * A compact range: the roots of the perfect subtrees that make up the first `size` leaves, the
 * largest first. It is all that a writer needs to append to an RFC 6962 tree.
 */
export type CompactRange = { readonly size: number; readonly nodes: readonly Buffer[] }

export const emptyRange: CompactRange = { size: 0, nodes: [] }

/** The complete nodes of one level that an append touched; `start` is the index of the first. */
type Level = { readonly start: number; readonly nodes: readonly Buffer[] }

/** A range after an append, and the proofs of the appended leaves under the new root. */
export type Growth = {
  readonly range: CompactRange
  readonly root: Buffer
  /** Nodes of this level (0 for leaves) that the append completed, in order. */
  readonly completed: (level: number) => readonly Buffer[]
  /** RFC 6962 audit path of an appended leaf under the new root, the leaf's sibling first. */
  readonly proof: (index: number) => Buffer[]
}

export const rootOf = ({ nodes }: CompactRange): Buffer => {
  mustBeHashes(nodes)
  return nodes.reduceRight(foldLeft, emptyRoot)
}

// A single node is a root as it stands: nothing would be hashed that could refuse it.
const mustBeHashes = (nodes: readonly Buffer[]) => {
  if (!nodes.every(isHash)) throw new RangeError('a node or leaf is not a hash')
}

// Folding from the smallest subtree: the empty root stands for "nothing on the right yet".
const foldLeft = (right: Buffer, left: Buffer): Buffer =>
  right === emptyRoot ? left : nodeHash(left, right)

/** Subtree roots by level, for the set bits of the size. Sizes pass 2^32: no bitwise operators. */
const byLevel = ({ size, nodes }: CompactRange): (Buffer | undefined)[] => {
  const levels: (Buffer | undefined)[] = []
  let smallest = nodes.length
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) {
    levels.push(rest % 2 === 1 ? nodes[--smallest] : undefined)
  }
  return levels
}

export const grow = (range: CompactRange, leaves: readonly Buffer[]): Growth => {
  mustBeHashes(range.nodes)
  mustBeHashes(leaves)
  const before = byLevel(range)
  const size = range.size + leaves.length
  const levels: Level[] = []
  const nodes: Buffer[] = []
  // right[l]: the root of what lies right of the last complete node of level l.
  const right: Buffer[] = []
  let root: Buffer = emptyRoot
  let complete = leaves
  let start = range.size
  for (let count = size, level = 0; count > 0; count = Math.floor(count / 2), level++) {
    const left = before[level]
    if (left) {
      complete = [left, ...complete]
      start--
    }
    levels.push({ start, nodes: complete })
    right.push(root)
    const last = complete.at(-1)
    if (count % 2 === 1 && last) {
      nodes.unshift(last)
      root = foldLeft(root, last)
    }
    complete = pairs(complete)
    start /= 2
  }
  return {
    range: { size, nodes },
    root,
    completed: level => {
      const touched = levels[level]
      return touched ? touched.nodes.slice(before[level] ? 1 : 0) : []
    },
    proof: index => path(levels, right, index),
  }
}

const pairs = (nodes: readonly Buffer[]): Buffer[] => {
  const parents: Buffer[] = []
  for (let i = 1; i < nodes.length; i += 2) {
    parents.push(nodeHash(nodes[i - 1] as Buffer, nodes[i] as Buffer))
  }
  return parents
}

const path = (levels: readonly Level[], right: readonly Buffer[], leaf: number): Buffer[] => {
  const hashes: Buffer[] = []
  let index = leaf
  for (const [level, { start, nodes }] of levels.entries()) {
    const sibling = index % 2 === 1 ? index - 1 : index + 1
    const whole = nodes[sibling - start]
    const rest = right[level]
    if (whole) hashes.push(whole)
    else if (sibling === start + nodes.length && rest && rest !== emptyRoot) hashes.push(rest)
    index = Math.floor(index / 2)
  }
  return hashes
}

/** A range as bytes: its nodes, concatenated. The size is stored beside it. */
export const packRange = (range: CompactRange): Buffer => Buffer.concat(range.nodes)

export const unpackRange = (size: number, bytes: Uint8Array): CompactRange => {
  const nodes: Buffer[] = []
  for (let at = 0; at < bytes.length; at += hashBytes) {
    nodes.push(Buffer.from(bytes.subarray(at, at + hashBytes)))
  }
  const wanted = size.toString(2).replaceAll('0', '').length
  if (bytes.length % hashBytes !== 0 || nodes.length !== wanted) {
    throw new Error(`a compact range of size ${size} has ${wanted} nodes, not ${nodes.length}`)
  }
  return { size, nodes }
}
