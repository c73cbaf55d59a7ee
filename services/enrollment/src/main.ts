import { firstTokensFile, issueFirst } from '@jejak/access/first-tokens'
import { erasuresFile, rememberErasures } from '@jejak/privacy/erasures'
import { mongoVault, mongoVaultIsNew } from '@jejak/privacy/mongo-vault'
import { wrappingKey, wrappingKeyFile } from '@jejak/privacy/wrapping'
import { runService } from '@jejak/standalone/service'
import { openedFiles, watchFiles } from '@jejak/storage/file-identity'
import { directoryRpc } from './directory-rpc.ts'
import { enrollmentService } from './service.ts'

const vaultDatabase = 'jejak-vault'

await runService('enrollment', async parts => {
  const { config, log, store, tokens, authenticating, logger, closing, metrics, fail } = parts
  const say = (line: string) => logger.info(line)
  const wrapping = wrappingKey({
    file: wrappingKeyFile(config.keys),
    isNew: await mongoVaultIsNew(config.mongo, vaultDatabase),
    onMade: file => say(`made ${file}: without it no personal data can be read`),
  })
  const stored = await mongoVault(config.mongo, vaultDatabase, wrapping)
  closing('vault', stored.close)
  const vault = await rememberErasures(stored, erasuresFile(config.keys))
  const files = [erasuresFile(config.keys), wrappingKeyFile(config.keys)]
  closing(
    'files',
    watchFiles(
      files.map(file => openedFiles(file)),
      fail,
    ).close,
  )
  const service = await enrollmentService({
    log,
    source: log.origin,
    vault,
    tokens,
    store,
    clock: Date.now,
  })
  closing('enrollment', service.close)
  metrics.subjectRequests(service.openRequests)
  await issueFirst(tokens, firstTokensFile(config.keys), say)
  const { employees } = service
  return {
    implementations: [...service.implementations, directoryRpc(employees, vault)],
    authenticate: authenticating(employees.resolve),
  }
})
