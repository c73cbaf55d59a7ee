import { dayOf } from '@jejak/competency/calendar'
import { reportingEvents } from '@jejak/events/reporting'
import type { EventLog } from '@jejak/eventsourcing/log'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import type { HistoryLog } from '@jejak/rpc/history'
import { recordingReads } from '@jejak/rpc/read-audit'
import type { Signer } from '@jejak/transparency/key'
import type { FastifyPluginAsync } from 'fastify'
import { openExports } from './exports/exports.ts'
import type { HttpPorts } from './http/context.ts'
import { exportRoutes } from './http/exports.ts'
import { reportingHttp } from './http/server.ts'
import { openQueries } from './read-model/queries.ts'

export type ReportsPorts = Omit<HttpPorts, 'queries' | 'store' | 'log' | 'logger' | 'exports'> & {
  /** Reporting's own. */
  readonly log: EventLog & HistoryLog
  /** Has the read model. */
  readonly store: ProjectionStore
  /** Signs the manifests of exports: who signs the log. */
  readonly signer: Signer
  /** The folder of exports. */
  readonly dir: string
  readonly failed: (error: unknown) => void
}

/** Who organises the programmes that exports tell of. */
const organizer = 'BKPSDMD Kota Makassar'

/** Reports and exports over HTTP. */
export const openReports = (ports: ReportsPorts): FastifyPluginAsync => {
  const { log, store, signer, dir, failed, ...rest } = ports
  const common = { ...rest, log, store, queries: openQueries({ store, clock: rest.clock }) }
  const { encode } = reportingEvents
  const exporting = openExports({
    ...common,
    recordRead: recordingReads({ log, encode, today: () => dayOf(rest.clock()) }),
    signer,
    dir,
    organizer,
  })
  return reportingHttp({
    ...common,
    logger: { error: fields => failed(fields) },
    exports: exportRoutes(exporting),
  })
}
