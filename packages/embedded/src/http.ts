import { serverOptions } from '@jejak/reporting/http'
import Fastify, { type FastifyPluginAsync } from 'fastify'

export type HttpOptions = {
  /** Whether it takes calls: not before everything is open, nor once it drains. */
  readonly ready: () => boolean
  /** The routes of reports. */
  readonly reports: FastifyPluginAsync
}

/** Reports; and `/healthz` says that the process lives, `/readyz` that it takes calls. */
export const serveHttp = async (address: string, { ready, reports }: HttpOptions) => {
  const app = Fastify({ ...serverOptions, forceCloseConnections: 'idle' })
  app.get('/healthz', async () => ({ status: 'alive' }))
  app.get('/readyz', async (_, reply) => {
    if (ready()) return { status: 'ready' }
    return reply.code(503).send({ status: 'not ready' })
  })
  await app.register(reports)
  const { host, port } = splitAddress(address)
  await app.listen({ host, port })
  const bound = app.server.address()
  return {
    port: typeof bound === 'object' && bound ? bound.port : port,
    close: () => app.close(),
  }
}

/** `127.0.0.1:8080`, or `[::1]:8080`. */
export const splitAddress = (address: string): { host: string; port: number } => {
  const [, host = '', port = ''] = /^\[?(.+?)\]?:(\d{1,5})$/.exec(address) ?? []
  if (host === '' || Number(port) > 65_535) {
    throw new Error(`${address} is no address: write host:port, as 127.0.0.1:8080`)
  }
  return { host, port: Number(port) }
}
