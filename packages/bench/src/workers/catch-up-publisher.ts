import { randomUUID } from 'node:crypto'
import { historyRpc } from '@jejak/rpc/history'
import { serve } from '@jejak/rpc/serve'
import type { StoragePlace } from '../subjects/subject.ts'
import { openServiceDatabase } from './service-log.ts'

// Serves logs over gRPC, in a process of its own as in production.

export type Publish = { readonly place: StoragePlace; readonly services: readonly string[] }
export type Published = { readonly port: number }

process.once('message', async ({ place, services }: Publish) => {
  const opened = services.map(
    async service => [service, await openServiceDatabase(place, service)] as const,
  )
  const { port } = await serve({
    address: '127.0.0.1:0',
    implementations: [historyRpc(new Map(await Promise.all(opened)))],
    authenticate: () => ({ id: randomUUID(), role: 'service' }),
  })
  process.send?.({ port } satisfies Published)
})
process.once('disconnect', () => process.exit())
