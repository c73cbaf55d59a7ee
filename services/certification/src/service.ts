import type { EventLog } from '@jejak/eventsourcing/log'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import type { Bus } from '@jejak/messaging/bus'
import { gate, type History } from '@jejak/messaging/gate'
import { certificateRpc, type Employees } from './certificate-rpc.ts'
import { openCertificates } from './certificates.ts'
import { effect } from './effect.ts'
import { manager, type OnStep } from './manager.ts'
import { consumer } from './process.ts'

export type CertificationPorts = {
  readonly log: EventLog
  readonly bus: Bus
  /** Has the documents, and what the gate has let through. */
  readonly store: ProjectionStore
  /** Reads the publishers' streams. */
  readonly history: History
  readonly employees: Employees
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** Called after each step of the process manager: where a crash test crashes. */
  readonly onStep?: OnStep
  /** Told of each failure; what failed is tried again after a back-off. */
  readonly failed?: (error: unknown) => void
}

/**
 * Listens to enrollment and assessment, and issues a certificate where a training is completed and
 * every target of its programme is attained.
 */
export const certificationService = (ports: CertificationPorts) => {
  const { log, bus, store, history, employees, clock, onStep, failed } = ports
  const stop = new AbortController()
  const certificates = openCertificates(log)
  const certifier = manager({ certificates, store, clock, onStep, failed })
  const { handle } = gate({ consumer, store, history, effect })
  const heard = bus.subscribe({
    consumer,
    logs: ['enrollment', 'assessment'],
    signal: stop.signal,
    ...(failed && { failed }),
    async handle(messages) {
      await handle(messages)
      await onStep?.('gated')
      certifier.ring()
    },
  })
  const parts = [heard, certifier.run(stop.signal)]
  const run = Promise.all(parts).finally(() => stop.abort())
  return {
    implementations: [certificateRpc({ certificates, store, employees, clock })],
    /** Rejects where it can't go on: a log is not the one that it has heard. */
    run: run.then(() => {}),
    async close() {
      stop.abort()
      await Promise.allSettled(parts) // How they ended is what `run` says.
    },
  }
}
