import {
  closeSync,
  copyFileSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

/**
 * Keeps a secret in a file for its owner alone: never half of it, and never over another. False
 * where there was one: two first starts end with the same.
 */
export const keepSecret = (file: string, secret: string): boolean => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const temporary = `${file}.${process.pid}`
  const handle = openSync(temporary, 'wx', 0o600)
  try {
    writeSync(handle, `${secret}\n`)
    fsyncSync(handle)
    linkSync(temporary, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  } finally {
    closeSync(handle)
    rmSync(temporary, { force: true })
  }
}

/** Until a file, or the names in a folder, would survive a power cut. */
export const syncToDisk = (path: string): void => {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Gives what is whole its name: afterwards it is there, or the old name still is. */
export const moveIntoPlace = (from: string, to: string): void => {
  syncToDisk(from)
  renameSync(from, to)
  syncToDisk(dirname(to))
}

/** Writes beside, then renames: nobody reads half of it. */
export const writeDurably = (file: string, text: string): void => {
  writeFileSync(`${file}.part`, text, { mode: 0o600 })
  moveIntoPlace(`${file}.part`, file)
}

/** The same with a copy of a file: it may lie on another disk. */
export const copyDurably = (from: string, to: string): void => {
  copyFileSync(from, `${to}.part`)
  moveIntoPlace(`${to}.part`, to)
}
