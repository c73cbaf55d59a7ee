import { parkedRpc } from '@jejak/consumer/parked-rpc'
import { cachedKeys } from '@jejak/privacy/key-cache'
import { DirectoryService } from '@jejak/proto/jejak/enrollment/v1/directory'
import { remoteDirectory } from '@jejak/rpc/directory-client'
import { consuming } from '@jejak/standalone/consuming'
import { runService } from '@jejak/standalone/service'
import { signerOf } from '@jejak/storage/log/signer'
import { serverOptions } from './http/server.ts'
import { reportingConsumer } from './read-model/consumer.ts'
import { rebuildReadModel } from './read-model/rebuild.ts'
import { type ReportingPorts, reportingService } from './service.ts'

await runService('reporting', async parts => {
  const { config, logger, log, authenticating, connect, signal, metrics, failed } = parts
  const { enrollment, assessment, certification, keys } = config
  const directory = remoteDirectory(connect(enrollment).client(DirectoryService))
  const authenticate = authenticating(directory.resolve)
  const publishers = { enrollment, assessment, certification }
  const { logs, ports, start } = consuming(parts, reportingConsumer, publishers)
  start()
  const refused = new Map<string, number>()
  metrics.refusals(() => refused)
  const origin = { service: 'reporting', known: log.origin, isNew: false, amongOthers: true }
  const service = reportingService({
    ...ports,
    log,
    logs: logs as typeof logs & ReportingPorts['logs'],
    keys: cachedKeys(directory),
    employees: directory,
    authenticate,
    rebuild: () => rebuildReadModel({ ...ports, logs, signal, failed }),
    exports: {
      signer: signerOf({ keys, ...origin }),
      dir: config.exports,
      damaged: err => logger.error({ err }, 'no export is made that rests on this'),
    },
    refused: route => refused.set(route, (refused.get(route) ?? 0) + 1),
    clock: Date.now,
    failed,
  })
  return {
    implementations: [parkedRpc(new Map([['reporting', service.parked]]))],
    authenticate,
    http: { plugin: service.http, server: serverOptions },
  }
})
