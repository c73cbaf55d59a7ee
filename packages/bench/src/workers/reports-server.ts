import { serveHttp } from '@jejak/embedded/http'
import { openSystem } from '@jejak/embedded/system'
import { serve } from '@jejak/rpc/serve'

// The services as one process has them, with their reports: alone, so that its memory is theirs.

export type ReportsServerTask = { readonly folder: string }

/** Where it is, and the token of HR. */
export type ReportsServer = {
  readonly grpc: string
  readonly http: string
  readonly token: string
}

const open = async ({ folder }: ReportsServerTask): Promise<ReportsServer> => {
  const system = await openSystem({ data: folder })
  const { tokens, implementations, reports } = system
  const { token } = tokens.issue({ role: 'hr' })
  const { port } = await serve({
    address: '127.0.0.1:0',
    implementations,
    authenticate: bearer => (bearer ? tokens.find(bearer) : undefined),
  })
  const http = await serveHttp('127.0.0.1:0', { ready: () => true, reports })
  process.on('message', async asked => {
    if (asked === 'idle') process.send?.({ idle: await system.idle() })
    if (asked === 'memory') process.send?.({ mib: process.resourceUsage().maxRSS / 1_024 })
  })
  return { grpc: `127.0.0.1:${port}`, http: `127.0.0.1:${http.port}`, token }
}

process.once('message', async (task: ReportsServerTask) => {
  process.send?.(await open(task))
})
process.once('disconnect', () => process.exit())
