import { writeFileSync } from 'node:fs'
import { openHeadFile } from '@jejak/storage/log/head'
import { type LogOptions, openLog, type ProvenLog } from '@jejak/storage/log/open'
import { headFile, signerOf, vkeyFile } from '@jejak/storage/log/signer'
import { mongoStore } from '@jejak/storage/mongo/store'

export type MongoLog = Pick<LogOptions, 'check' | 'onStop'> & {
  readonly url: string
  readonly database: string
  readonly service: string
  /** The folder of its signing key and its last head, made where missing. */
  readonly keys: string
  /** Called with the file of a signing key that was made. */
  readonly onKey: (file: string) => void
}

/** Opens a service's log on MongoDB for the one process that writes and signs it. */
export const openMongoLog = async (options: MongoLog): Promise<ProvenLog> => {
  const { url, database, service, keys, onKey, ...rest } = options
  const store = await mongoStore(url, database)
  try {
    const identity = await store.identity()
    const known = identity?.origin
    const signer = signerOf({ keys, service, known, isNew: !identity, amongOthers: true, onKey })
    const head = openHeadFile(headFile(keys, service))
    try {
      const origin = known ?? signer.name
      const log = await openLog({ ...rest, store, origin, signer, head, writer: 'service' })
      writeFileSync(vkeyFile(keys, service), `${log.vkey}\n`)
      return log
    } catch (error) {
      head.close()
      throw error
    }
  } catch (error) {
    await store.close()
    throw error
  }
}
