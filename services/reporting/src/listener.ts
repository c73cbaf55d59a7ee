import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import type { Bus } from '@jejak/messaging/bus'
import { gate, type History } from '@jejak/messaging/gate'
import { effect } from './effect.ts'
import { openModels } from './models.ts'

export type ListenerPorts = {
  readonly bus: Bus
  /** The services whose logs are heard; its own is one. */
  readonly logs: readonly string[]
  /** Has the documents, and what the gate has let through. */
  readonly store: ProjectionStore
  /** Reads the publishers' streams. */
  readonly history: History
  readonly signal: AbortSignal
  /** Told of each failure; what failed is tried again after a back-off. */
  readonly failed?: ((error: unknown) => void) | undefined
}

/**
 * Keeps the read model that is read, and goes on with the next where one has taken its place. Ends
 * with the signal; rejects where it can't go on: a log is not the one that it has heard.
 */
export const listen = async (ports: ListenerPorts): Promise<void> => {
  const { bus, logs, store, history, signal, failed } = ports
  const models = openModels(store)
  while (!signal.aborted) {
    const model = await models.active()
    const replaced = new AbortController()
    const { handle } = gate({ consumer: model, store, history, effect })
    await bus.subscribe({
      consumer: model,
      logs,
      signal: AbortSignal.any([signal, replaced.signal]),
      ...(failed && { failed }),
      async handle(messages) {
        if ((await models.active()) === model) await handle(messages)
        else replaced.abort()
      },
    })
  }
}
