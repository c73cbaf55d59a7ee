import { logFault } from '@jejak/texts/log-faults'
import { type Checkpoint, openCheckpoint, signCheckpoint } from '@jejak/transparency/checkpoint'
import type { CompactRange } from '@jejak/transparency/compact-range'
import { rootOf } from '@jejak/transparency/compact-range'
import { emptyRoot } from '@jejak/transparency/hash'
import { parseVerifier, type Signer } from '@jejak/transparency/key'
import type { Store } from '../store.ts'
import type { CommitMacs } from './commit-mac.ts'
import type { HeadFile } from './head.ts'
import type { LogState } from './state.ts'

const publishEveryMs = 1_000

export type SignedCheckpoint = {
  readonly size: number
  readonly root: Uint8Array
  readonly checkpoint: string
}

/** A signed head is ahead of the log, or contradicts it. Starting would break a promise. */
export class HeadTakenBack extends Error {
  override name = 'HeadTakenBack'
}

/** Nothing says up to where the log was signed: it may be an older copy of itself. */
export class HeadMissing extends Error {
  override name = 'HeadMissing'
}

/** The heads that a log must bear out before it is signed again. */
export type KnownHeads = {
  /** That of the head file, or of whoever starts the log: as far as somebody has vouched for it. */
  readonly kept: Checkpoint | undefined
  readonly all: readonly Checkpoint[]
}

/** The heads that were signed before, each with its signature verified. */
export const knownHeads = async (
  store: Pick<Store, 'published'>,
  signer: Signer,
  file: HeadFile | undefined,
  given: string | undefined,
): Promise<KnownHeads> => {
  const verify = (checkpoint: string, from: HeadFrom) => verified(checkpoint, signer, from)
  const published = await store.published()
  const own = [
    ...(file?.last ? [verify(file.last, 'file')] : []),
    ...(given ? [verify(given, 'given')] : []),
  ]
  const kept = own.toSorted((one, other) => other.size - one.size)[0]
  return { kept, all: [...own, ...(published ? [verify(published, 'store')] : [])] }
}

type HeadFrom = 'file' | 'given' | 'store'

const verified = (checkpoint: string, signer: Signer, from: HeadFrom): Checkpoint => {
  try {
    return openCheckpoint(checkpoint, [parseVerifier(signer.vkey)])
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    const values = { signer: signer.name, why }
    throw new HeadTakenBack(logFault({ key: `unsigned-${from}`, values }), { cause })
  }
}

/** Signs the heads of one log, each at least as large as the one before it. */
export class Signing {
  #head: SignedCheckpoint
  #published: number
  #publishing: Promise<void> = Promise.resolve()
  readonly #timer: NodeJS.Timeout
  readonly #signer: Signer
  readonly #store: Store
  readonly #file: HeadFile | undefined

  private constructor(
    store: Store,
    signer: Signer,
    file: HeadFile | undefined,
    range: CompactRange,
  ) {
    this.#store = store
    this.#signer = signer
    this.#file = file
    this.#head = { size: -1, root: emptyRoot, checkpoint: '' }
    this.#published = -1
    this.release(this.prepare(range.size, rootOf(range)))
    this.#timer = setInterval(() => void this.publish().catch(() => {}), publishEveryMs).unref()
  }

  /** Checks the log against every head that was signed before, then signs its present head. */
  static async open(
    store: Store,
    state: LogState,
    signer: Signer,
    heads: KnownHeads,
    file?: HeadFile,
  ) {
    for (const head of heads.all) await checkAgainst(state, head)
    const signing = new Signing(store, signer, file, state.tree.range)
    await signing.publish()
    return signing
  }

  get head(): SignedCheckpoint {
    return this.#head
  }

  /** Signs a head while its write is in flight: nobody sees it unless it is released. */
  prepare(size: number, root: Uint8Array): SignedCheckpoint {
    if (size === this.#head.size) return this.#head
    const checkpoint = signCheckpoint({ origin: this.#signer.name, size, root }, this.#signer)
    return { size, root, checkpoint }
  }

  /** Only for a cleanly acknowledged prefix of the log. Kept before it is handed out. */
  release(head: SignedCheckpoint): SignedCheckpoint {
    const { size, checkpoint } = head
    if (size < this.#head.size) {
      const values = { size, signed: this.#head.size }
      throw new HeadTakenBack(logFault({ key: 'head-back', values }))
    }
    if (size === this.#head.size) return this.#head
    this.#file?.save(checkpoint)
    this.#head = head
    return head
  }

  /** Says if the file of heads is not the one that was opened any more. */
  lost(): string | undefined {
    return this.#file?.lost()
  }

  /** Shows the present head to other processes. */
  publish(): Promise<void> {
    this.#publishing = this.#publishing
      .catch(() => {})
      .then(async () => {
        const { size, checkpoint } = this.#head
        if (size === this.#published) return
        await this.#store.publish(size, checkpoint)
        this.#published = size
      })
    return this.#publishing
  }

  async close() {
    clearInterval(this.#timer)
    await this.publish().catch(() => {}) // Others see it after the next start; the file has it.
    this.#file?.close()
  }
}

const checkAgainst = async (state: LogState, signed: Checkpoint) => {
  if (signed.size > state.size) {
    const values = { size: state.size, signed: signed.size }
    throw new HeadTakenBack(logFault({ key: 'head-behind', values }))
  }
  const root = signed.size === 0 ? undefined : await state.tree.rootAt(signed.size)
  if (root && !root.equals(signed.root)) {
    throw new HeadTakenBack(logFault({ key: 'head-differs', values: { signed: signed.size } }))
  }
}

/**
 * Checks that somebody has vouched for all of the log: its last signed head, which is kept outside
 * the store, and behind it the MACs of its commits.
 */
export const checkVouched = async (
  store: Pick<Store, 'numberAt'>,
  { size }: LogState,
  { kept }: KnownHeads,
  macs: CommitMacs | undefined,
) => {
  if (size === 0 || kept?.size === size) return
  if (!kept) throw new HeadMissing(logFault({ key: 'head-missing', values: { size } }))
  if (!macs || (await store.numberAt(kept.size)) >= macs.record.from) return
  const values = { size, signed: kept.size }
  throw new HeadMissing(logFault({ key: 'head-before-macs', values }))
}
