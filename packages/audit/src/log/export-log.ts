import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { progressBar } from '@jejak/cli/terminal/progress'
import { lockFile } from '@jejak/storage/lock'
import type { VerifierKey } from '@jejak/transparency/key'
import { entriesPath, tilePath, tileWidth } from '@jejak/transparency/tile-files'
import { LogRefused, LogUnusable } from '../error.ts'
import type { RebuiltTile } from './compact-range.ts'
import { EntryCheckThread } from './entry-check-thread.ts'
import { ExportFolder, type PendingWrite } from './export-folder.ts'
import { logKey, openHead, type SignedHead, signedHeads } from './heads.ts'
import { type Replayed, type ReplaySink, refuseFault, replayLog } from './replay.ts'
import type { LogSource } from './source.ts'

export type ExportedLog = {
  readonly service: string
  readonly origin: string
  readonly vkey: string
  readonly directory: string
  readonly size: number
  readonly root: string
  /** The signed head that was exported. */
  readonly checkpoint: string
  /** The size of the export that was there, where one was continued. */
  readonly continued?: number
  readonly commits: number
  readonly written: number
  readonly unchanged: number
  /** Files that were damaged, and are as they should be now. */
  readonly mended: number
}

/** Exports a log into a folder; another export into it meanwhile is refused. */
export const exportLog = async (
  source: LogSource,
  directory: string,
  keys: string | undefined,
): Promise<ExportedLog> => {
  mkdirSync(directory, { recursive: true })
  const lock = lockFile(join(directory, '.lock'))
  if (!lock) {
    const detail = `another export goes into ${directory}: run this again when it has ended`
    throw new LogUnusable('InUse', detail)
  }
  try {
    return await exportInto(directory, source, keys)
  } finally {
    lock.close()
  }
}

/**
 * Writes the log up to its largest signed head as c2sp.org/tlog-tiles: entries, tiles, then the
 * checkpoint. An export that is there already is continued, and its evidence never overwritten
 * before the log is known to begin with it.
 */
const exportInto = async (
  directory: string,
  source: LogSource,
  keys: string | undefined,
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

  let pass = await copy(source, folder, head, heads, old?.size ?? 0)
  const mended = pass.damaged
  // The log does begin with the old export, so that what differs in it is damage.
  if (mended > 0) pass = await copy(source, folder, head, heads, 0)
  await folder.sync()
  if (old?.note !== head.note) await folder.write('checkpoint', head.note)
  await folder.sync()
  for (const partial of pass.stale) await folder.remove(partial)
  return {
    service: source.service,
    origin,
    vkey,
    directory,
    size: head.size,
    root: Buffer.from(head.root).toString('base64'),
    checkpoint: head.note,
    ...(old && { continued: old.size }),
    commits: pass.walked.commits,
    written: folder.written,
    unchanged: pass.unchanged,
    mended,
  }
}

/** The head of the export that is in the folder. That of another log is refused. */
const continued = async (folder: ExportFolder, key: VerifierKey, vkey: string) => {
  const there = await folder.read('vkey')
  if (there !== undefined && there.toString().trim() !== vkey) {
    const detail = `the folder has another log: ${there.toString().trim()}. Choose an empty one`
    throw new LogRefused('AnotherLog', { file: folder.path('vkey') }, detail)
  }
  const note = await folder.read('checkpoint')
  return note && openHead(note.toString(), folder.path('checkpoint'), key)
}

const checkCovered = async (source: LogSource, head: SignedHead) => {
  const last = await source.last()
  const size = last ? last.position + last.count : 0
  if (size >= head.size) return
  const detail =
    `the log has ${size} entries, and ${head.size} were signed for: ` +
    'was it restored from an old backup?'
  throw new LogRefused('Shrunk', { file: head.file, index: size }, detail)
}

type Pass = {
  readonly walked: Replayed
  /** Partial tiles whose full one is there now. */
  readonly stale: readonly string[]
  readonly unchanged: number
  readonly damaged: number
}

/** Up to `kept` the folder has signed evidence: what differs there is counted, not overwritten. */
const copy = async (
  source: LogSource,
  folder: ExportFolder,
  head: SignedHead,
  heads: readonly SignedHead[],
  kept: number,
): Promise<Pass> => {
  const stale: string[] = []
  let [unchanged, damaged] = [0, 0]
  let bundle: PendingWrite | undefined
  const place = async (name: string, bytes: Uint8Array, end: number, after?: PendingWrite) => {
    if (folder.has(`${name}.p`)) stale.push(`${name}.p`)
    const there = await folder.read(name)
    if (there?.equals(bytes)) unchanged++
    else if (there && end <= kept) damaged++
    else return folder.write(name, bytes, after)
    return after
  }
  const bar = progressBar('exporting', head.size)
  const visitor: ReplaySink = {
    bundle: async (index, width, entries) => {
      const end = index * tileWidth + width
      bundle = await place(entriesPath(index, width), entries, end)
    },
    tile: async ({ level, index, hashes }: RebuiltTile) => {
      const width = hashes.length / 32
      const end = (index * tileWidth + width) * tileWidth ** level
      await place(tilePath(level, index, width), hashes, end, bundle)
    },
    progress: bar.to,
  }
  const checker = new EntryCheckThread(source.identity.origin)
  try {
    const walked = await replayLog({ source, checker, size: head.size, heads, visitor })
    await checker.end()
    refuseFault(checker, source)
    checkEnd(source, head, walked)
    return { walked, stale, unchanged, damaged }
  } finally {
    bar.stop()
    await checker.stop()
  }
}

const checkEnd = ({ file }: LogSource, head: SignedHead, { size, commits }: Replayed) => {
  if (size === head.size) return
  const detail = `the signed head of ${head.size} entries ends within commit ${commits}`
  throw new LogRefused('RootMismatch', { file, commit: commits, index: head.size }, detail)
}
