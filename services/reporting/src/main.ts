import { parkedRpc } from '@jejak/consumer/parked-rpc'
import { cachedKeys } from '@jejak/privacy/key-cache'
import { DirectoryService } from '@jejak/proto/jejak/enrollment/v1/directory'
import { remoteDirectory } from '@jejak/rpc/directory-client'
import { hearing } from '@jejak/standalone/consuming'
import { runService } from '@jejak/standalone/service'
import { signerOf } from '@jejak/storage/log/signer'
import { serverOptions } from './http/server.ts'
import { parkedPart } from './read-model/gate.ts'
import { listen } from './read-model/listener.ts'
import { rebuildReadModel } from './read-model/rebuild.ts'
import { openReadModel } from './read-model/versions.ts'
import { openReports, type ReportsPorts } from './reports.ts'

await runService('reporting', async parts => {
  const { config, log, store, authenticating, connect, signal, metrics, failed } = parts
  const { enrollment, assessment, certification, keys } = config
  const directory = remoteDirectory(connect(enrollment).client(DirectoryService))
  const authenticate = authenticating(directory.resolve)
  const publishers = { enrollment, assessment, certification }
  const { logs, history, cursorPer, live, gated, listening } = hearing(
    parts,
    'reporting',
    publishers,
  )
  const reading = { store, history, cursorPer }
  const all = [...logs.keys()]
  listening({
    heard: all,
    consumer: openReadModel(store).active,
    listen: stop => listen({ ...reading, bus: live, logs: all, signal: stop, failed, gated }),
  })
  const refused = new Map<string, number>()
  metrics.refusals(() => refused)
  const origin = { service: 'reporting', known: log.origin, isNew: false, amongOthers: true }
  const plugin = openReports({
    logs: logs as typeof logs & ReportsPorts['logs'],
    log,
    keys: cachedKeys(directory),
    employees: directory,
    authenticate,
    store,
    rebuild: () => rebuildReadModel({ ...reading, logs, signal, failed }),
    signer: signerOf({ keys, ...origin }),
    dir: config.exports,
    refused: route => refused.set(route, (refused.get(route) ?? 0) + 1),
    clock: Date.now,
    failed,
  })
  return {
    implementations: [parkedRpc(new Map([['reporting', parkedPart({ ...reading, log })]]))],
    authenticate,
    http: { plugin, server: serverOptions },
  }
})
