import { createHmac } from 'node:crypto'
import { leafHash } from '@jejak/transparency/hash'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Commit } from '../store.ts'
import { CommitDigest, CommitMacs, newMacRecord } from './commit-mac.ts'
import { pack } from './entries.ts'

const origin = 'jejak.example/test'
const macs = new CommitMacs(newMacRecord(), origin)

const bytes = (min: number, max: number) => fc.uint8Array({ minLength: min, maxLength: max })
const stored = fc
  .record({
    number: fc.nat(),
    position: fc.nat(),
    entries: fc.array(bytes(0, 20), { maxLength: 3 }),
    stream: fc.string({ unit: 'grapheme', maxLength: 20 }),
    version: fc.nat(),
    key: fc.option(bytes(16, 24), { nil: undefined }),
    digest: fc.option(bytes(1, 8), { nil: undefined }),
    isFence: fc.boolean(),
  })
  .map(({ number, position, entries, stream, version, key, digest, isFence }) => {
    const head = { stream, version, ...(key && { key }), ...(digest && { digest }) }
    const written = isFence ? [] : entries
    const commit: Commit = {
      ...{ number: number + 1, position, count: written.length, entries: pack(written) },
      ...(!isFence && { head }),
    }
    return { commit, leaves: written.map(leafHash) }
  })

describe('the MAC of a commit', () => {
  test('is right for the commit that it was made for', () => {
    fc.assert(
      fc.property(stored, ({ commit, leaves }) => macs.check(macs.stamp(commit, leaves), leaves)),
    )
  })

  test('is wrong for every other commit', () => {
    fc.assert(
      fc.property(stored, stored, (one, other) => {
        fc.pre(!isSame(one.commit, other.commit))
        const { mac } = macs.stamp(one.commit, one.leaves)
        const forged = { ...other.commit, ...(mac && { mac }) }
        expect(() => macs.check(forged, other.leaves)).toThrow(`commit ${forged.number} does not`)
      }),
    )
  })

  test.each<[string, (commit: Commit) => Commit]>([
    ['its number', commit => ({ ...commit, number: commit.number + 1 })],
    ['its position', commit => ({ ...commit, position: commit.position + 1 })],
    ['its count', commit => ({ ...commit, count: commit.count + 1 })],
    ['its stream', commit => withHead(commit, { stream: 'b' })],
    ['its version', commit => withHead(commit, { version: 2 })],
    ['its request key', commit => withHead(commit, { key: Buffer.alloc(16, 2) })],
    ['its digest', commit => withHead(commit, { digest: Buffer.alloc(16, 2) })],
    ['no request key', ({ head, ...rest }) => ({ ...rest, head: only(head) })],
    ['no stream', ({ head: _, ...rest }) => rest],
    ['its MAC', commit => ({ ...commit, mac: Buffer.alloc(16) })],
    ['half a MAC', commit => ({ ...commit, mac: commit.mac?.subarray(0, 8) as Buffer })],
    ['no MAC', ({ mac: _, ...rest }) => rest],
  ])('is refused with %s changed', (_, change) => {
    const leaves = [leafHash(Buffer.from('a'))]
    const head = { stream: 'a', version: 1, key: Buffer.alloc(16, 1), digest: Buffer.alloc(8, 1) }
    const commit = { number: 1, position: 0, count: 1, head, entries: pack([Buffer.from('a')]) }
    const stamped = macs.stamp(commit, leaves)
    expect(() => macs.check(stamped, leaves)).not.toThrow()
    expect(() => macs.check(change(stamped), leaves)).toThrow(/^commit [12] /)
    expect(() => macs.check(stamped, [leafHash(Buffer.from('b'))])).toThrow('commit 1 ')
  })

  test('is an HMAC-SHA-256 of half the length', () => {
    const commit = { number: 7, position: 5, count: 0, entries: Buffer.alloc(0) }
    const numbers = new Float64Array([7, 5, 0, -1, origin.length, -1, -1, -1])
    const hmac = createHmac('sha256', macs.record.key)
    const whole = hmac.update(new Uint8Array(numbers.buffer)).update(origin).digest()
    expect(macs.stamp(commit, []).mac).toEqual(whole.subarray(0, 16))
  })

  test('is another in another log, and with another key', () => {
    const fence = { number: 1, position: 0, count: 0, entries: Buffer.alloc(0) }
    const stamped = macs.stamp(fence, [])
    const elsewhere = new CommitMacs(macs.record, 'jejak.example/other')
    const ofAnother = new CommitMacs(newMacRecord(), origin)
    for (const other of [elsewhere, ofAnother]) expect(() => other.check(stamped, [])).toThrow()
  })

  test('is not asked of commits that are older than the record', () => {
    const later = new CommitMacs(newMacRecord(3), origin)
    const fence = (number: number) => ({ number, position: 0, count: 0, entries: Buffer.alloc(0) })
    expect(() => later.check(fence(2), [])).not.toThrow()
    expect(() => later.check(fence(3), [])).toThrow('commit 3 has no MAC')
  })
})

test('the digest of commits tells every list of them from every other', () => {
  const digestOf = (list: readonly { commit: Commit; leaves: Buffer[] }[]) => {
    const digest = new CommitDigest(origin)
    for (const { commit, leaves } of list) digest.add(commit, leaves)
    return digest.digest().toString('hex')
  }
  const lists = fc.array(stored, { maxLength: 3 })
  fc.assert(
    fc.property(lists, lists, (one, other) => {
      const same =
        one.length === other.length &&
        one.every(({ commit }, i) => isSame(commit, other[i]?.commit as Commit))
      expect(digestOf(one) === digestOf(other)).toBe(same)
    }),
  )
})

type Head = NonNullable<Commit['head']>

const withHead = (commit: Commit, change: Partial<Head>): Commit => ({
  ...commit,
  head: { ...(commit.head as Head), ...change },
})

const only = (head: Commit['head']): Head => ({
  stream: head?.stream ?? '',
  version: head?.version ?? 0,
})

const isSame = (one: Commit, other: Commit): boolean =>
  JSON.stringify(one) === JSON.stringify(other)
