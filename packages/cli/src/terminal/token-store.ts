import { existsSync } from 'node:fs'
import { openTokens, type TokenStore } from '@jejak/access/tokens'
import { tokensFile } from '@jejak/storage/data-folder'
import { CommandFailed } from './exit.ts'
import { userPath } from './paths.ts'

/** The tokens of a data folder, or of the services that share a MongoDB. */
export const openStore = async (at: {
  readonly data: string
  readonly mongo?: string | undefined
}): Promise<TokenStore> => {
  if (at.mongo !== undefined) {
    const { mongoTokens, tokensDatabase } = await import('@jejak/access/mongo-tokens')
    return mongoTokens(at.mongo, tokensDatabase).catch(cause => {
      throw new CommandFailed('Unreachable', `--mongo: ${cause.message}`)
    })
  }
  const file = tokensFile(userPath(at.data))
  if (!existsSync(file)) {
    throw new CommandFailed('NoData', `there is no ${file}: jejak up makes it, --data says where`)
  }
  return openTokens(file)
}
