import { dayOf } from '@jejak/competency/calendar'
import { parkedPort } from '@jejak/consumer/consume'
import type { ConsumerPorts } from '@jejak/consumer/port'
import { provenHistory } from '@jejak/consumer/verified'
import type { EventLog } from '@jejak/eventsourcing/log'
import { openReadAudit } from '@jejak/rpc/read-audit'
import { type ExportPorts, openExports } from './exports/exports.ts'
import { exportRoutes } from './http/exports.ts'
import type { HttpPorts } from './http/ports.ts'
import { reportingHttp } from './http/server.ts'
import { reportingConsumer } from './read-model/consumer.ts'
import { openQueries } from './read-model/queries.ts'

export type ReportingPorts = ConsumerPorts &
  Omit<HttpPorts, 'queries' | 'log' | 'audit' | 'today' | 'logger' | 'exports'> & {
    /** Reporting's own. */
    readonly log: EventLog
    /** Called with each bug, and the correlation id that the caller has. */
    readonly failed: (error: unknown) => void
    /** Without it there are no exports. */
    readonly exports?: Pick<ExportPorts, 'signer' | 'dir' | 'kinds' | 'damaged'>
  }

/** The organiser of the exported courses. */
const organizer = 'BKPSDMD Kota Makassar'

/**
 * Histories, gaps and exports over HTTP. The read model that they are made of is kept by
 * `reportingConsumer`, in this thread or another.
 */
export const reportingService = (ports: ReportingPorts) => {
  const { log, store, clock, failed, exports } = ports
  const queries = openQueries({ store, clock })
  const today = () => dayOf(clock())
  const audit = openReadAudit({ log, service: 'reporting', clock })
  const { exports: _, ...common } = { ...ports, queries, today, audit }
  const proven = provenHistory(ports.logs)
  return {
    /** A Fastify plugin: register it with `serverOptions`. */
    http: reportingHttp({
      ...common,
      logger: { error: fields => failed(fields) },
      ...(exports && {
        exports: exportRoutes(openExports({ ...common, ...exports, proven, organizer })),
      }),
    }),
    /** For the operator's calls. */
    parked: parkedPort(reportingConsumer, ports),
  }
}
