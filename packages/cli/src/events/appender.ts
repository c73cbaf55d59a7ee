import { setTimeout as sleep } from 'node:timers/promises'
import type { Append, Appended, AppendRefused, EventLog } from '@jejak/eventsourcing/log'
import { CommandFailed } from '../terminal/exit.ts'

/** How many appends are under way at once: two batches, so that one fills while one is written. */
const underWayMax = 2_000

const backOffMaxMs = 10_000

/** After so many tries in which nothing moved, the store is not going to come back by itself. */
const triesMax = 20

/** What becomes of a line. */
export type AppendResult =
  | Appended
  | Exclude<AppendRefused, { refused: 'Busy' | 'Unknown' | 'Closed' }>

type Ticket<T> = { readonly item: T; readonly append?: Append; result?: AppendResult | string }

/**
 * Appends what it is given, in order, many at once. What the log has no room for, or can't say the
 * end of, is sent again with its own key, before anything that came later.
 */
export class Appender<T> {
  readonly #log: EventLog
  readonly #settled: (item: T, result: AppendResult | string) => void
  /** In the order in which they came: the first is the first that is not settled. */
  readonly #tickets: Ticket<T>[] = []
  #again: { ticket: Ticket<T>; retryAfterMs: number }[] = []
  #underWay = 0
  #tries = 0
  #failed: unknown
  #wake = () => {}

  /** `settled` is told in the order of `put`. */
  constructor(log: EventLog, settled: (item: T, result: AppendResult | string) => void) {
    this.#log = log
    this.#settled = settled
  }

  /** Takes an append, or a reason why there is none. */
  async put(item: T, append: Append | string): Promise<void> {
    while (this.#tickets.length >= underWayMax || this.#again.length > 0) await this.#move()
    if (typeof append === 'string') {
      this.#tickets.push({ item, result: append })
      return this.#settle()
    }
    const ticket = { item, append }
    this.#tickets.push(ticket)
    this.#send(ticket)
  }

  async end(): Promise<void> {
    while (this.#tickets.length > 0) await this.#move()
    if (this.#failed) throw this.#failed
  }

  #send(ticket: Ticket<T>): void {
    this.#underWay++
    this.#log
      .append(ticket.append as Append)
      .then(result => this.#answer(ticket, result))
      .catch(error => {
        this.#failed ??= error
      })
      .finally(() => {
        this.#underWay--
        this.#wake()
      })
  }

  #answer(ticket: Ticket<T>, result: Appended | AppendRefused): void {
    if ('refused' in result) {
      const { refused } = result
      if (refused === 'Closed') throw new CommandFailed('Closed', result.reason)
      if (refused === 'Busy' || refused === 'Unknown') {
        this.#again.push({ ticket, retryAfterMs: result.retryAfterMs })
        return
      }
    }
    this.#tries = 0
    ticket.result = result as AppendResult
    this.#settle()
  }

  #settle(): void {
    while (this.#tickets[0]?.result !== undefined) {
      const { item, result } = this.#tickets.shift() as Ticket<T>
      this.#settled(item, result as AppendResult)
    }
  }

  /** Until something was answered; or, where all that is left must be sent again, until it is. */
  async #move(): Promise<void> {
    if (this.#failed) throw this.#failed
    if (this.#underWay > 0) {
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
      return
    }
    if (++this.#tries > triesMax) {
      const detail = 'the store takes nothing any more: look to it, then run this again to go on'
      throw new CommandFailed('Busy', detail)
    }
    const asked = Math.max(...this.#again.map(({ retryAfterMs }) => retryAfterMs))
    await sleep(Math.min(backOffMaxMs, asked * 2 ** (this.#tries - 1)))
    const again = new Set(this.#again.map(({ ticket }) => ticket))
    this.#again = []
    for (const ticket of this.#tickets) if (again.has(ticket)) this.#send(ticket)
  }
}
