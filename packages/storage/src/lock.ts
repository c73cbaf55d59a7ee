import { DatabaseSync } from 'node:sqlite'

export type Lock = { readonly close: () => void }

/** SQLITE_BUSY. */
export const sqliteBusy = 5

/**
 * Takes the lock that a file stands for, undefined if another process has it; errors have its path.
 * Node has no flock; SQLite's exclusive lock is one that the kernel drops when the process dies.
 */
export const lockFile = (path: string): Lock | undefined => {
  const lock = new DatabaseSync(path, { timeout: 0 })
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive; commit')
    return lock
  } catch (cause) {
    lock.close()
    if ((cause as { errcode?: number }).errcode === sqliteBusy) return undefined
    throw Object.assign(cause as Error, { path })
  }
}
