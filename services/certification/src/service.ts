import type { ParkedPart } from '@jejak/consumer/parked-port'
import { certificationEvents } from '@jejak/events/certification'
import type { EventLog } from '@jejak/eventsourcing/log'
import { certificateRpc, type Employees } from './certificate-rpc.ts'
import { openCertificates } from './certificates.ts'
import { type GatePorts, openGate } from './gate.ts'
import { manager, type OnStep } from './manager.ts'

export type CertificationPorts = GatePorts & {
  readonly log: EventLog
  readonly employees: Employees
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** Called after each step of the process manager: where a crash test crashes. */
  readonly onStep?: OnStep
  /** Told of each failure; what failed is tried again after a back-off. */
  readonly failed?: (error: unknown) => void
}

/**
 * Issues a certificate where a training is completed and every target of its programme is
 * attained. What it goes by is kept by `listener.ts`, in this thread or another.
 */
export const certificationService = (ports: CertificationPorts) => {
  const { log, store, history, cursorPer, employees, clock, onStep, failed } = ports
  const stop = new AbortController()
  const certificates = openCertificates(log)
  const certifier = manager({ certificates, store, history, clock, onStep, failed })
  const run = certifier.run(stop.signal)
  const parked: ParkedPart = {
    log,
    history,
    events: certificationEvents,
    async gate() {
      const { parked, retry } = await openGate({ store, history, cursorPer })
      return { parked, retry: (log, stream) => retry(log, stream).finally(certifier.ring) }
    },
  }
  return {
    /** For who looks after parked streams. */
    parked,
    implementations: [certificateRpc({ certificates, store, history, employees, clock })],
    /** Something was heard: there may be something to certify. */
    async heard() {
      await onStep?.('gated')
      certifier.ring()
    },
    async close() {
      stop.abort()
      await run
    },
  }
}
