import type { Consumer } from '@jejak/consumer/consumer'
import type { Bus } from '@jejak/messaging/bus'
import { type GatePorts, openGate } from './gate.ts'
import { openReadModel } from './versions.ts'

export type ListenerPorts = GatePorts & {
  readonly bus: Bus
  /** The services whose logs are heard; its own is one. */
  readonly logs: readonly string[]
  readonly signal: AbortSignal
  /** Told of each failure; what failed is tried again after a back-off. */
  readonly failed?: ((error: unknown) => void) | undefined
  /** Told of the gate that it has opened: what is behind it, and what it has let through. */
  readonly gated?: (gate: Pick<Consumer, 'counts' | 'parkedCount'>) => void
}

/**
 * Keeps the read model that is read, and goes on with the next where one has taken its place. Ends
 * with the signal; rejects where it can't go on: a log is not the one that it has heard.
 */
export const listen = async (ports: ListenerPorts): Promise<void> => {
  const { bus, logs, signal, failed } = ports
  const readModel = openReadModel(ports.store)
  while (!signal.aborted) {
    const model = await readModel.active()
    const replaced = new AbortController()
    const gate = await openGate(ports, model)
    const { handle, settle } = gate
    ports.gated?.(gate)
    await settle().catch(error => failed?.(error))
    await bus.subscribe({
      consumer: model,
      logs,
      signal: AbortSignal.any([signal, replaced.signal]),
      ...(failed && { failed }),
      async handle(messages) {
        if ((await readModel.active()) === model) await handle(messages)
        else replaced.abort()
      },
    })
  }
}
