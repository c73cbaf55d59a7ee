import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { openDataSource } from '@jejak/replay/source'
import { notOpened } from '@jejak/service-log/log-not-served'
import { openServiceLog, type ServiceLog } from '@jejak/service-log/service-log'
import { keysFolder, logFile } from '@jejak/storage/data-folder'
import { type ProvenLog, WrongLog } from '@jejak/storage/log/open'
import { sqliteReader, sqliteStore } from '@jejak/storage/sqlite/store'
import { logFault } from '@jejak/texts/log-faults'

export type DataLog = Omit<ServiceLog, 'keys'> & {
  readonly data: string
  /** Default: the data folder's name with `.keys`. */
  readonly keys?: string | undefined
}

/** Opens a service's log in a data folder for the one process that writes and signs it. */
export const openDataLog = async (options: DataLog): Promise<ProvenLog> => {
  const { data, service, writer } = options
  const file = logFile(data, service)
  return openServiceLog(
    { ...options, keys: keysFolder(data, options.keys) },
    {
      place: file,
      async identity() {
        const identity = await identityIn(file)
        if (!identity || identity.writer === writer) return identity
        throw new WrongLog(belongs(identity.writer))
      },
      openStore: () => sqliteStore(file),
      openSource: () => openDataSource(data, service),
    },
  )
}

const belongs = (writer: string) =>
  writer === 'service'
    ? logFault('of-a-service')
    : logFault({ key: 'of-a-command', values: { writer } })

/** The names of the logs of these services that are in a data folder. */
export const originsIn = async (
  { data, keys }: Pick<DataLog, 'data' | 'keys'>,
  services: readonly string[],
): Promise<string[]> => {
  const originOf = async (service: string) => {
    const place = logFile(data, service)
    const identity = await identityIn(place).catch(cause => {
      throw notOpened({ service, place, keys: keysFolder(data, keys) }, cause)
    })
    return identity?.origin ?? []
  }
  return (await Promise.all(services.map(originOf))).flat()
}

/** The identity of the log in a file, undefined if there is none. */
const identityIn = async (file: string) => {
  if (!existsSync(file)) return undefined
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
  try {
    // A process that was killed while it made the log leaves a file without tables.
    const made = db.prepare(`select 1 from sqlite_master where name = 'meta'`).get()
    return made && (await sqliteReader(db).identity())
  } finally {
    db.close()
  }
}
