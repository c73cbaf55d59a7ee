import type { Bus } from '@jejak/messaging/bus'
import type { Gate } from '@jejak/messaging/gate'
import { type GatePorts, openGate } from './gate.ts'
import { consumer } from './process.ts'

export type ListenerPorts = GatePorts & {
  readonly bus: Bus
  readonly signal: AbortSignal
  /** Told when documents have changed: there may be something to certify. */
  readonly heard: () => void | Promise<void>
  /** Told of each failure; what failed is tried again after a back-off. */
  readonly failed?: ((error: unknown) => void) | undefined
  /** Told where what the gate has let through is counted. */
  readonly counted?: (counts: Gate['counts']) => void
}

/**
 * Keeps the documents that certificates are decided on, from what enrollment and assessment say.
 * Ends with the signal; rejects where it can't go on: a log is not the one that it has heard.
 */
export const listen = async (ports: ListenerPorts) => {
  const { bus, signal, heard, failed } = ports
  const { handle, settle, counts } = await openGate(ports)
  ports.counted?.(counts)
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
