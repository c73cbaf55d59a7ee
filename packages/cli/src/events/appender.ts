import { setTimeout as sleep } from 'node:timers/promises'
import type { Append, Appended, AppendRefused, EventLog } from '@jejak/eventsourcing/log'
import { importText } from '@jejak/texts/imports'
import { CommandFailed } from '../terminal/exit.ts'

/** Appends in flight: two batches, so that one fills while the other is written. */
const inFlightMax = 2_000

const backOffMaxMs = 10_000

/** After so many tries without an answer, the store does not recover by itself. */
const triesMax = 20

/** The result of a line. */
export type AppendResult =
  | Appended
  | Exclude<AppendRefused, { refused: 'Busy' | 'Unknown' | 'Closed' }>

/** An item, its append, and the result once it is there: a text is a reason not to append it. */
type Pending<T> = { readonly item: T; readonly append?: Append; result?: AppendResult | string }

/**
 * Appends in order, many at once. An append that the log has no room for, or of which it does not
 * know the result, is sent again with its own key, before anything that came later.
 */
export class Appender<T> {
  readonly #log: EventLog
  readonly #settled: (item: T, result: AppendResult | string) => void
  /** In the order of `put`; the first of them has no result yet. */
  readonly #pending: Pending<T>[] = []
  #again: { pending: Pending<T>; retryAfterMs: number }[] = []
  #inFlight = 0
  #tries = 0
  #failed: unknown
  #wake = () => {}

  /** `settled` is called in the order of `put`. */
  constructor(log: EventLog, settled: (item: T, result: AppendResult | string) => void) {
    this.#log = log
    this.#settled = settled
  }

  /** Waits for room. A text is the reason why a line is not appended. */
  async put(item: T, append: Append | string): Promise<void> {
    while (this.#pending.length >= inFlightMax || this.#again.length > 0) await this.#progress()
    if (typeof append === 'string') {
      this.#pending.push({ item, result: append })
      return this.#settle()
    }
    const pending = { item, append }
    this.#pending.push(pending)
    this.#send(pending)
  }

  async end(): Promise<void> {
    while (this.#pending.length > 0) await this.#progress()
    if (this.#failed) throw this.#failed
  }

  #send(pending: Pending<T>): void {
    this.#inFlight++
    this.#log
      .append(pending.append as Append)
      .then(result => this.#answer(pending, result))
      .catch(error => {
        this.#failed ??= error
      })
      .finally(() => {
        this.#inFlight--
        this.#wake()
      })
  }

  #answer(pending: Pending<T>, result: Appended | AppendRefused): void {
    if ('refused' in result) {
      const { refused } = result
      if (refused === 'Closed') throw new CommandFailed('Closed', result.reason)
      if (refused === 'Busy' || refused === 'Unknown') {
        this.#again.push({ pending, retryAfterMs: result.retryAfterMs })
        return
      }
    }
    this.#tries = 0
    pending.result = result as AppendResult
    this.#settle()
  }

  #settle(): void {
    while (this.#pending[0]?.result !== undefined) {
      const { item, result } = this.#pending.shift() as Pending<T>
      this.#settled(item, result as AppendResult)
    }
  }

  /** Waits for an answer. If none is in flight, waits, and sends again what must be sent again. */
  async #progress(): Promise<void> {
    if (this.#failed) throw this.#failed
    if (this.#inFlight > 0) {
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
      return
    }
    if (++this.#tries > triesMax) {
      throw new CommandFailed('Busy', importText('store-full'))
    }
    const asked = Math.max(...this.#again.map(({ retryAfterMs }) => retryAfterMs))
    await sleep(Math.min(backOffMaxMs, asked * 2 ** (this.#tries - 1)))
    const again = new Set(this.#again.map(({ pending }) => pending))
    this.#again = []
    for (const pending of this.#pending) if (again.has(pending)) this.#send(pending)
  }
}
