import type { Consumer } from '@jejak/consumer/consumer'
import type { Bus } from '@jejak/messaging/bus'
import { type GatePorts, openGate } from './gate.ts'
import { consumer } from './process.ts'

export type ListenerPorts = GatePorts & {
  readonly bus: Bus
  readonly signal: AbortSignal
  /** Told when documents have changed: there may be something to certify. */
  readonly heard: () => void | Promise<void>
  /** Told of each failure; what failed is tried again after a back-off. */
  readonly failed?: ((error: unknown) => void) | undefined
  /** Told of the gate that it has opened: what is behind it, and what it has let through. */
  readonly gated?: (gate: Pick<Consumer, 'counts' | 'parkedCount'>) => void
}

/**
 * Keeps the documents that certificates are decided on, from what enrollment and assessment say.
 * Ends with the signal; rejects where it can't go on: a log is not the one that it has heard.
 */
export const listen = async (ports: ListenerPorts) => {
  const { bus, signal, heard, failed } = ports
  const gate = await openGate(ports)
  const { handle, settle } = gate
  ports.gated?.(gate)
  await settle().catch(error => failed?.(error))
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
