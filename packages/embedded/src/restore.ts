import { copyFileSync, existsSync, mkdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { keysFolder } from '@jejak/storage/data-folder'
import { copyDurably, moveIntoPlace, syncToDisk, writeDurably } from '@jejak/storage/durable-file'
import { type Lock, lockFile } from '@jejak/storage/lock'
import { macFile } from '@jejak/storage/log/mac-file'
import { headFile, keyFile, vkeyFile } from '@jejak/storage/log/signer'
import { mustBeEmpty, unwritable } from './backup.ts'
import {
  type BackupManifest,
  BackupRefused,
  readBackupManifest,
  sha256Of,
} from './backup-manifest.ts'
import { continueLog, type Lost, type RestoredState, restoredState } from './restore-origin.ts'

export type RestoreOptions = {
  readonly from: string
  /** The folder to restore to: not there yet, or empty. */
  readonly data: string
  readonly keys?: string | undefined
  /** Whether logs that can't go on as the same go on as others. */
  readonly newOrigin?: boolean
  readonly now?: () => number
}

export type Restored = {
  readonly manifest: BackupManifest
  readonly logs: readonly RestoredLog[]
  /** The folder of the keys and heads of the logs that were given up. */
  readonly archive?: string
}

export type RestoredLog = {
  readonly service: string
  readonly origin: string
  /** Events that were restored, and that were signed for; undefined if no head was left. */
  readonly size: number
  readonly signed?: number
  /** Why it can't go on as the same log. */
  readonly lost?: Lost
  /** The name under which it goes on. */
  readonly continuedAs?: string
}

/** Input of the last steps, which alone change keys: a killed restore goes on from it. */
type Ready = { readonly sha256: string; readonly stamp: string; readonly restored: Restored }

/**
 * Restores a backup into a folder of its own. All is made beside it, and checked, and then given
 * its name: a restore that was killed is begun again, or, where keys may have been changed already,
 * gone on with.
 */
export const restore = async (options: RestoreOptions): Promise<Restored> => {
  const { from, data } = options
  const keys = keysFolder(data, options.keys)
  const part = `${data}.part`
  const { manifest, sha256 } = readBackupManifest(from)
  mustBeEmpty(data, 'what is restored')
  try {
    const left = readReady(part)
    if (left && left.sha256 !== sha256) {
      const why = `another backup is half restored in ${part}`
      throw new BackupRefused('Interrupted', `${why}: restore that one, or remove the folder`)
    }
    const ready = left ?? (await prepare(options, { keys, part, manifest, sha256 }))
    return finish(ready, { data, keys, part })
  } catch (error) {
    if (!readReady(part)) rmSync(part, { recursive: true, force: true })
    throw unwritable(data, error)
  }
}

const readyFile = (part: string): string => join(part, 'ready.json')

const readReady = (part: string): Ready | undefined =>
  existsSync(readyFile(part)) && existsSync(join(part, 'data'))
    ? JSON.parse(readFileSync(readyFile(part), 'utf8'))
    : undefined

type Place = {
  readonly keys: string
  readonly part: string
  readonly manifest: BackupManifest
  readonly sha256: string
}

/** Makes everything under `part`: the data, and the keys and heads of logs that go on as others. */
const prepare = async (options: RestoreOptions, place: Place): Promise<Ready> => {
  const { from, newOrigin = false, now = Date.now } = options
  const { keys, part, manifest, sha256 } = place
  const folder = join(part, 'data')
  rmSync(part, { recursive: true, force: true })
  for (const made of [folder, join(part, 'keys')]) mkdirSync(made, { recursive: true, mode: 0o700 })
  for (const { file, sha256 } of manifest.files)
    await copyChecked(join(from, file), join(folder, file), sha256)
  const services = manifest.logs.map(({ service }) => service)
  const locks = newOrigin ? services.map(service => lockOf(keys, service)) : []
  try {
    const states = await Promise.all(services.map(one => restoredState(folder, keys, one)))
    const stamp = `restored-${new Date(now()).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`
    const logs: RestoredLog[] = []
    for (const state of states) {
      const goesOn = newOrigin && state.lost !== undefined
      const continuing = {
        ...{ ...state, folder, keys: join(part, 'keys') },
        ...{ formerKeys: keys, stamp },
      }
      const continuedAs = goesOn ? await continueLog(continuing) : undefined
      logs.push({ ...describe(state), ...(continuedAs && { continuedAs }) })
    }
    if (newOrigin && logs.every(({ lost }) => lost === undefined)) {
      const why = 'nothing that was signed is missing, and every key is there'
      throw new BackupRefused('NothingLost', `${why}: restore it without --new-origin`)
    }
    const archive = newOrigin ? { archive: join(keys, `before-${stamp}`) } : {}
    const ready = { sha256, stamp, restored: { manifest, logs, ...archive } }
    writeDurably(readyFile(part), JSON.stringify(ready))
    return ready
  } finally {
    for (const lock of locks) lock.close()
  }
}

const describe = ({ service, former, kept, lost }: RestoredState): RestoredLog => ({
  service,
  origin: former.identity.origin,
  size: former.size,
  ...(kept && { signed: kept.size }),
  ...(lost && { lost }),
})

const copyChecked = async (from: string, to: string, sha256: string): Promise<void> => {
  if (!existsSync(from)) throw new BackupRefused('Altered', `${from} is missing from the backup`)
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
  copyFileSync(from, to)
  syncToDisk(to)
  syncToDisk(dirname(to))
  if ((await sha256Of(to)) === sha256) return
  throw new BackupRefused('Altered', `${from} is not what was backed up: its SHA-256 is another`)
}

/** The process that signs the log must have ended: it would go on under a name that is given up. */
const lockOf = (keys: string, service: string): Lock => {
  mkdirSync(keys, { recursive: true, mode: 0o700 })
  const file = `${headFile(keys, service)}.lock`
  const lock = lockFile(file)
  if (lock) return lock
  throw new BackupRefused('InUse', `another process signs this log: it holds ${file}`)
}

/** Each step can be done again: a kill in between changes nothing. */
const finish = (ready: Ready, place: Pick<Place, 'keys' | 'part'> & { data: string }): Restored => {
  const { data, keys, part } = place
  const { logs, archive } = ready.restored
  const continued = logs.filter(({ continuedAs }) => continuedAs !== undefined)
  const changed = continued.flatMap(({ service }) =>
    [keyFile, vkeyFile, headFile, macFile].map(
      fileOf =>
        [
          fileOf(keys, service),
          fileOf(join(part, 'keys'), service),
          fileOf(archive ?? '', service),
        ] as const,
    ),
  )
  if (archive) mkdirSync(archive, { recursive: true, mode: 0o700 })
  for (const [own, made, kept] of changed) {
    if (existsSync(own) && !existsSync(kept) && !isSame(own, made)) copyDurably(own, kept)
  }
  // A key from the environment has no file: that of the former log must not stay in its place.
  for (const [own, made] of changed) {
    if (existsSync(made)) copyDurably(made, own)
    else rmSync(own, { force: true })
  }
  if (existsSync(data)) rmdirSync(data)
  moveIntoPlace(join(part, 'data'), data)
  rmSync(part, { recursive: true, force: true })
  return ready.restored
}

const isSame = (one: string, other: string): boolean =>
  existsSync(other) && readFileSync(one).equals(readFileSync(other))
