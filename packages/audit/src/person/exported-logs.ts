import { basename, join } from 'node:path'
import { type LogName, logNames } from '@jejak/history/fact'
import { type Location, LogRefused, LogUnusable } from '@jejak/replay/error'
import { logKey } from '@jejak/replay/heads'
import type { Progress } from '@jejak/replay/replay'
import { readBounded } from '@jejak/storage/bounded-file'
import { auditText } from '@jejak/texts/audit'
import { noteBytesMax } from '@jejak/transparency/checkpoint'
import { keyBytesMax, type VerifierKey } from '@jejak/transparency/key'
import {
  bundleBytesMax,
  decodeBundle,
  entriesPath,
  tileWidth,
} from '@jejak/transparency/tile-files'
import { readText, unreadableFile } from '../log/signed-heads.ts'
import {
  type LogVerification,
  type VerifyFolderOptions,
  verifyFolder,
} from '../log/verify-folder.ts'

/** A difference, or something that was not proven. */
export type AuditFinding = {
  readonly problem: string
  readonly detail: string
  readonly where?: Location
}

/** An exported log whose bytes were verified. */
export type AuditedLog = LogVerification & {
  /** The service whose log it is. */
  readonly service: string
  readonly key: VerifierKey
  /** Its signed head. */
  readonly note: string
}

type OpenedLogs = {
  readonly logs: readonly AuditedLog[]
  readonly findings: readonly AuditFinding[]
}

export type GivenKey = { readonly file: string; readonly vkey: string }

/** Verifies each folder. A refused one is a finding, and nothing in it is used. */
export const openExportedLogs = async (
  directories: readonly string[],
  keys: readonly GivenKey[],
  progress?: Progress,
): Promise<OpenedLogs> => {
  const origins = await Promise.all(directories.map(originOf))
  for (const { file, vkey } of keys) {
    const { name } = logKey(vkey, file)
    const other = origins.find(origin => basename(origin) === basename(name))
    // A key of a log that is not audited does no harm: keys are kept together.
    if (other === undefined || origins.includes(name)) continue
    const values = { path: file, log: name, other }
    throw new LogUnusable('OtherKey', auditText({ key: 'other-key', values }))
  }
  const logs: AuditedLog[] = []
  const findings: AuditFinding[] = []
  for (const [at, directory] of directories.entries()) {
    const origin = origins[at] ?? ''
    if (origins.indexOf(origin) < at) {
      throw new LogUnusable('SameLog', auditText({ key: 'same-log', values: { log: origin } }))
    }
    const given = keys.find(({ file, vkey }) => logKey(vkey, file).name === origin)
    try {
      logs.push(await openLog(directory, origin, { vkey: given?.vkey, progress }))
    } catch (error) {
      if (!(error instanceof LogRefused)) throw error
      const { problem, where, message } = error
      const detail = `${basename(origin)}: ${message}`
      findings.push({ problem, detail, where: { service: basename(origin), ...where } })
    }
  }
  const missing = logNames.filter(name => !origins.some(origin => basename(origin) === name))
  return { logs, findings: [...findings, ...missing.map(missingLog)] }
}

const missingLog = (name: LogName): AuditFinding => ({
  problem: 'LogMissing',
  detail: auditText({ key: 'log-missing', values: { name } }),
})

const originOf = async (directory: string): Promise<string> => {
  const note = await readText(join(directory, 'checkpoint'), noteBytesMax).catch(() => undefined)
  return note?.slice(0, note.indexOf('\n')) ?? directory
}

const openLog = async (directory: string, origin: string, options: VerifyFolderOptions) => {
  const verified = await verifyFolder(directory, options)
  const [note = '', own = ''] = await Promise.all([
    readText(join(directory, 'checkpoint'), noteBytesMax),
    readText(join(directory, 'vkey'), keyBytesMax),
  ])
  return {
    ...verified,
    service: basename(origin),
    key: logKey(options.vkey ?? own, directory),
    note,
  }
}

/** A file of a folder that was verified. It is bounded again, for it can be another by now. */
export const fileOf = async (
  { log: directory }: AuditedLog,
  path: string,
  bytesMax: number,
): Promise<Buffer> => {
  const file = join(directory, path)
  return readBounded(file, bytesMax).catch(error => {
    throw unreadableFile(file, error)
  })
}

/** Every bundle of entries, with the position of the first. */
export async function* bundlesOf(log: AuditedLog) {
  const { size } = log
  for (let first = 0; first < size; first += tileWidth) {
    const width = Math.min(tileWidth, size - first)
    const path = entriesPath(first / tileWidth, width)
    const bytes = await fileOf(log, path, bundleBytesMax(width))
    yield { first, bytes, entries: () => decodeBundle(bytes, width) ?? [] }
  }
}

/** The bytes of one entry. */
export const entryAt = async (log: AuditedLog, position: number): Promise<Buffer | undefined> => {
  const bundle = Math.floor(position / tileWidth)
  const width = Math.min(tileWidth, log.size - bundle * tileWidth)
  const bytes = await fileOf(log, entriesPath(bundle, width), bundleBytesMax(width))
  const entry = decodeBundle(bytes, width)?.[position % tileWidth]
  return entry && Buffer.from(entry)
}
