import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openCheckpoint, signCheckpoint } from './checkpoint.ts'
import { type CompactRange, emptyRange, grow, rootOf, unpackRange } from './compact-range.ts'
import { leafHash, nodeHash, sameHash } from './hash.ts'
import { cosignatureTime, parseSigner, parseVerifier } from './key.ts'
import { LogTree } from './log-tree.ts'
import { type Consistency, type Inclusion, verifyConsistency, verifyInclusion } from './proof.ts'
import { verifyReceipt } from './receipt.ts'
import {
  auditPath,
  checkpoint,
  consistencyProof,
  mth,
  note,
  origin,
  signingKey,
  someEntries,
  vkey,
} from './testing/naive.ts'
import { VerificationError } from './verification-error.ts'
import { VerifierTree } from './verifier-tree.ts'

const entries = someEntries(40)
const keys = [parseVerifier(vkey)]

/** Sizes of two states of one log, the older first. */
const sizes = fc
  .tuple(fc.integer({ min: 1, max: entries.length }), fc.nat())
  .map(([size, at]) => ({ size, older: 1 + (at % size) }))

const wrongLength = fc.integer({ min: 0, max: 80 }).filter(length => length !== 32)

/** The beginning of a hash, or the hash and more: what the last call left behind fills the gap. */
const resized = (hash: Uint8Array, length: number): Buffer =>
  Buffer.concat([hash, Buffer.alloc(80)]).subarray(0, length)

