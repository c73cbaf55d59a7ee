import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import type { Bus } from '@jejak/messaging/bus'
import { gate, type History } from '@jejak/messaging/gate'
import { effect } from './effect.ts'
import { consumer } from './process.ts'

export type ListenerPorts = {
  readonly bus: Bus
  /** Has the documents, and what the gate has let through. */
  readonly store: ProjectionStore
  /** Reads the publishers' streams. */
  readonly history: History
  readonly signal: AbortSignal
  /** Told when documents have changed: there may be something to certify. */
  readonly heard: () => void | Promise<void>
  /** Told of each failure; what failed is tried again after a back-off. */
  readonly failed?: ((error: unknown) => void) | undefined
}

/**
 * Keeps the documents that certificates are decided on, from what enrollment and assessment say.
 * Ends with the signal; rejects where it can't go on: a log is not the one that it has heard.
 */
export const listen = async ({ bus, store, history, signal, heard, failed }: ListenerPorts) => {
  const { handle } = gate({ consumer, store, history, effect })
  await bus.subscribe({
    consumer,
    logs: ['enrollment', 'assessment'],
    signal,
    ...(failed && { failed }),
    async handle(messages) {
      await handle(messages)
      await heard()
    },
  })
}
