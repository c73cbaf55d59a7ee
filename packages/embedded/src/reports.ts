import { join } from 'node:path'
import { dayOf } from '@jejak/competency/calendar'
import { reportingEvents } from '@jejak/events/reporting'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import type { SubjectKeys } from '@jejak/privacy/vault'
import { exportHttp } from '@jejak/reporting/export-http'
import { exports } from '@jejak/reporting/exports'
import { reportingHttp } from '@jejak/reporting/http'
import type { HttpPorts } from '@jejak/reporting/http-ports'
import { openReads } from '@jejak/reporting/reads'
import { recordingReads } from '@jejak/rpc/access'
import type { Authenticate } from '@jejak/rpc/dispatch'
import type { ProvenLog } from '@jejak/storage/open'
import { signerOf } from '@jejak/storage/signer'
import type { FastifyPluginAsync } from 'fastify'

export type ReportsOptions = {
  readonly data: string
  /** The folder of keys. */
  readonly keys: string
  /** By service; reporting's own is one. */
  readonly logs: ReadonlyMap<string, ProvenLog>
  readonly vault: SubjectKeys
  readonly employees: HttpPorts['employees']
  readonly authenticate: Authenticate
  /** Has the read model that the listening thread keeps. */
  readonly store: ProjectionStore
  readonly rebuild: () => Promise<void>
  readonly clock: () => number
  readonly failed: (error: unknown) => void
}

/** Who organises the programmes that exports tell of. */
const organizer = 'BKPSDMD Kota Makassar'

/** Reports and exports over HTTP, of one system in one process. */
export const openReports = (options: ReportsOptions): FastifyPluginAsync => {
  const { data, keys, vault, employees, authenticate, store, rebuild, clock, failed } = options
  const logs = options.logs as HttpPorts['logs'] & typeof options.logs
  const log = logs.get('reporting') as ProvenLog
  const common = { reads: openReads({ store, clock }), log, logs, keys: vault, employees, clock }
  const service = { keys, service: 'reporting', known: log.origin }
  const { encode } = reportingEvents
  const exporting = exports({
    ...common,
    store,
    encode,
    recordRead: recordingReads({ log, encode, today: () => dayOf(clock()) }),
    signer: signerOf({ ...service, isNew: false, amongOthers: true }),
    dir: join(data, 'reporting', 'exports'),
    organizer,
  })
  return reportingHttp({
    ...common,
    store,
    authenticate,
    rebuild,
    logger: { error: fields => failed(fields) },
    exports: exportHttp(exporting),
  })
}
