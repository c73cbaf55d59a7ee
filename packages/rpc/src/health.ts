// tidy: what grpc-health-check leaves out, apart from the server.
import type { Server, ServerWritableStream } from '@grpc/grpc-js'
import { HealthImplementation } from 'grpc-health-check'

type Watch = ServerWritableStream<object, object>

/** grpc.health.v1: the server as a whole under the empty name, and each service. */
export const addHealth = (server: Server, services: readonly string[]) => {
  const names = ['', ...services]
  const health = new HealthImplementation(
    Object.fromEntries(names.map(name => [name, 'SERVING' as const])),
  )
  const watching = new Set<Watch>()
  health.addToServer({
    addService(definition, implementation) {
      const watch = implementation['watch'] as (call: Watch) => void
      server.addService(definition, {
        ...implementation,
        watch: (call: Watch) => {
          watching.add(call)
          call.once('cancelled', () => watching.delete(call))
          watch(call)
        },
      })
    },
  })
  return {
    /** Says NOT_SERVING, and ends the watches: they would hold up a shutdown for ever. */
    stop() {
      for (const name of names) health.setStatus(name, 'NOT_SERVING')
      for (const call of watching) call.end()
    },
  }
}
