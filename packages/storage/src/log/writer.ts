// tidy: one loop, whose parts share its private state.
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Append,
  type Appended,
  type AppendRefused,
  limits,
  type Request,
  type RequestQuery,
} from '@jejak/eventsourcing/log'
import { backOff } from '@jejak/eventsourcing/transact'
import type { Growth } from '@jejak/transparency/compact-range'
import { verifyInclusion } from '@jejak/transparency/proof'
import { base64Cache, formatReceipt } from '@jejak/transparency/receipt'
import { type Commit, LogGap, type Store, type WriteResult } from '../store.ts'
import {
  type BatchedAppend,
  type Judgement,
  judgeBatch,
  othersWrote,
  type PendingAppend,
} from './batch.ts'
import { DerivedKeeper } from './derived.ts'
import { type CheckEvent, prepare, Queue } from './queue.ts'
import type { SignedCheckpoint, Signing } from './signing.ts'
import type { LogState, PlannedBatch } from './state.ts'

const backOffMinMs = 2
const backOffMaxMs = 250

/** Appends answered in one go: their callers send the next while others are answered. */
const answeredAtOnce = 8

const storeIsSlow = 'the store does not keep up'

/** How often appends that have waited too long are answered. */
const expireEveryMs = 250

export type LogWriterOptions = {
  readonly store: Store
  readonly state: LogState
  readonly origin: string
  /** Absent where another process signs: appends then come without receipts. */
  readonly signing: Signing | undefined
  readonly check: CheckEvent
  readonly now: () => number
  /** Called once, when the log has stopped because it can't vouch for its state. */
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
  readonly #with: LogWriterOptions
  readonly #derived: DerivedKeeper
  readonly #timer: NodeJS.Timeout
  #running: Promise<void> | undefined
  /** Resolves once all that is stored is answered. */
  #answering: Promise<void> = Promise.resolve()
  #inFlight: readonly BatchedAppend[] = []
  #closed: string | undefined
  #isStopped = false
  #stalled = 0
  #behind = false
  /** Why appends wait for long. */
  #late = storeIsSlow

  constructor(options: LogWriterOptions) {
    this.#with = options
    this.#derived = new DerivedKeeper(options.store)
    this.#timer = setInterval(() => this.#expire(), expireEveryMs).unref()
  }

  append(append: Append): Promise<Appended | AppendRefused> {
    if (this.#closed) return Promise.resolve({ refused: 'Closed', reason: this.#closed })
    const prepared = prepare(append, this.#with.origin, this.#with.check)
    if ('violations' in prepared) {
      return Promise.resolve({ refused: 'Invalid', violations: prepared.violations })
    }
    return new Promise(resolve => {
      const pending: PendingAppend = {
        append,
        ...prepared,
        key: append.request && Buffer.from(append.request.key).toString('latin1'),
        sinceMs: performance.now(),
        answered: false,
        answer: result => {
          pending.answered = true
          resolve(result)
        },
      }
      if (!this.#queue.push(pending)) pending.answer(busy('the queue is full'))
      else this.#running ??= this.#run()
    })
  }

  async recall(request: RequestQuery): Promise<Appended | AppendRefused | undefined> {
    if (this.#isStopped) return { refused: 'Closed', reason: this.#closed ?? '' }
    const { store, state } = this.#with
    const original = await store.byKey(request.key)
    // Another process wrote it, or the answer to our own write is on its way: go there first.
    while (original && original.number >= state.next && !this.#closed) {
      this.#behind = true
      this.#running ??= this.#run()
      await sleep(backOffMinMs)
    }
    try {
      return original && this.#repeat(request, original)
    } catch (cause) {
      this.stop(cause)
      return { refused: 'Closed', reason: this.#closed ?? '' }
    }
  }

  /** Ends the log for a cause outside of it: what is in flight is not signed any more. */
  stop(cause: unknown) {
    if (this.#isStopped) return
    this.#isStopped = true
    this.#closed = `the log has stopped: ${cause instanceof Error ? cause.message : cause}`
    for (const pending of this.#queue.clear()) {
      pending.answer({ refused: 'Closed', reason: this.#closed })
    }
    this.#with.onStop(cause)
  }

  async close() {
    this.#closed ??= 'the log is closing'
    // A store that does not answer must not keep the process: its callers have their answers.
    const patience = new AbortController()
    const enough = sleep(limits.answerWithinMs, undefined, { signal: patience.signal })
    await Promise.race([
      Promise.all([this.#running, this.#derived.settled()]).then(() => this.#answering),
      enough.catch(() => {}),
    ])
    patience.abort()
    clearInterval(this.#timer)
  }

  async #run() {
    try {
      // Callers that the last write has answered may join the next.
      await new Promise(setImmediate)
      while (this.#queue.length > 0 || this.#behind) {
        if (this.#behind) await this.#catchUp()
        this.#behind = false
        if (this.#queue.length === 0) break
        await this.#write(this.#queue.nextBatch(stream => this.#with.state.heads.get(stream)))
        await new Promise(setImmediate)
      }
    } catch (cause) {
      this.stop(cause)
    } finally {
      this.#running = undefined
    }
  }

  async #write(batch: readonly BatchedAppend[]) {
    const { store, state, signing, now } = this.#with
    const plan = state.plan(batch, now())
    const { range, root } = plan.growth
    this.#inFlight = batch
    try {
      const writing = store.write(plan.commits, empty => state.stamp(empty))
      const head = signing?.prepare(range.size, root)
      const result = await writing
      if (this.#isStopped) throw new Error(this.#closed)
      if (result.written > 0) await this.#acknowledge(batch, plan, result.written, head)
      if (result.written < batch.length) await this.#settle(batch, result)
    } catch (cause) {
      await this.#answering // What is stored and signed has its answer.
      for (const { pending } of batch) if (!pending.answered) pending.answer(unknown)
      throw cause
    } finally {
      this.#inFlight = []
    }
    await this.#derived.hasRoom()
  }

  async #acknowledge(
    batch: readonly BatchedAppend[],
    plan: PlannedBatch,
    written: number,
    whole?: SignedCheckpoint,
  ) {
    const { state, signing, onGrowth } = this.#with
    const { growth, derived } = state.advance(plan, written)
    const signed = whole?.size === state.size ? whole : signing?.prepare(state.size, growth.root)
    const head = signed && (await this.#release(signed))
    this.#derived.keep(derived)
    onGrowth()
    // Not by its value: each would hold the one before it, and so all that there ever were.
    const answering = answerWritten(batch.slice(0, written), plan, growth, head?.checkpoint)
    this.#answering = Promise.all([this.#answering, answering]).then(() => {})
  }

  /** Answers what the store refused, and puts back what is to be tried again. */
  async #settle(batch: readonly BatchedAppend[], result: WriteResult) {
    const { state } = this.#with
    const hasCaughtUp = othersWrote(result, state.next) && (await this.#catchUp())
    const judgements = judgeBatch(batch, result, state.next)
    const left: PendingAppend[] = []
    let isRepeat = false
    for (const [i, judgement] of judgements.entries()) {
      const { pending } = batch[result.written + i] as BatchedAppend
      if (pending.answered) continue
      isRepeat ||= 'repeats' in judgement
      if ('movedTo' in judgement) {
        const { movedTo } = judgement
        if (movedTo !== undefined) state.heads.raise(pending.append.stream, movedTo)
        left.push(pending)
      } else pending.answer(this.#answerOf(pending.append.request, judgement))
    }
    // Later appends must not overtake it in its stream, once there is room again.
    if (result.full) for (const one of this.#queue.clear()) one.answer(busy('the disk is full'))
    this.#queue.unshift(left)
    const isProgress = hasCaughtUp || result.written > 0 || result.heads.size > 0 || isRepeat
    this.#stalled = isProgress ? 0 : this.#stalled + 1
    if (!isProgress) await sleep(backOff(this.#stalled, backOffMinMs, backOffMaxMs))
  }

  #answerOf(request: Request | undefined, judgement: Final): Appended | AppendRefused {
    if ('repeats' in judgement) return this.#repeat(request, judgement.repeats)
    if ('isFull' in judgement) return busy('the disk is full')
    return { refused: 'VersionConflict', ...judgement.conflict }
  }

  async #catchUp(): Promise<boolean> {
    const { store, state, signing, onGrowth } = this.#with
    let absorbed = false
    for (;;) {
      const commits = await store.commits(state.next)
      if (commits.length === 0) break
      this.#derived.keep(state.absorb(commits))
      absorbed = true
    }
    if (!absorbed) return false
    if (signing && state.size > 0) {
      await this.#release(signing.prepare(state.size, await state.tree.rootAt(state.size)))
    }
    onGrowth()
    return true
  }

  /** Gives a head out. While the disk of its file is full, all wait: what is stored is stored. */
  async #release(head: SignedCheckpoint): Promise<SignedCheckpoint | undefined> {
    for (let tries = 1; ; tries++) {
      if (this.#isStopped) throw new Error(this.#closed)
      try {
        return this.#with.signing?.release(head)
      } catch (error) {
        if (!isDiskFull(error) || this.#closed) throw error
      }
      this.#late = 'the disk of the head file is full'
      await sleep(backOff(tries, backOffMinMs, backOffMaxMs))
      this.#late = storeIsSlow
    }
  }

  #repeat(request: RequestQuery | undefined, original: Commit): Appended | AppendRefused {
    const { number, position, head } = original
    const { entries, leaves } = this.#with.state.read(original)
    // An index that was edited leads elsewhere.
    if (!head?.key || !request || Buffer.compare(head.key, request.key) !== 0) {
      throw new LogGap(`the look-up of a request key answers commit ${number}, which has another`)
    }
    const { digest } = request
    if (!head.digest || (digest && Buffer.compare(head.digest, digest) !== 0)) {
      return { refused: 'KeyReused' }
    }
    return {
      commit: number,
      position,
      version: head.version,
      entries,
      repeated: true,
      receipt: this.#later(position, leaves),
    }
  }

  /** A receipt of what was stored earlier, under the present head. */
  #later(position: number, leaves: readonly Uint8Array[]) {
    const { state, signing } = this.#with
    return async (index = 0) => {
      const head = signing?.head
      if (!head) throw notSigner()
      const at = position + index
      const { size, root, checkpoint } = head
      const leaf = leaves[index] ?? new Uint8Array()
      const proof = await state.tree.inclusion(at, size)
      if (!verifyInclusion({ index: at, size, leaf, root, proof })) {
        const cause = new LogGap(`entry ${at} or the tiles over it are not what was signed for`)
        this.stop(cause)
        throw cause
      }
      return formatReceipt({ index: at, proof, checkpoint })
    }
  }

  /** The outcome of a write in flight is unknown; what still waits for one is not stored. */
  #expire() {
    const beforeMs = performance.now() - limits.answerWithinMs
    for (const { pending } of this.#inFlight) {
      if (pending.sinceMs < beforeMs && !pending.answered) pending.answer(unknown)
    }
    for (const pending of this.#queue.expire(beforeMs)) {
      pending.answer(busy(this.#late))
    }
  }
}

type Final = Exclude<Judgement, { readonly movedTo: unknown }>

/** Answers appends, some at once: what their callers send next is written meanwhile. */
const answerWritten = async (
  batch: readonly BatchedAppend[],
  { commits, entries }: PlannedBatch,
  growth: Growth,
  checkpoint: string | undefined,
) => {
  const spell = base64Cache()
  for (const [i, { pending }] of batch.entries()) {
    if (i > 0 && i % answeredAtOnce === 0) await new Promise(setImmediate)
    const { number, position, head } = commits[i] as Commit
    pending.answer({
      commit: number,
      position,
      version: head?.version ?? 0,
      entries: entries[i] as Uint8Array[],
      repeated: false,
      receipt: fresh(growth, position, checkpoint, spell),
    })
  }
}

const unknown: AppendRefused = { refused: 'Unknown', retryAfterMs: limits.retryAfterMs }

const busy = (reason: string): AppendRefused => ({
  refused: 'Busy',
  reason,
  retryAfterMs: limits.retryAfterMs,
})

/** Of our own head: its third line (c2sp.org/tlog-checkpoint). */
const isDiskFull = (error: unknown): boolean => {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOSPC' || code === 'EDQUOT'
}

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
