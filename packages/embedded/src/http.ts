import { serverOptions } from '@jejak/reporting/http/server'
import { openHealth } from '@jejak/runtime/health'
import { type OpsServer, serveOps } from '@jejak/runtime/ops'
import type { FastifyPluginAsync } from 'fastify'

export type HttpOptions = {
  /** Whether it takes calls: not before everything is open, nor once it drains. */
  readonly ready: () => boolean
  /** The routes of reports. */
  readonly reports: FastifyPluginAsync
}

/** Reports; and `/healthz` says that the process lives, `/readyz` that it takes calls. */
export const serveHttp = (
  address: string,
  { ready, reports: plugin }: HttpOptions,
): Promise<OpsServer> => {
  const health = openHealth()
  health.ready('process', () => (ready() ? undefined : 'is ending'))
  return serveOps({ address, health, plugin, server: serverOptions })
}
