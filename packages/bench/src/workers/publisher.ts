import { randomUUID } from 'node:crypto'
import { historyRpc } from '@jejak/rpc/history'
import { serve } from '@jejak/rpc/serve'
import { openPublished } from '../subjects/mongo-log.ts'
import type { Place } from '../subjects/subject.ts'

// Who has the logs that others read over gRPC, in a process of its own as in life.

export type Publish = { readonly place: Place; readonly services: readonly string[] }
export type Published = { readonly port: number }

process.once('message', async ({ place, services }: Publish) => {
  const opened = services.map(
    async service => [service, await openPublished(place, service)] as const,
  )
  const { port } = await serve({
    address: '127.0.0.1:0',
    implementations: [historyRpc(new Map(await Promise.all(opened)))],
    authenticate: () => ({ id: randomUUID(), role: 'service' }),
  })
  process.send?.({ port } satisfies Published)
})
process.once('disconnect', () => process.exit())
