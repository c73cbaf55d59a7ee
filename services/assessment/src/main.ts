import { cachedKeys } from '@jejak/privacy/key-cache'
import { DirectoryService } from '@jejak/proto/jejak/enrollment/v1/directory'
import { remoteDirectory } from '@jejak/rpc/directory-client'
import { runService } from '@jejak/standalone/service'
import { assessmentService } from './service.ts'

await runService(
  'assessment',
  async ({ config, log, connect, authenticating, closing, failed }) => {
    const directory = remoteDirectory(connect(config.enrollment).client(DirectoryService))
    const service = await assessmentService({
      log,
      source: log.origin,
      employees: directory,
      keys: cachedKeys(directory),
      clock: Date.now,
      failed,
    })
    closing('assessment', service.close)
    const authenticate = authenticating(directory.resolve)
    return { implementations: service.implementations, authenticate }
  },
)
