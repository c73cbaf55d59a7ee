import { createHash, hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { logFault } from '@jejak/texts/log-faults'
import { hashBytes } from '@jejak/transparency/hash'
import type { Commit } from '../store.ts'

export const macKeyBytes = 32

/** HMAC-SHA-256, cut to 128 bits (RFC 2104 section 5). */
export const macBytes = 16

/** What the processes that append to a log share, and nobody who has only its database. */
export type MacRecord = {
  readonly key: Uint8Array
  /** The first commit that must have a MAC. Those before it are older than this record. */
  readonly from: number
  /** Digest of the commits before it: `CommitDigest`. */
  readonly before: Uint8Array
}

/** A record for a log whose commits before `from` have this digest: by default a new one's. */
export const newMacRecord = (
  from = 1,
  before: Uint8Array = createHash('sha256').digest(),
): MacRecord => ({
  key: randomBytes(macKeyBytes),
  from,
  before,
})

/** A commit that nobody wrote who has the key of the log's MACs, or that was altered since. */
export class CommitRefused extends Error {
  override name = 'CommitRefused'
  readonly commit: number

  constructor(commit: number, key: 'mac-missing' | 'mac-number' | 'mac-wrong') {
    super(logFault({ key, values: { commit } }))
    this.commit = commit
  }
}

/**
 * Makes and checks the MACs of a log's commits. Each binds all that a commit has: name of the log,
 * number, position, count, stream, version, request key, its digest, and the hashes of its entries.
 */
export class CommitMacs {
  readonly record: MacRecord
  readonly #origin: string
  readonly #hmac: Hmac

  constructor(record: MacRecord, origin: string) {
    this.record = record
    this.#origin = origin
    this.#hmac = new Hmac(record.key)
  }

  /** The commit with its MAC. `leaves`: the leaf hashes of its entries, in their order. */
  stamp(commit: Commit, leaves: readonly Uint8Array[]): Commit {
    return { ...commit, mac: this.#of(commit, leaves) }
  }

  /** Throws `CommitRefused` unless the commit has its MAC, or is older than the record. */
  check(commit: Commit, leaves: readonly Uint8Array[]): void {
    const { number, mac } = commit
    if (!Number.isSafeInteger(number) || number < 1) throw new CommitRefused(number, 'mac-number')
    if (number < this.record.from) return
    if (mac === undefined) throw new CommitRefused(number, 'mac-missing')
    if (mac.length === macBytes && timingSafeEqual(mac, this.#of(commit, leaves))) return
    throw new CommitRefused(number, 'mac-wrong')
  }

  #of(commit: Commit, leaves: readonly Uint8Array[]): Buffer {
    const end = writeBound(this.#hmac.inner, blockBytes, this.#origin, commit, leaves)
    return this.#hmac.digest(end).subarray(0, macBytes)
  }
}

/** The digest of a log's commits from the first on, over what their MACs would bind. */
export class CommitDigest {
  readonly #origin: string
  readonly #hash = createHash('sha256')
  readonly #scratch = new Scratch()
  #stamped = 0

  constructor(origin: string) {
    this.#origin = origin
  }

  /** How many of the commits have a MAC, right or wrong. */
  get stamped(): number {
    return this.#stamped
  }

  add(commit: Commit, leaves: readonly Uint8Array[]): void {
    if (commit.mac) this.#stamped++
    const end = writeBound(this.#scratch, 0, this.#origin, commit, leaves)
    this.#hash.update(this.#scratch.of(end).subarray(0, end))
  }

  /** Of the commits so far. */
  digest(): Buffer {
    return this.#hash.copy().digest()
  }
}

/** The length of what a commit does not have. */
const absent = -1

// Numbers as IEEE 754, whatever a store has in their place. In one array, which is read at once.
const numbers = new Float64Array(8)
const numberBytes = new Uint8Array(numbers.buffer)

/**
 * Writes one text for each commit and no other: eight numbers, then parts of these lengths. Returns
 * its end.
 */
const writeBound = (
  to: Scratch,
  start: number,
  origin: string,
  { number, position, count, head }: Commit,
  leaves: readonly Uint8Array[],
): number => {
  const { stream = '', version = absent, key, digest } = head ?? {}
  const [originBytes, streamBytes] = [Buffer.byteLength(origin), Buffer.byteLength(stream)]
  const parts = leaves.length * hashBytes + (key?.length ?? 0) + (digest?.length ?? 0)
  const bytes = to.of(start + numberBytes.length + originBytes + streamBytes + parts)
  numbers[0] = number
  numbers[1] = position
  numbers[2] = count
  numbers[3] = version
  numbers[4] = originBytes
  numbers[5] = head ? streamBytes : absent
  numbers[6] = key?.length ?? absent
  numbers[7] = digest?.length ?? absent
  bytes.set(numberBytes, start)
  let at = start + numberBytes.length
  at += bytes.write(origin, at)
  at += bytes.write(stream, at)
  for (const part of [key, digest, ...leaves]) {
    if (!part) continue
    bytes.set(part, at)
    at += part.length
  }
  return at
}

/** Memory that is used again. What is in it is hashed at once, and never handed out. */
class Scratch {
  #bytes: Buffer
  readonly #start: Uint8Array

  /** It always begins with these bytes. */
  constructor(start: Uint8Array = new Uint8Array()) {
    this.#start = start
    this.#bytes = Buffer.from(start)
  }

  of(size: number): Buffer {
    if (size > this.#bytes.length) {
      this.#bytes = Buffer.alloc(2 * size)
      this.#bytes.set(this.#start)
    }
    return this.#bytes
  }
}

const blockBytes = 64

/**
 * HMAC-SHA-256 (RFC 2104) over what is written behind its inner key. By `hash`, which takes half
 * of the time that `createHmac` does for a text as short as these.
 */
class Hmac {
  readonly inner: Scratch
  readonly #outer: Buffer

  constructor(key: Uint8Array) {
    this.inner = new Scratch(padded(key, 0x36))
    this.#outer = Buffer.concat([padded(key, 0x5c), Buffer.alloc(hashBytes)])
  }

  /** Of the text that ends here in `inner`, behind its first block. */
  digest(end: number): Buffer {
    const inner = hash('sha256', this.inner.of(end).subarray(0, end), 'binary')
    this.#outer.write(inner, blockBytes, 'latin1')
    return Buffer.from(hash('sha256', this.#outer, 'binary'), 'latin1')
  }
}

const padded = (key: Uint8Array, pad: number): Buffer =>
  Buffer.alloc(blockBytes, pad).map((byte, at) => byte ^ (key[at] ?? 0)) as Buffer
