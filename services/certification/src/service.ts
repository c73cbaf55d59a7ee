import type { EventLog } from '@jejak/eventsourcing/log'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import type { History } from '@jejak/messaging/gate'
import { certificateRpc, type Employees } from './certificate-rpc.ts'
import { openCertificates } from './certificates.ts'
import { manager, type OnStep } from './manager.ts'

export type CertificationPorts = {
  readonly log: EventLog
  /** Has the documents that `listen` keeps. */
  readonly store: ProjectionStore
  /** Reads the streams of assessment. */
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
 * Issues a certificate where a training is completed and every target of its programme is
 * attained. What it goes by is kept by `listener.ts`, in this thread or another.
 */
export const certificationService = (ports: CertificationPorts) => {
  const { log, store, history, employees, clock, onStep, failed } = ports
  const stop = new AbortController()
  const certificates = openCertificates(log)
  const certifier = manager({ certificates, store, history, clock, onStep, failed })
  const run = certifier.run(stop.signal)
  return {
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
