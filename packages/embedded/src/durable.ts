import { closeSync, copyFileSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Until a file, or the names in a folder, would survive a power cut. */
export const sync = (path: string): void => {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Gives what is whole its name: afterwards it is there, or the old name still is. */
export const settle = (from: string, to: string): void => {
  sync(from)
  renameSync(from, to)
  sync(dirname(to))
}

/** Writes beside, then renames: nobody reads half of it. */
export const write = (file: string, text: string): void => {
  writeFileSync(`${file}.part`, text, { mode: 0o600 })
  settle(`${file}.part`, file)
}

/** The same with a copy of a file: it may lie on another disk. */
export const copy = (from: string, to: string): void => {
  copyFileSync(from, `${to}.part`)
  settle(`${to}.part`, to)
}