describe('a hash of another length than 32 bytes', () => {
  test('is included in nothing, also right after the true one was', () => {
    fc.assert(
      fc.property(sizes, wrongLength, fc.nat(), ({ size, older }, length, turn) => {
        const [index, log] = [older - 1, entries.slice(0, size)]
        const [leaf, root] = [leafHash(entries[index] as Buffer), mth(log)]
        const claim: Inclusion = { index, size, leaf, root, proof: auditPath(index, log) }
        const refused = (wrong: Partial<Inclusion>) => {
          expect(verifyInclusion(claim)).toBe(true)
          expect(verifyInclusion({ ...claim, ...wrong })).toBe(false)
        }
        refused({ leaf: resized(leaf, length) })
        refused({ root: resized(root, length) })
        refused({ leaf: Buffer.alloc(length), root: Buffer.alloc(length) })
        const at = turn % claim.proof.length
        const sibling = claim.proof[at]
        if (sibling) refused({ proof: claim.proof.with(at, resized(sibling, length)) })
      }),
    )
  })

  test('is consistent with nothing, not even with itself', () => {
    fc.assert(
      fc.property(sizes, wrongLength, fc.nat(), ({ size, older: oldSize }, length, turn) => {
        const log = entries.slice(0, size)
        const [oldRoot, root] = [mth(log.slice(0, oldSize)), mth(log)]
        const proof = oldSize < size ? consistencyProof(oldSize, log) : []
        const claim: Consistency = { oldSize, oldRoot, size, root, proof }
        const refused = (wrong: Partial<Consistency>) => {
          expect(verifyConsistency(claim)).toBe(true)
          expect(verifyConsistency({ ...claim, ...wrong })).toBe(false)
        }
        refused({ oldRoot: resized(oldRoot, length) })
        refused({ root: resized(root, length) })
        refused({ oldRoot: Buffer.alloc(length), root: Buffer.alloc(length) })
        const at = turn % proof.length
        const sibling = proof[at]
        if (sibling) refused({ proof: proof.with(at, resized(sibling, length)) })
      }),
    )
  })

  test('is no half of a node, no leaf, and no node of a range or a tree', () => {
    const right = leafHash(Buffer.of())
    fc.assert(
      fc.property(wrongLength, fc.integer({ min: 0, max: 9 }), (length, size) => {
        const wrong = resized(right, length)
        const range = grow(emptyRange, entries.slice(0, size).map(leafHash)).range
        const forged: CompactRange = { size: size + 1, nodes: [...range.nodes, wrong] }
        expect(() => nodeHash(right, right)).not.toThrow()
        expect(() => nodeHash(wrong, right)).toThrow(RangeError)
        expect(() => nodeHash(right, wrong)).toThrow(RangeError)
        expect(sameHash(wrong, wrong)).toBe(false)
        expect(() => grow(range, [wrong])).toThrow(RangeError)
        expect(() => grow(forged, [right])).toThrow(RangeError)
        expect(() => rootOf(forged)).toThrow(RangeError)
        if (length > 0) expect(() => unpackRange(1, wrong)).toThrow('a compact range of size 1')
      }),
    )
  })

  test('is no row of the tree that verifies an export', () => {
    const tree = new VerifierTree()
    expect(() => tree.add(Buffer.alloc(256 * 32 - 1))).toThrow(RangeError)
    expect(() => tree.rootWith(Buffer.alloc(32 * 3 - 1), 3)).toThrow(RangeError)
    expect(() => tree.rootWith(Buffer.alloc(32 * 300), 300)).toThrow(RangeError)
  })

  test('is refused in a checkpoint and in a receipt, by name and nothing else', () => {
    const problemOf = (verify: () => unknown) => {
      try {
        verify()
      } catch (error) {
        return error instanceof VerificationError ? error.problem : error
      }
      return 'none'
    }
    const [entry, log] = [entries[3] as Buffer, entries.slice(0, 9)]
    const head = checkpoint(9, mth(log))
    const receiptWith = (hashes: readonly Uint8Array[]) =>
      `c2sp.org/tlog-proof@v1\nindex 3\n${hashes
        .map(hash => `${Buffer.from(hash).toString('base64')}\n`)
        .join('')}\n${head}`
    const proof = auditPath(3, log)
    expect(problemOf(() => verifyReceipt(receiptWith(proof), entry, keys))).toBe('none')
    fc.assert(
      fc.property(wrongLength, fc.nat(proof.length - 1), (length, at) => {
        const root = resized(mth(log), length).toString('base64')
        const signed = note(`${origin}\n9\n${root}\n`)
        expect(problemOf(() => openCheckpoint(signed, keys))).toBe('MalformedNote')
        const wrong = receiptWith(proof.with(at, resized(proof[at] as Buffer, length)))
        // An empty line ends the proof: what follows is then no note.
        const problem = length === 0 ? 'MalformedNote' : 'MalformedReceipt'
        expect(problemOf(() => verifyReceipt(wrong, entry, keys))).toBe(problem)
        const own = { origin, size: 9, root: resized(mth(log), length) }
        expect(() => signCheckpoint(own, parseSigner(signingKey))).toThrow(RangeError)
      }),
    )
  })

  test('nor is a signature of another length one, of a log or of a witness', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), length => {
        fc.pre(length !== 64)
        const head = checkpoint(9, mth(entries.slice(0, 9)))
        const line = Buffer.from(head.trimEnd().split(' ').at(-1) ?? '', 'base64')
        const cut = Buffer.concat([line, Buffer.alloc(200)]).subarray(0, 4 + length)
        const wrong = head.replace(line.toString('base64'), cut.toString('base64'))
        expect(() => openCheckpoint(wrong, keys)).toThrow('does not verify')
      }),
    )
    // A view of a larger buffer: what lies behind it is not the time.
    expect(() => cosignatureTime(Buffer.alloc(16, 1).subarray(0, 7))).toThrow(RangeError)
  })
})

describe('what a tree answers', () => {
  const leaves = (from: number) =>
    Buffer.concat(Array.from({ length: 256 }, (_, i) => leafHash(Buffer.from(`${from + i}`))))

  test('stays as it is while the verifier goes on', () => {
    const tree = new VerifierTree()
    for (let row = 0; row < 255; row++) tree.add(leaves(row * 256))
    const [partial] = tree.partial()
    const partialThen = Buffer.from(partial?.hashes ?? '')
    const [full] = tree.add(leaves(255 * 256))
    const fullThen = Buffer.from(full?.hashes ?? '')
    const root = tree.rootWith(leaves(0), 1)
    const rootThen = Buffer.from(root)
    for (let row = 0; row < 3; row++) tree.add(leaves(row))
    expect(partial?.hashes).toEqual(partialThen)
    expect(full?.hashes).toEqual(fullThen)
    expect(root).toEqual(rootThen)
  })

  test('stays as it is when the reader of tiles uses its buffer again', async () => {
    const buffer = leaves(0)
    const tree = new LogTree(async level => (level === 0 ? buffer : undefined))
    await tree.resume(1)
    const proof = await tree.inclusion(0, 256)
    const then = proof.map(hash => Buffer.from(hash))
    buffer.fill(0)
    expect(proof).toEqual(then)
    expect(await tree.inclusion(0, 256)).toEqual(then)
  })
})
