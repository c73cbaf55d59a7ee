import { parkedRpc } from '@jejak/consumer/parked-rpc'
import { DirectoryService } from '@jejak/proto/jejak/enrollment/v1/directory'
import { remoteDirectory } from '@jejak/rpc/directory-client'
import { hearing } from '@jejak/standalone/consuming'
import { runService } from '@jejak/standalone/service'
import { todoPrefix } from './effect.ts'
import { listen } from './listener.ts'
import { consumer } from './process.ts'
import { certificationService } from './service.ts'

await runService('certification', async parts => {
  const { config, log, store, connect, authenticating, closing, metrics, failed } = parts
  const { enrollment, assessment } = config
  const directory = remoteDirectory(connect(enrollment).client(DirectoryService))
  const publishers = { enrollment, assessment }
  const { history, cursorPer, live, gated, listening } = hearing(parts, 'certification', publishers)
  const service = certificationService({
    log,
    store,
    history,
    cursorPer,
    employees: directory,
    clock: Date.now,
    failed,
  })
  closing('certification', service.close)
  const { heard } = service
  listening({
    heard: Object.keys(publishers),
    consumer: () => consumer,
    listen: signal =>
      listen({ bus: live, store, history, cursorPer, signal, heard, failed, gated }),
  })
  metrics.todos(
    consumer,
    async () => (await Array.fromAsync(store.dump(consumer, todoPrefix))).length,
  )
  return {
    implementations: [
      ...service.implementations,
      parkedRpc(new Map([['certification', service.parked]])),
    ],
    authenticate: authenticating(directory.resolve),
  }
})
