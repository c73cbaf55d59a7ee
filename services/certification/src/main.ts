import { parkedRpc } from '@jejak/consumer/parked-rpc'
import { DirectoryService } from '@jejak/proto/jejak/enrollment/v1/directory'
import { remoteDirectory } from '@jejak/rpc/directory-client'
import { consuming } from '@jejak/standalone/consuming'
import { runService } from '@jejak/standalone/service'
import { certificationConsumer } from './consumer.ts'
import { projectionName, todoPrefix } from './read-model.ts'
import { certificationService } from './service.ts'

await runService('certification', async parts => {
  const { config, logger, log, store, connect, authenticating, closing, metrics, failed } = parts
  const { enrollment, assessment } = config
  const directory = remoteDirectory(connect(enrollment).client(DirectoryService))
  const { logs, ports, start } = consuming(parts, certificationConsumer, { enrollment, assessment })
  const service = certificationService({
    ...ports,
    log,
    logs,
    employees: directory,
    clock: Date.now,
    failed,
    damaged: err => logger.error({ err }, 'no certificate is issued that rests on this'),
  })
  closing('certification', service.close)
  start(service.applied)
  metrics.todos(
    projectionName,
    async () => (await Array.fromAsync(store.dump(projectionName, todoPrefix))).length,
  )
  const parked = new Map([['certification', service.parked]])
  return {
    implementations: [...service.implementations, parkedRpc(parked)],
    authenticate: authenticating(directory.resolve),
  }
})
