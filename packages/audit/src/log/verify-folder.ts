import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { EntryCheckThread } from '@jejak/replay/entry-check-thread'
import { LogRefused, LogUnusable } from '@jejak/replay/error'
import { entryDetail, type Progress } from '@jejak/replay/replay'
import { FileRefused, readBounded } from '@jejak/storage/bounded-file'
import { auditText } from '@jejak/texts/audit'
import { audit, type OldNote } from '@jejak/transparency/audit'
import { noteBytesMax } from '@jejak/transparency/checkpoint'
import { malformedFile } from '@jejak/transparency/finding'
import { entriesPath, tileWidth } from '@jejak/transparency/tile-files'
import { readText } from './signed-heads.ts'

/** Entries that go to the other thread at once, if they are not large. */
const chunkEntries = 1_024
const chunkBytes = 4 * 1024 * 1024

/** Unchecked where their key was not at hand: then signed heads alone vouch for the log. */
export type MacsChecked = 'checked' | 'unchecked'

export type LogVerification = {
  /** The folder or the store. */
  readonly log: string
  readonly origin: string
  readonly size: number
  readonly root: string
  readonly keyId: string
  readonly keySource: 'given' | 'directory'
  readonly streams: number
  /** The sizes of the older checkpoints that the log continues. */
  readonly against: readonly number[]
  /** Whether the MACs of commits were checked: only a store has them. */
  readonly macs?: MacsChecked
  /** The number of events that no checkpoint covers yet: only in a store. */
  readonly unsigned?: number
}

export type VerifyFolderOptions = {
  readonly vkey?: string | undefined
  readonly against?: readonly OldNote[]
  readonly progress?: Progress | undefined
}

/** Verifies an exported log, and that its entries are the events of one log. */
export const verifyFolder = async (
  directory: string,
  { vkey, against = [], progress }: VerifyFolderOptions,
): Promise<LogVerification> => {
  await mustBeFolder(directory)
  const note = (await readText(join(directory, 'checkpoint'), noteBytesMax)) ?? ''
  const events = new FolderEvents(note.slice(0, note.indexOf('\n')))
  try {
    const result = await audit({
      vkey,
      against,
      read: async (path, bytesMax) => {
        await events.room()
        return read(directory, path, bytesMax)
      },
      visit: (index, entry) => events.visit(index, entry),
      progress: (done, total) => progress?.(done, total),
    })
    const streams = await events.end()
    if (!result.verified) {
      const { problem, where, detail } = result
      if (result.unusable) throw new LogUnusable(problem, `${directory}: ${detail}`)
      throw new LogRefused(problem, where, detail)
    }
    const { origin, size, root, keyId, keySource } = result
    const head = { origin, size, root: Buffer.from(root).toString('base64'), keyId, keySource }
    return { log: directory, ...head, streams, against: result.against }
  } finally {
    await events.stop()
  }
}

const mustBeFolder = async (directory: string) => {
  const found = await stat(directory).catch(() => undefined)
  if (found?.isDirectory()) return
  const key = found ? 'not-a-folder' : 'no-folder'
  throw new LogUnusable('NoFolder', auditText({ key, values: { path: directory } }))
}

const read = async (directory: string, path: string, bytesMax: number) => {
  try {
    return await readBounded(join(directory, path), bytesMax)
  } catch (error) {
    if (error instanceof FileRefused) throw malformedFile(path, error.message)
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}

/** Collects the entries that the audit visits, and checks them in another thread. */
class FolderEvents {
  readonly #check: EntryCheckThread
  #entries: Uint8Array[] = []
  #bytes = 0
  #first = 0
  #seen = 0

  constructor(origin: string) {
    this.#check = new EntryCheckThread(origin)
  }

  /** Returns a text, which ends the audit, once an entry is at fault; `end` throws it. */
  visit(index: number, entry: Uint8Array): string | undefined {
    if (this.#check.fault) return this.#check.fault.detail
    if (this.#entries.length === 0) this.#first = index
    this.#entries.push(entry)
    this.#bytes += entry.length
    this.#seen = index + 1
    if (this.#entries.length === chunkEntries || this.#bytes > chunkBytes) this.#push()
    return undefined
  }

  room(): Promise<void> {
    return this.#check.room()
  }

  async end(): Promise<number> {
    this.#push()
    const result = await this.#check.end()
    if (typeof result === 'number') return result
    const { index, problem, detail } = result
    const bundle = Math.floor(index / tileWidth)
    const left = this.#seen - bundle * tileWidth
    const file = entriesPath(bundle, Math.min(tileWidth, left))
    throw new LogRefused(problem, { index, file }, entryDetail(index, detail))
  }

  stop(): Promise<void> {
    return this.#check.stop()
  }

  #push(): void {
    if (this.#entries.length === 0) return
    const entries = packed(this.#entries)
    this.#check.push({ index: this.#first, count: this.#entries.length, entries })
    this.#entries = []
    this.#bytes = 0
  }
}

/** Packs entries as in a bundle, in a buffer of their own, which can be transferred. */
const packed = (entries: readonly Uint8Array[]): Uint8Array => {
  const size = entries.reduce((sum, { length }) => sum + 2 + length, 0)
  const bytes = Buffer.from(new ArrayBuffer(size))
  let at = 0
  for (const entry of entries) {
    at = bytes.writeUInt16BE(entry.length, at)
    bytes.set(entry, at)
    at += entry.length
  }
  return bytes
}
