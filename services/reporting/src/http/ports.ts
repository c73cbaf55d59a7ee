import type { Employees, Registers } from '@jejak/rpc/directory-client'
import type { Authenticate, Logger } from '@jejak/rpc/dispatch'
import type { ReadAudit } from '@jejak/rpc/read-audit'
import type { FastifyPluginAsync } from 'fastify'
import type { PersonalDataPorts } from '../personal-data.ts'
import type { ProgressPorts } from '../read-model/progress.ts'
import type { Queries } from '../read-model/queries.ts'

/** What the handlers share. */
export type HttpPorts = PersonalDataPorts &
  ProgressPorts & {
    readonly queries: Queries
    /** Keeps the read audit, in reporting's own log. */
    readonly audit: Pick<ReadAudit, 'people'>
    readonly employees: Employees & Pick<Registers, 'successors'>
    readonly authenticate: Authenticate
    /** Milliseconds since 1970. */
    readonly clock: () => number
    readonly today: () => string
    /** Called with the route of a call without a token or a right: `GET /v1/people/:asnId`. */
    readonly refused?: (route: string) => void
    /** Gets bugs, with the correlation id that the caller has. */
    readonly logger?: Logger
    /** Builds the next version of the read model, while the one there is serves. */
    readonly rebuild: () => Promise<void>
    /** The routes of exports. */
    readonly exports?: FastifyPluginAsync
  }
