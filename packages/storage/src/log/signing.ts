import { openCheckpoint, signCheckpoint } from '@jejak/transparency/checkpoint'
import type { CompactRange } from '@jejak/transparency/compact-range'
import { rootOf } from '@jejak/transparency/compact-range'
import { parseVerifier, type Signer } from '@jejak/transparency/key'
import type { Store } from '../store.ts'
import type { HeadFile } from './head.ts'
import type { LogState } from './state.ts'

const publishEveryMs = 1_000

export type SignedCheckpoint = { readonly size: number; readonly checkpoint: string }

/**
 * A signed head is ahead of the log, or contradicts it. Starting would break a promise.
 */
export class HeadTakenBack extends Error {
  override name = 'HeadTakenBack'
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
    this.#head = { size: -1, checkpoint: '' }
    this.#published = -1
    this.sign(range.size, rootOf(range))
    this.#timer = setInterval(() => void this.publish().catch(() => {}), publishEveryMs).unref()
  }

  /** Checks the log against every head that was signed before, then signs its present head. */
  static async open(store: Store, state: LogState, signer: Signer, file?: HeadFile) {
    for (const checkpoint of [file?.last, await store.published()]) {
      if (checkpoint) await checkAgainst(state, signer, checkpoint)
    }
    const signing = new Signing(store, signer, file, state.tree.range)
    await signing.publish()
    return signing
  }

  get head(): SignedCheckpoint {
    return this.#head
  }

  /** The head of what is durable: kept before it is handed out. */
  sign(size: number, root: Uint8Array): SignedCheckpoint {
    return this.release(this.prepare(size, root))
  }

  /** Signs a head while its write is in flight: nobody sees it unless it is released. */
  prepare(size: number, root: Uint8Array): SignedCheckpoint {
    if (size === this.#head.size) return this.#head
    const checkpoint = signCheckpoint({ origin: this.#signer.name, size, root }, this.#signer)
    return { size, checkpoint }
  }

  /** Only for a cleanly acknowledged prefix of the log. Kept before it is handed out. */
  release(head: SignedCheckpoint): SignedCheckpoint {
    const { size, checkpoint } = head
    if (size < this.#head.size) throw new HeadTakenBack(`${size} is before ${this.#head.size}`)
    if (size === this.#head.size) return this.#head
    this.#file?.save(checkpoint)
    this.#head = head
    return head
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

const checkAgainst = async (state: LogState, signer: Signer, checkpoint: string) => {
  const signed = openCheckpoint(checkpoint, [parseVerifier(signer.vkey)])
  if (signed.size > state.size) {
    throw new HeadTakenBack(
      `the log has ${state.size} events, but ${signed.size} were signed for: was it restored ` +
        'from an old backup? It must not go on as the same log',
    )
  }
  const root = signed.size === 0 ? undefined : await state.tree.rootAt(signed.size)
  if (root && !root.equals(signed.root)) {
    throw new HeadTakenBack(
      `the first ${signed.size} events are not those that were signed for: the log was altered`,
    )
  }
}
