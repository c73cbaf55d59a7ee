import {
  createHash,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
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

  constructor(commit: number, why: string) {
    super(
      `commit ${commit} ${why}: whoever wrote it like this had the database, but not the key of ` +
        'its MACs',
    )
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
  readonly #key: KeyObject

  constructor(record: MacRecord, origin: string) {
    this.record = record
    this.#origin = origin
    this.#key = createSecretKey(record.key)
  }

  /** The commit with its MAC. `leaves`: the leaf hashes of its entries, in their order. */
  stamp(commit: Commit, leaves: readonly Uint8Array[]): Commit {
    return { ...commit, mac: this.#of(commit, leaves) }
  }

  /** Throws `CommitRefused` unless the commit has its MAC, or is older than the record. */
  check(commit: Commit, leaves: readonly Uint8Array[]): void {
    if (commit.number < this.record.from) return
    const { mac } = commit
    if (mac === undefined) throw new CommitRefused(commit.number, 'has no MAC')
    if (mac.length === macBytes && timingSafeEqual(mac, this.#of(commit, leaves))) return
    throw new CommitRefused(commit.number, 'does not have the MAC that it was written with')
  }

  #of(commit: Commit, leaves: readonly Uint8Array[]): Buffer {
    const bytes = boundBytes(this.#origin, commit, leaves)
    return createHmac('sha256', this.#key).update(bytes).digest().subarray(0, macBytes)
  }
}

/** The digest of a log's commits from the first on, over what their MACs would bind. */
export class CommitDigest {
  readonly #origin: string
  readonly #hash = createHash('sha256')

  constructor(origin: string) {
    this.#origin = origin
  }

  add(commit: Commit, leaves: readonly Uint8Array[]): void {
    const bytes = boundBytes(this.#origin, commit, leaves)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    this.#hash.update(length).update(bytes)
  }

  /** Of the commits so far. */
  digest(): Buffer {
    return this.#hash.copy().digest()
  }
}

const headerNumbers = 8
const hashBytes = 32

/** The length of what a commit does not have. */
const absent = -1

/** One text for each commit and no other: eight numbers (IEEE 754), then parts of these lengths. */
const boundBytes = (origin: string, commit: Commit, leaves: readonly Uint8Array[]): Buffer => {
  const { number, position, count, head } = commit
  const { stream = '', version = absent, key, digest } = head ?? {}
  const [originBytes, streamBytes] = [Buffer.byteLength(origin), Buffer.byteLength(stream)]
  const [keyLength, digestLength] = [key?.length ?? absent, digest?.length ?? absent]
  const texts = originBytes + (head ? streamBytes : 0) + (key?.length ?? 0) + (digest?.length ?? 0)
  const bytes = Buffer.allocUnsafe(headerNumbers * 8 + texts + leaves.length * hashBytes)
  let at = bytes.writeDoubleBE(number, 0)
  at = bytes.writeDoubleBE(position, at)
  at = bytes.writeDoubleBE(count, at)
  at = bytes.writeDoubleBE(version, at)
  at = bytes.writeDoubleBE(originBytes, at)
  at = bytes.writeDoubleBE(head ? streamBytes : absent, at)
  at = bytes.writeDoubleBE(keyLength, at)
  at = bytes.writeDoubleBE(digestLength, at)
  at += bytes.write(origin, at)
  at += bytes.write(stream, at)
  for (const part of [key, digest, ...leaves]) {
    if (!part) continue
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
