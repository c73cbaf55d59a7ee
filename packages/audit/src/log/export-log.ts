import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { EntryCheckThread } from '@jejak/replay/entry-check-thread'
import { LogRefused, LogUnusable } from '@jejak/replay/error'
import { logKey, openHead, type VerifiedHead } from '@jejak/replay/heads'
import type { Progress, ReplaySink } from '@jejak/replay/replay'
import { replayToEnd } from '@jejak/replay/replay-to-end'
import type { ReplayedTile } from '@jejak/replay/replayed-tree'
import type { LogSource } from '@jejak/replay/source'
import { lockFile } from '@jejak/storage/lock'
import type { CommitMacs } from '@jejak/storage/log/commit-mac'
import { auditText } from '@jejak/texts/audit'
import type { VerifierKey } from '@jejak/transparency/key'
import { entriesPath, tilePath, tileWidth } from '@jejak/transparency/tile-files'
import { ExportFolder, type PendingWrite } from './export-folder.ts'
import { commitMacs, signedHeads } from './signed-heads.ts'
import type { MacsChecked } from './verify-folder.ts'

export type ExportedLog = {
  readonly service: string
  readonly origin: string
  readonly vkey: string
  readonly directory: string
  readonly size: number
  readonly root: string
  /** The signed head up to which the log was exported. */
  readonly checkpoint: string
  /** The size of the earlier export, if one was continued. */
  readonly continued?: number
  readonly commits: number
  readonly written: number
  readonly unchanged: number
  /** Damaged files that were written again. */
  readonly mended: number
  readonly macs: MacsChecked
}

export type ExportOptions = {
  /** The folder with the log's last head, if it is kept apart. */
  readonly keys: string | undefined
  readonly progress?: Progress | undefined
}

/** Exports a log into a folder. Another export into the same folder meanwhile is refused. */
export const exportLog = async (
  source: LogSource,
  directory: string,
  options: ExportOptions,
): Promise<ExportedLog> => {
  mkdirSync(directory, { recursive: true })
  const lock = lockFile(join(directory, '.lock'))
  if (!lock) {
    const detail = auditText({ key: 'another-export', values: { path: directory } })
    throw new LogUnusable('InUse', detail)
  }
  try {
    return await exportInto(directory, source, options)
  } finally {
    lock.close()
  }
}

/**
 * Writes the log up to its largest signed head as c2sp.org/tlog-tiles: entries, tiles, then the
 * checkpoint. It continues an earlier export, and overwrites none of that export's evidence before
 * it knows that the log begins with it.
 */
const exportInto = async (
  directory: string,
  source: LogSource,
  { keys, progress }: ExportOptions,
): Promise<ExportedLog> => {
  const { vkey, origin } = source.identity
  const key = logKey(vkey, source.file)
  const heads = await signedHeads(source, key, keys)
  const folder = new ExportFolder(directory)
  const old = await continued(folder, key, vkey)
  if (old) heads.push(old)
  const head = heads.reduce((one, other) => (other.size > one.size ? other : one))
  await checkCovered(source, head)
  if (!folder.has('vkey')) await folder.write('vkey', `${vkey}\n`)
  await folder.sync()

  const macs = commitMacs(source, keys)
  const replay = { source, folder, head, heads, macs, progress }
  let pass = await writeFiles(replay, old?.size ?? 0)
  const mended = pass.damaged
  // The log begins with the old export, so a file that differs is damaged.
  if (mended > 0) pass = await writeFiles(replay, 0)
  await folder.sync()
  if (old?.note !== head.note) await folder.write('checkpoint', head.note)
  await folder.sync()
  for (const partial of pass.stale) await folder.remove(partial)
  return {
    ...{ service: source.service, origin, vkey, directory },
    size: head.size,
    root: Buffer.from(head.root).toString('base64'),
    checkpoint: head.note,
    ...(old && { continued: old.size }),
    commits: pass.commits,
    written: folder.written,
    unchanged: pass.unchanged,
    mended,
    macs: macs ? 'checked' : 'unchecked',
  }
}

/** The head of the earlier export in the folder. An export of another log is refused. */
const continued = async (folder: ExportFolder, key: VerifierKey, vkey: string) => {
  const there = await folder.read('vkey')
  if (there !== undefined && there.toString().trim() !== vkey) {
    const values = { vkey: there.toString().trim() }
    const detail = auditText({ key: 'another-log', values })
    throw new LogRefused('AnotherLog', { file: folder.path('vkey') }, detail)
  }
  const note = await folder.read('checkpoint')
  return note && openHead(note.toString(), folder.path('checkpoint'), key)
}

const checkCovered = async (source: LogSource, head: VerifiedHead) => {
  const last = await source.last()
  const size = last ? last.position + last.count : 0
  if (size >= head.size) return
  const values = { size, signed: head.size }
  const detail = auditText({ key: 'fewer-than-signed-in-store', values })
  throw new LogRefused('Shrunk', { file: head.file, index: size }, detail)
}

type Replaying = {
  readonly source: LogSource
  readonly folder: ExportFolder
  readonly head: VerifiedHead
  readonly heads: readonly VerifiedHead[]
  readonly macs: CommitMacs | undefined
  readonly progress: Progress | undefined
}

type Written = {
  readonly commits: number
  /** Partial tiles and bundles that the full ones replace. */
  readonly stale: readonly string[]
  readonly unchanged: number
  readonly damaged: number
}

/**
 * Up to entry `keptSize` the folder has signed evidence: files that differ there are counted, and
 * not overwritten.
 */
const writeFiles = async (
  { source, folder, head, heads, macs, progress }: Replaying,
  keptSize: number,
): Promise<Written> => {
  const stale: string[] = []
  let [unchanged, damaged] = [0, 0]
  let bundle: PendingWrite | undefined
  const place = async (name: string, bytes: Uint8Array, end: number, after?: PendingWrite) => {
    if (folder.has(`${name}.p`)) stale.push(`${name}.p`)
    const there = await folder.read(name)
    if (there?.equals(bytes)) unchanged++
    else if (there && end <= keptSize) damaged++
    else return folder.write(name, bytes, after)
    return after
  }
  const sink: ReplaySink = {
    bundle: async (index, width, entries) => {
      const end = index * tileWidth + width
      bundle = await place(entriesPath(index, width), entries, end)
    },
    tile: async ({ level, index, hashes }: ReplayedTile) => {
      const width = hashes.length / 32
      const end = (index * tileWidth + width) * tileWidth ** level
      await place(tilePath(level, index, width), hashes, end, bundle)
    },
  }
  const { commits } = await replayToEnd({
    ...{ source, heads, macs, sink, size: head.size },
    check: new EntryCheckThread(source.identity.origin),
    progress: done => progress?.(done, head.size),
  })
  return { commits, stale, unchanged, damaged }
}
