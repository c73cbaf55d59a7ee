import {
  closeSync,
  existsSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { logFault } from '@jejak/texts/log-faults'
import { makeFolder, syncToDisk } from '../durable-file.ts'
import { type LostCheck, mustBeThere, nowAndThen, openedFiles } from '../file-identity.ts'
import { lockFile } from '../lock.ts'
import { mustNotBeWritable } from '../secret-file.ts'

const fsyncEveryMs = 1_000

/**
 * The file of the last signed checkpoint: outside the log's database and its backups, so that a log
 * restored from an old backup is seen to be behind it.
 */
export type HeadFile = {
  /** The checkpoint that was there when the file was opened. */
  readonly last: string | undefined
  /**
   * Overwrites it; survives a kill of the process at once, of the machine after a second. The first
   * survives both. Throws as `write` does.
   */
  readonly save: (checkpoint: string) => void
  readonly lost: LostCheck
  readonly close: () => void
}

/** Opens the file for the one process that signs; another is refused. */
export const openHeadFile = (path: string): HeadFile => {
  makeFolder(dirname(path))
  if (existsSync(path)) mustNotBeWritable(path)
  const lock = lockFile(`${path}.lock`)
  if (!lock) {
    const values = { path: `${path}.lock` }
    throw new Error(logFault({ key: 'signed-elsewhere', values }))
  }
  const last = existsSync(path) ? readFileSync(path, 'utf8') : undefined
  const file = openSync(path, last === undefined ? 'w+' : 'r+', 0o600)
  const files = [openedFiles(path), openedFiles(`${path}.lock`)]
  const lost = () => files.map(file => file()).find(why => why)
  const seldomLost = nowAndThen(lost)
  let dirty = false
  let isFirst = true
  const flush = () => {
    if (!dirty) return
    dirty = false
    // Not awaited: appends would stand still meanwhile. A failed one is tried again.
    fsync(file, error => {
      if (error) dirty = true
    })
  }
  const timer = setInterval(flush, fsyncEveryMs).unref()
  return {
    last: last === '' ? undefined : last,
    lost,
    save(checkpoint) {
      mustBeThere(seldomLost)
      // One write in place: sizes only grow, so that no end of a longer text is left behind.
      writeSync(file, checkpoint, 0)
      dirty = true
      if (!isFirst) return
      isFirst = false
      // But one that was brought back may have more: signatures of witnesses, say.
      ftruncateSync(file, Buffer.byteLength(checkpoint))
      fsyncSync(file)
      syncToDisk(dirname(path))
    },
    close() {
      clearInterval(timer)
      fsyncSync(file)
      closeSync(file)
      lock.close()
    },
  }
}
