import { existsSync, readFileSync } from 'node:fs'
import {
  CommitDigest,
  CommitMacs,
  CommitRefused,
  type MacRecord,
} from '@jejak/storage/log/commit-mac'
import { macFile, readMacRecord } from '@jejak/storage/log/mac-file'
import { headFile, keyFile } from '@jejak/storage/log/signer'
import type { Commit } from '@jejak/storage/store'
import { openCheckpoint } from '@jejak/transparency/checkpoint'
import { parseSigner, parseVerifier, type VerifierKey } from '@jejak/transparency/key'
import type { Roots } from './roots.ts'

/** What is kept of a log outside of its commits. */
export type KeptKeys = {
  readonly origin: string
  readonly verifiers: readonly VerifierKey[]
  /** Undefined for a log whose commits have no MACs. */
  readonly macs: MacRecord | undefined
  /** The last signed head, of the keys folder. */
  readonly kept: string | undefined
  /** That of the store. */
  readonly published: string | undefined
}

/** From the keys folder of a log that nobody has open. */
export const readKeptKeys = (
  keys: string,
  service: string,
  published: string | undefined,
): KeptKeys => {
  const signer = parseSigner(readFileSync(keyFile(keys, service), 'utf8').trim())
  const head = headFile(keys, service)
  return {
    origin: signer.name,
    verifiers: [parseVerifier(signer.vkey)],
    macs: readMacRecord(macFile(keys, service), signer.name),
    kept: existsSync(head) ? readFileSync(head, 'utf8') : undefined,
    published,
  }
}

/** Reads the commits in their order: each must have its MAC, or be one that the record pins. */
export class MacCheck {
  readonly #macs: CommitMacs | undefined
  readonly #older: CommitDigest

  constructor({ macs, origin }: KeptKeys) {
    this.#macs = macs && new CommitMacs(macs, origin)
    this.#older = new CommitDigest(origin)
  }

  /** What is wrong with a commit. */
  add(commit: Commit, leaves: readonly Buffer[]): string[] {
    if (!this.#macs) return []
    const { from, before } = this.#macs.record
    const found: string[] = []
    // Also of a log that ends there: the record then pins all of it.
    if (commit.number < from) this.#older.add(commit, leaves)
    if (commit.number === from - 1 && !this.#older.digest().equals(before)) {
      found.push(`commit ${from - 1} ends what is older than the MACs, which was altered`)
    }
    try {
      this.#macs.check(commit, leaves)
    } catch (error) {
      if (!(error instanceof CommitRefused)) throw error
      found.push(error.message)
    }
    return found
  }
}

const headSize = (note: string) => Number(note.split('\n')[1])

/** The sizes of the heads that are kept, whose roots the check needs. */
export const headSizes = ({ kept, published }: KeptKeys): number[] =>
  [kept, published].filter(note => note !== undefined).map(headSize)

/**
 * What is wrong with the heads of a log that has this many events: each must be one that the log
 * had, and the kept one must be of all of it. Other processes see theirs a second later.
 */
export const headProblems = (keys: KeptKeys, roots: Roots, events: number): string[] => {
  const { kept, published, verifiers } = keys
  if (kept === undefined || published === undefined) return ['the log has no head']
  return [['the kept head', kept] as const, ['the head in the store', published] as const].flatMap(
    ([name, note]) => {
      try {
        const { size, root } = openCheckpoint(note, verifiers)
        if (!roots.at(size)?.equals(root)) return [`${name} is not the log's, of ${size}`]
        if (note !== kept || size === events) return []
        return [`${name} is of ${size}, the log has ${events} events`]
      } catch (error) {
        return [`${name} is refused: ${error}`]
      }
    },
  )
}
