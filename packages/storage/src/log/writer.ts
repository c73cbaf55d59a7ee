// tidy: one loop, whose parts share its private state.
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Append,
  type Appended,
  type AppendRefused,
  limits,
  type Request,
} from '@jejak/eventsourcing/log'
import type { Growth } from '@jejak/transparency/compact-range'
import { base64Cache, formatReceipt } from '@jejak/transparency/receipt'
import type { Commit, Derived, Store, WriteResult } from '../store.ts'
import { unpack } from './entries.ts'
import { type BatchedAppend, type CheckEvent, type PendingAppend, prepare, Queue } from './queue.ts'
import type { SignedHead, Signing } from './signing.ts'
import type { LogState, PlannedBatch } from './state.ts'

const backOffMinMs = 2
const backOffMaxMs = 250

/** Whose answers go out together: they can send what they have next while others are answered. */
const answeredAtOnce = 8

/** How often it is looked who has waited too long. */
const expireEveryMs = 250

/** Derived writes that may be under way; beyond it the log waits for them. */
const keepingMax = 64

/** What may wait for the store to take derived tiles again. */
const unkeptTilesMax = 256

const noneDerived: Derived = { tiles: [], bundles: [] }

export type WriterOptions = {
  readonly store: Store
  readonly ledger: LogState
  readonly origin: string
  /** Absent where another process signs: appends then come without receipts. */
  readonly signing: Signing | undefined
  readonly check: CheckEvent
  readonly now: () => number
  /** Told once, when the log has stopped because it can't vouch for its state. */
  readonly onStop: (cause: unknown) => void
  /** Called when there is more to read. */
  readonly onGrowth: () => void
}

/**
 * The writer's loop: what arrives while a write is in flight goes out together in the next one.
 * Several processes may run it on one log; commit numbers decide between them.
 */
export class Writer {
  readonly #queue = new Queue()
  readonly #with: WriterOptions
  readonly #timer: NodeJS.Timeout
  #running: Promise<void> | undefined
  #inFlight: readonly BatchedAppend[] = []
  #closed: string | undefined
  #stalled = 0
  #behind = false
  #keeping: Promise<void> = Promise.resolve()
  #keepingCount = 0
  #unkept: Derived = noneDerived

  constructor(writing: WriterOptions) {
    this.#with = writing
    this.#timer = setInterval(() => this.#expire(), expireEveryMs).unref()
  }

