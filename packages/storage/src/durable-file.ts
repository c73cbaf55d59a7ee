import {
  closeSync,
  copyFileSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

/**
 * Keeps a secret in a file for its owner alone: never half of it, and never over another. False if
 * there was one: two processes that start for the first time at once end with the same secret.
 */
export const keepSecret = (file: string, secret: string): boolean => {
  makeFolder(dirname(file))
  removeLeftovers(file)
  const temporary = `${file}.${process.pid}`
  const handle = openSync(temporary, 'wx', 0o600)
  try {
    writeSync(handle, `${secret}\n`)
    fsyncSync(handle)
    linkSync(temporary, file)
    syncToDisk(dirname(file)) // A power cut must not take a key with which something was signed.
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  } finally {
    closeSync(handle)
    rmSync(temporary, { force: true })
  }
}

/** Makes a folder for its owner alone, and those around it, so that a power cut leaves them. */
export const makeFolder = (folder: string): void => {
  const first = mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  let made = folder
  for (; made !== first; made = dirname(made)) syncToDisk(dirname(made))
  syncToDisk(dirname(first))
}

/** A process that was killed while it kept the secret has left its part of it. */
const removeLeftovers = (file: string): void => {
  const own = `${basename(file)}.`
  for (const name of readdirSync(dirname(file)).filter(name => name.startsWith(own))) {
    const pid = name.slice(own.length)
    if (/^\d+$/.test(pid) && !isRunning(Number(pid))) rmSync(join(dirname(file), name))
  }
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** Returns once a file, or the names in a folder, would survive a power cut. */
export const syncToDisk = (path: string): void => {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Gives a whole file or folder its name: afterwards it is there, or what had the name still is. */
export const moveIntoPlace = (from: string, to: string): void => {
  syncToDisk(from)
  renameSync(from, to)
  syncToDisk(dirname(to))
}

/** Writes a file beside its place, then renames it: nobody reads half of it. */
export const writeDurably = (file: string, text: string): void => {
  writeFileSync(partOf(file), text, { mode: 0o600 })
  moveIntoPlace(partOf(file), file)
}

/** The same with a copy of a file, which may lie on another disk. */
export const copyDurably = (from: string, to: string): void => {
  copyFileSync(from, partOf(to))
  moveIntoPlace(partOf(to), to)
}

const partOf = (path: string): string => `${path}.part`
