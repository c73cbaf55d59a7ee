import { createHash, hash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** A backup's `backup.json`. It is written last: a backup that has it is complete. */
export type BackupManifest = {
  readonly format: 'jejak-backup-v1'
  /** When it was begun, RFC 3339: what was acknowledged before is in it. */
  readonly begun: string
  readonly files: readonly BackedFile[]
  readonly logs: readonly BackedLog[]
}

/** A file by its path in the backup, which is its path in the data folder. */
export type BackedFile = { readonly file: string; readonly bytes: number; readonly sha256: string }

/** How far a log goes in the backup. Its last signed head may be some events before that. */
export type BackedLog = {
  readonly service: string
  readonly origin: string
  readonly size: number
  /** RFC 6962, in base64. */
  readonly root: string
}

/** Why a folder can't be backed up or restored: the message says what to do. */
export class BackupRefused extends Error {
  override name = 'BackupRefused'
  readonly reason: string

  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

const manifestName = 'backup.json'

export const manifestText = (manifest: BackupManifest): string =>
  `${JSON.stringify(manifest, null, 2)}\n`

export const manifestFile = (folder: string): string => join(folder, manifestName)

/** The manifest of a backup, and the SHA-256 that names it. */
export const readBackupManifest = (
  folder: string,
): { manifest: BackupManifest; sha256: string } => {
  const file = manifestFile(folder)
  if (!existsSync(file)) {
    throw new BackupRefused(
      'NotABackup',
      `there is no ${file}: it is no backup, or not a whole one`,
    )
  }
  const bytes = readFileSync(file)
  try {
    const manifest = JSON.parse(bytes.toString('utf8')) as BackupManifest
    if (
      manifest.format === 'jejak-backup-v1' &&
      manifest.files.every(({ file }) => isInside(file))
    ) {
      return { manifest, sha256: hash('sha256', bytes) }
    }
  } catch {} // Not JSON, or of another shape: refused below.
  throw new BackupRefused('NotABackup', `${file} does not describe a backup that this jejak made`)
}

/** Only what a backup makes: a manifest from elsewhere must not name a place outside. */
const isInside = (file: string): boolean => /^([a-z][a-z0-9-]*\/)?[a-z]+\.db$/.test(file)

export const sha256Of = async (file: string): Promise<string> => {
  const sum = createHash('sha256')
  await pipeline(createReadStream(file), sum)
  return sum.digest('hex')
}
