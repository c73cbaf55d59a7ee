import type { EventLog } from '@jejak/eventsourcing/log'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import type { LogName } from '@jejak/history/fact'
import type { SubjectKeys } from '@jejak/privacy/vault'
import type { Authenticate, Logger } from '@jejak/rpc/dispatch'
import type { HistoryLog } from '@jejak/rpc/history'
import type { RecordRead } from '@jejak/rpc/read-audit'
import type { FastifyPluginAsync } from 'fastify'
import type { Queries } from '../read-model/queries.ts'

/** A person, as enrollment knows of one today. */
export type Resolved = {
  /** The surviving record's, of one that was merged. */
  readonly asnId: string
  readonly agency: string
  readonly position: string
  readonly status: 'active' | 'erased'
}

/** Undefined of who is not there; in the order of the questions. */
export type Employees = {
  readonly resolve: (asnIds: readonly string[]) => Promise<readonly (Resolved | undefined)[]>
  readonly byNip: (nips: readonly string[]) => Promise<readonly (Resolved | undefined)[]>
}

export type HttpPorts = {
  readonly queries: Queries
  /** Has the read model: how far it has come. */
  readonly store: Pick<ProjectionStore, 'load' | 'cursor'>
  /** Reporting's own, where it is recorded who reads. */
  readonly log: Pick<EventLog, 'append'>
  /** Of the services whose facts are told. */
  readonly logs: ReadonlyMap<LogName, HistoryLog>
  /** Open what is sealed. */
  readonly keys: SubjectKeys
  readonly employees: Employees
  readonly authenticate: Authenticate
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** Told of each call that is refused for want of a token or a right: `GET /v1/people/:asnId`. */
  readonly refused?: (route: string) => void
  /** Told of bugs, with the correlation id that the caller has. */
  readonly logger?: Logger
  /** Builds the read model anew, while the one there is is read. */
  readonly rebuild: () => Promise<void>
  /** The routes of exports. */
  readonly exports?: FastifyPluginAsync
}

/** What the routes share. */
export type HttpDesk = HttpPorts & { readonly recordRead: RecordRead; readonly today: () => string }
