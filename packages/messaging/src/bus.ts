import { OtherLog } from '@jejak/eventsourcing/projection'

/** An entry of a service's log, and its place there. */
export type Message = {
  /** The service whose log it is. */
  readonly log: string
  readonly stream: string
  readonly version: number
  readonly position: number
  /** The very bytes of the log. */
  readonly entry: Uint8Array
}

/** The bus port. Every adapter passes `bus-contract.ts`. */
export type Bus = {
  /** Resolves when the messages will be delivered whatever happens. In order of each stream. */
  readonly publish: (messages: readonly Message[]) => Promise<void>

  /**
   * Delivers at least once, in the order of each stream; from where a consumer had come, to a new
   * one from the beginning of what the bus keeps. Resolves after the signal has aborted and the
   * handler has returned. Rejects when it can't go on: the process must end, and another begin.
   * It does so with `Unrecoverable`, which a handler throws to end it; and, on a bus that reads
   * logs itself, with `OtherLog` if a log is not the one that was read. On a bus that is published
   * on, `relay` rejects, and nothing of the other log is delivered.
   */
  readonly subscribe: (subscription: Subscription) => Promise<void>

  /** Stops its subscriptions, as their signals would. */
  readonly close: () => Promise<void>
}

export type Subscription = {
  /** Durable: the same name goes on where it stopped. */
  readonly consumer: string
  readonly logs: readonly string[]
  /**
   * Messages that it has returned from are not delivered again, except after a crash, or if their
   * share moves meanwhile to another process of the consumer; if it throws, it gets the same again
   * after a back-off. In one process calls with messages of one log never overlap.
   */
  readonly handle: (messages: readonly Message[]) => Promise<void>
  readonly signal: AbortSignal
  /** Called with each failure before its back-off. */
  readonly failed?: (error: unknown) => void
}

/** Trying again would only repeat it: a subscription whose handler throws it rejects. */
export class Unrecoverable extends Error {
  override name = 'Unrecoverable'
}

export const endsSubscription = (error: unknown): boolean =>
  error instanceof Unrecoverable || error instanceof OtherLog

/** At most so many messages in one call of a handler. */
export const messagesMax = 1_000

const backOffMinMs = 50
const backOffMaxMs = 5_000

/** How long to wait after so many failures in a row, from 1: not all at once who failed at once. */
export const backOffMs = (failures: number): number =>
  Math.min(backOffMaxMs, backOffMinMs * 2 ** (failures - 1)) * (1 - Math.random() * 0.4)
