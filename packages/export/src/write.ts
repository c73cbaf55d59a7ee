import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Signer } from '@jejak/transparency/key'
import { type ExportKind, type ExportRow, type Format, formats } from './kind.ts'
import {
  canonicalJson,
  checkManifest,
  type Manifest,
  type ManifestHead,
  manifestName,
  noteName,
} from './manifest.ts'
import { signManifest } from './note.ts'
import { writeRows } from './rows.ts'

/** An export, ready to be written. */
export type ExportToWrite = {
  readonly kind: ExportKind
  readonly rows: AsyncIterable<ExportRow>
  readonly format: Format
  /** Is made. If it exists, it must be empty, or have no more than an interrupted export left. */
  readonly dir: string
  /** The parameters of the export, in codes, days and numbers: never a person. */
  readonly query: Readonly<Record<string, string | number>>
  readonly exportId: string
  /** RFC 3339. */
  readonly madeAt: string
  readonly heads: readonly ManifestHead[]
  /** The key of the reporting log. */
  readonly signer: Signer
  /** The SHA-256 of the earlier manifest. */
  readonly supersedes?: string | undefined
}

/** The folder has other files in it, as those of an earlier export. */
export class FolderInUse extends Error {
  override name = 'FolderInUse'
}

/**
 * Writes the rows, then the manifest, then its note: a folder without the note is not complete.
 * Each is written beside and renamed. If one fails, nothing of the export stays.
 */
export const writeExport = async (options: ExportToWrite): Promise<Manifest> => {
  const { kind, rows, format, dir, signer } = options
  const { name, fields } = kind
  const draft = draftOf(options)
  const problem = checkManifest(draft, [kind])
  if (problem) throw new RangeError(`no such export: ${problem}`)
  await clear(name, dir)
  const file = `${name}.${format}`
  try {
    let count = 0
    const counted = async function* () {
      for await (const row of rows) {
        count++
        yield row
      }
    }
    await settled(join(dir, file), part => writeRows(format, part, fields, counted()))
    const sum = await sumOf(join(dir, file))
    const manifest = { ...draft, files: [{ file, format, ...sum, rows: count }] }
    await settledText(join(dir, manifestName), canonicalJson(manifest))
    await settledText(join(dir, noteName), signManifest(manifest, signer))
    return manifest
  } catch (error) {
    await clear(name, dir)
    throw error
  }
}

const draftOf = (options: ExportToWrite): Manifest => {
  const { exportId, madeAt, query, heads, signer, supersedes } = options
  const { name, fields } = options.kind
  return {
    manifest: 'jejak-export-v1',
    name,
    exportId,
    madeAt,
    query: { ...query },
    fields: [...fields],
    files: [],
    heads: heads.map(({ log, vkey, checkpoint }) => ({ log, vkey, checkpoint })),
    vkey: signer.vkey,
    ...(supersedes !== undefined && { supersedes }),
  }
}

/** Makes the folder, and removes what an interrupted export left in it. */
const clear = async (name: string, dir: string): Promise<void> => {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const ours = [...formats.map(format => `${name}.${format}`), manifestName, noteName]
  const left = [...ours.filter(file => file !== noteName), ...ours.map(file => `${file}.part`)]
  const there = await readdir(dir)
  const other = there.find(file => !left.includes(file))
  if (other !== undefined) {
    throw new FolderInUse(`${dir} has ${other} in it: an export needs a folder of its own`)
  }
  for (const file of there) await rm(join(dir, file))
}

const settled = async (path: string, write: (part: string) => Promise<void>): Promise<void> => {
  await write(`${path}.part`)
  await rename(`${path}.part`, path)
  const folder = await open(join(path, '..'), 'r')
  await folder.sync() // Until the name, too, would survive a power cut.
  await folder.close()
}

const settledText = (path: string, text: string): Promise<void> =>
  settled(path, part => writeFile(part, text, { mode: 0o600, flush: true }))

/** The digest of the file as it is on the disk. */
const sumOf = async (path: string): Promise<{ sha256: string; bytes: number }> => {
  const sum = createHash('sha256')
  await pipeline(createReadStream(path), sum)
  return { sha256: sum.digest('hex'), bytes: (await stat(path)).size }
}