  append(append: Append): Promise<Appended | AppendRefused> {
    if (this.#closed) return Promise.resolve({ refused: 'Closed', reason: this.#closed })
    const prepared = prepare(append, this.#with.origin, this.#with.check)
    if ('violations' in prepared) {
      return Promise.resolve({ refused: 'Invalid', violations: prepared.violations })
    }
    return new Promise(resolve => {
      const waiting: PendingAppend = {
        append,
        ...prepared,
        key: append.request && Buffer.from(append.request.key).toString('latin1'),
        sinceMs: performance.now(),
        answered: false,
        answer: result => {
          waiting.answered = true
          resolve(result)
        },
      }
      if (!this.#queue.push(waiting)) waiting.answer(busy('the queue is full'))
      else this.#running ??= this.#run()
    })
  }

  async recall(request: Request): Promise<Appended | AppendRefused | undefined> {
    const { store, ledger } = this.#with
    const original = await store.byKey(request.key)
    // Another process wrote it, or the answer to our own write is on its way: go there first.
    while (original && original.number >= ledger.next && !this.#closed) {
      this.#behind = true
      this.#running ??= this.#run()
      await sleep(backOffMinMs)
    }
    return original && this.#repeat(request, original)
  }

  async close() {
    this.#closed ??= 'the log is closing'
    // A store that does not answer must not keep the process: its callers have been told.
    const patience = new AbortController()
    const enough = sleep(limits.answerWithinMs, undefined, { signal: patience.signal })
    await Promise.race([Promise.all([this.#running, this.#keeping]), enough.catch(() => {})])
    patience.abort()
    clearInterval(this.#timer)
  }

  async #run() {
    try {
      // Whoever was answered by the last write gets to join the next.
      await new Promise(setImmediate)
      while (this.#queue.length > 0 || this.#behind) {
        if (this.#behind) await this.#catchUp()
        this.#behind = false
        if (this.#queue.length === 0) break
        await this.#write(this.#queue.nextBatch(stream => this.#with.ledger.heads.get(stream)))
        await new Promise(setImmediate)
      }
    } catch (cause) {
      this.#stop(cause)
    } finally {
      this.#running = undefined
    }
  }

  async #write(batch: readonly BatchedAppend[]) {
    const { store, ledger, signing, now } = this.#with
    const plan = ledger.plan(batch, now())
    const { range, root } = plan.growth
    this.#inFlight = batch
    try {
      const writing = store.write(plan.commits)
      const head = signing?.prepare(range.size, root)
      const result = await writing
      if (result.written > 0) await this.#acknowledge(batch, plan, result.written, head)
      if (result.written < batch.length) await this.#settle(batch, result)
    } catch (cause) {
      for (const { pending: waiting } of batch) if (!waiting.answered) waiting.answer(unknown)
      throw cause
    } finally {
      this.#inFlight = []
    }
    if (this.#keepingCount > keepingMax) await this.#keeping
  }

  async #acknowledge(
    batch: readonly BatchedAppend[],
    plan: PlannedBatch,
    written: number,
    whole?: SignedHead,
  ) {
    const { ledger, signing, onGrowth } = this.#with
    const { growth, derived } = ledger.advance(plan, written)
    const head =
      whole?.size === ledger.size
        ? signing?.release(whole)
        : signing?.sign(ledger.size, growth.root)
    this.#keep(derived)
    onGrowth()
    const spell = base64Cache()
    for (let i = 0; i < written; i++) {
      if (i > 0 && i % answeredAtOnce === 0) await new Promise(setImmediate)
      const commit = plan.commits[i] as Commit
      const entries = plan.entries[i] as Uint8Array[]
      batch[i]?.pending.answer({
        commit: commit.number,
        position: commit.position,
        version: commit.head?.version ?? 0,
        entries,
        repeated: false,
        receipt: fresh(growth, commit.position, head?.checkpoint, spell),
      })
    }
  }

  /** Answers what the store could judge, puts the rest back, and looks what others have written. */
  async #settle(
    batch: readonly BatchedAppend[],
    { written, repeated: known, heads, full }: WriteResult,
  ) {
    const { ledger } = this.#with
    // Where nothing was refused but known requests, nobody else needs to have written.
    const seen = [...known.values()].every(({ number }) => number < ledger.next)
    const others = known.size === 0 || heads.size > 0 || !seen
    let moved = (others && (await this.#catchUp())) || written > 0 || heads.size > 0
    const left: PendingAppend[] = []
    for (const [i, { pending: waiting }] of batch.entries()) {
      if (i < written || waiting.answered) continue
      const original = known.get(i)
      const head = heads.get(i)
      const { stream, expected } = waiting.append
      // A new primary may know a commit a moment before it shows it: then there is no proof yet.
      if (original && original.number >= ledger.next) left.push(waiting)
      else if (original) {
        waiting.answer(this.#repeat(waiting.append.request, original))
        moved = true
      } else if (full) waiting.answer(busy('the disk is full'))
      else if (head !== undefined && expected !== 'any') {
        waiting.answer({ refused: 'VersionConflict', expected, actual: head })
      } else {
        if (head !== undefined) ledger.moveHead(stream, head)
        left.push(waiting)
      }
    }
    // What came later must not overtake it in its stream, where there is room again.
    if (full) for (const waiting of this.#queue.clear()) waiting.answer(busy('the disk is full'))
    this.#queue.unshift(left)
    this.#stalled = moved ? 0 : this.#stalled + 1
    if (!moved) await sleep(backOff(this.#stalled))
  }

  async #catchUp(): Promise<boolean> {
    const { store, ledger, signing, onGrowth } = this.#with
    let absorbed = false
    for (;;) {
      const commits = await store.commits(ledger.next)
      if (commits.length === 0) break
      this.#keep(ledger.absorb(commits))
      absorbed = true
    }
    if (!absorbed) return false
    if (ledger.size > 0) signing?.sign(ledger.size, await ledger.tree.rootAt(ledger.size))
    onGrowth()
    return true
  }

  #repeat(request: Request | undefined, original: Commit): Appended | AppendRefused {
    const { number, position, count, entries, head } = original
    if (!head?.digest || !request || Buffer.compare(head.digest, request.digest) !== 0) {
      return { refused: 'KeyReused' }
    }
    return {
      commit: number,
      position,
      version: head.version,
      entries: unpack(entries, count),
      repeated: true,
      receipt: this.#later(position),
    }
  }

  /** A receipt of what was stored earlier, under the present head. */
  #later(position: number) {
    const { ledger, signing } = this.#with
    return async (index = 0) => {
      const head = signing?.head
      if (!head) throw notSigner()
      const at = position + index
      const proof = await ledger.tree.inclusion(at, head.size)
      return formatReceipt({ index: at, proof, checkpoint: head.checkpoint })
    }
  }

  #keep({ tiles, bundles }: Derived) {
    if (tiles.length === 0) return
    this.#keepingCount++
    const derived = {
      tiles: [...this.#unkept.tiles, ...tiles],
      bundles: [...this.#unkept.bundles, ...bundles],
    }
    this.#unkept = noneDerived
    const kept = this.#with.store.keep(derived).catch(() => {
      // It goes with the next; of too much, the next start makes it again.
      if (derived.tiles.length > unkeptTilesMax) return
      this.#unkept = {
        tiles: [...derived.tiles, ...this.#unkept.tiles],
        bundles: [...derived.bundles, ...this.#unkept.bundles],
      }
    })
    this.#keeping = Promise.all([this.#keeping, kept]).then(() => {
      this.#keepingCount--
    })
  }

  /** Of a write in flight nobody can say how it ends; what still waits for one is not stored. */
  #expire() {
    const beforeMs = performance.now() - limits.answerWithinMs
    for (const { pending: waiting } of this.#inFlight) {
      if (waiting.sinceMs < beforeMs && !waiting.answered) waiting.answer(unknown)
    }
    for (const waiting of this.#queue.expire(beforeMs)) {
      waiting.answer(busy('the store does not keep up'))
    }
  }

  #stop(cause: unknown) {
    this.#closed = `the log has stopped: ${cause instanceof Error ? cause.message : cause}`
    for (const waiting of this.#queue.clear()) {
      waiting.answer({ refused: 'Closed', reason: this.#closed })
    }
    this.#with.onStop(cause)
  }
}

const unknown: AppendRefused = { refused: 'Unknown', retryAfterMs: limits.retryAfterMs }

const busy = (reason: string): AppendRefused => ({
  refused: 'Busy',
  reason,
  retryAfterMs: limits.retryAfterMs,
})

const notSigner = () => new Error('another process signs this log: ask it for the receipt')

const fresh = (
  growth: Growth,
  position: number,
  checkpoint: string | undefined,
  spell: ReturnType<typeof base64Cache>,
) => {
  return async (index = 0) => {
    if (!checkpoint) throw notSigner()
    const at = position + index
    return formatReceipt({ index: at, proof: growth.proof(at), checkpoint }, spell)
  }
}

/** Doubles from try to try, with jitter, so that competing writers part. */
const backOff = (tries: number) =>
  Math.min(backOffMaxMs, backOffMinMs * 2 ** tries) * (0.5 + Math.random() / 2)
