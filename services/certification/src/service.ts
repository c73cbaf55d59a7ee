import { parkedPort } from '@jejak/consumer/consume'
import type { ParkedPort } from '@jejak/consumer/parked-rpc'
import type { ConsumerPorts } from '@jejak/consumer/port'
import {
  type EntryAltered,
  type PublisherLog,
  provenHistory,
  readHeads,
  unverifiedHeads,
} from '@jejak/consumer/verified'
import type { EventLog } from '@jejak/eventsourcing/log'
import { foundations } from '@jejak/history/rests-on'
import { openReadAudit } from '@jejak/rpc/read-audit'
import { openRecall } from '@jejak/rpc/recall'
import { type CertificateRpcOptions, certificateRpc } from './certificate-rpc.ts'
import { openCertificates } from './certificates.ts'
import { certificationConsumer } from './consumer.ts'
import { type OnStep, processManager } from './manager.ts'
import { formerProjection } from './read-model.ts'

export type CertificationPorts = ConsumerPorts & {
  readonly log: EventLog
  /** The publishers' logs and its own, by the names of their services. */
  readonly logs: ReadonlyMap<string, PublisherLog>
  readonly employees: CertificateRpcOptions['employees']
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** Called after each step of the process manager: a crash test kills the process there. */
  readonly onStep?: OnStep
  /** Called with each failure; what failed is tried again after a back-off. */
  readonly failed?: (error: unknown) => void
  /** Called instead if the log of a publisher was altered. */
  readonly damaged?: (error: EntryAltered) => void
}

/** Its own log too: that has what was issued and revoked. */
const restsOn = [...certificationConsumer.logs, certificationConsumer.service]

/**
 * Issues a certificate once a training is completed and every target of its programme is attained.
 * The documents that it decides on are kept by `certificationConsumer`, in this thread or another.
 */
export const certificationService = (ports: CertificationPorts) => {
  const { log, logs, store, history, employees, clock, onStep, failed, damaged } = ports
  const stop = new AbortController()
  const certificates = openCertificates(log)
  const sources = {
    ...{ certificates, store, history, clock, proven: provenHistory(logs) },
    heads: () => readHeads(logs, foundations),
    unverified: () => unverifiedHeads(logs, restsOn),
  }
  const certifier = processManager({ ...sources, onStep, failed, damaged })
  const run = certifier.run(stop.signal)
  const dropping = store.drop(formerProjection).catch(error => failed?.(error))
  const parked = parkedPort(certificationConsumer, ports)
  const audit = openReadAudit({ log, service: certificationConsumer.service, clock })
  return {
    /** For the operator's calls. What a retry applies can lead to a certificate. */
    parked: {
      ...parked,
      async consumer() {
        const { parked: streams, retry } = await parked.consumer()
        const ringing: typeof retry = (...stream) => retry(...stream).finally(certifier.ring)
        return { parked: streams, retry: ringing }
      },
    } satisfies ParkedPort,
    implementations: [
      certificateRpc({ ...sources, employees, audit, recall: openRecall({ log }) }),
    ],
    /** The documents may have changed: there may be something to certify. */
    async applied() {
      await onStep?.('applied')
      certifier.ring()
    },
    async close() {
      stop.abort()
      await Promise.all([run, dropping])
    },
  }
}
