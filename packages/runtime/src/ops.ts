import Fastify, { type FastifyPluginAsync, type FastifyServerOptions } from 'fastify'
import type { Health } from './health.ts'
import type { Metrics } from './metrics.ts'
import { splitAddress } from './setting-kinds.ts'

export type OpsOptions = {
  /** Host and port, as 127.0.0.1:0. */
  readonly address: string
  readonly health: Pick<Health, 'alive' | 'unready' | 'notices'>
  readonly metrics?: Pick<Metrics, 'text' | 'contentType'>
  /** The service's own routes, and the server options that they need. */
  readonly plugin?: FastifyPluginAsync
  readonly server?: FastifyServerOptions
}

export type OpsServer = {
  /** The bound port, also if the address had port 0. */
  readonly port: number
  readonly close: () => Promise<void>
}

/**
 * `/healthz` says whether the process can go on, and what to look after; `/readyz` whether it takes
 * calls, or what is not ready and why. `/metrics` is for Prometheus. Fails if the address is taken.
 */
export const serveOps = async (options: OpsOptions): Promise<OpsServer> => {
  const { address, health, metrics, plugin, server = {} } = options
  const app = Fastify({ ...server, forceCloseConnections: 'idle' })
  app.get('/healthz', async (_, reply) => {
    if (!health.alive()) return reply.code(503).send({ status: 'failed' })
    const notices = health.notices()
    return { status: 'alive', ...(notices.length > 0 && { notices }) }
  })
  app.get('/readyz', async (_, reply) => {
    const unready = await health.unready()
    if (unready.length === 0) return { status: 'ready' }
    return reply.code(503).send({ status: 'not ready', unready })
  })
  if (metrics) {
    app.get('/metrics', async (_, reply) =>
      reply.type(metrics.contentType).send(await metrics.text()),
    )
  }
  if (plugin) await app.register(plugin)
  const { host, port } = bindable(address)
  await app.listen({ host, port }).catch(async (cause: NodeJS.ErrnoException) => {
    await app.close() // What the plugin does beside its answers has begun.
    if (cause.code !== 'EADDRINUSE') throw cause
    const message = `address already in use: ${address}: stop what uses it, or take another`
    throw new Error(message, { cause })
  })
  const bound = app.server.address()
  return {
    port: typeof bound === 'object' && bound ? bound.port : port,
    close: () => app.close(),
  }
}

const bindable = (address: string) => {
  const parts = splitAddress(address)
  if (!parts) throw new Error(`${address} is no address: write host:port, as 127.0.0.1:8080`)
  return parts
}
