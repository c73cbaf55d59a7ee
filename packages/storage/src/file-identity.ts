import { statSync } from 'node:fs'
import { logFault } from '@jejak/texts/log-faults'

/** What was acknowledged, or will be, is not where the next start looks for it. */
export class StorageLost extends Error {
  override name = 'StorageLost'
}

/** Says what is wrong with an opened file; undefined as long as its path still leads to it. */
export type LostCheck = () => string | undefined

/** The files of an SQLite database that is open in WAL mode: one is as good as lost without all. */
export const sqliteParts: readonly string[] = ['', '-wal', '-shm']

const lookEveryMs = 500

/**
 * A file that was deleted, moved or replaced takes writes for as long as it is open, and all of
 * them are lost. Call it once the file is open; a part that is not there then is not missed later.
 * It never opens the file: closing it again would drop the locks that SQLite has on it.
 */
export const openedFiles = (path: string, parts: readonly string[] = ['']): LostCheck => {
  const opened = parts.flatMap(part => {
    const identity = identityOf(`${path}${part}`)
    return identity === undefined ? [] : [{ file: `${path}${part}`, identity }]
  })
  return () => {
    for (const { file, identity } of opened) {
      const present = identityOf(file)
      if (present === identity) continue
      const key = present ? 'file-replaced' : 'file-gone'
      return logFault({ key, values: { path: file } })
    }
    return undefined
  }
}

const lookAgainMs = 100

/** The same for what happens thousands of times a second: it looks ten times a second at most. */
export const nowAndThen = (lost: LostCheck): LostCheck => {
  let againAt = 0
  return () => {
    const now = performance.now()
    if (now < againAt) return undefined
    againAt = now + lookAgainMs
    return lost()
  }
}

/** Throws if the file is lost: for the moment before an answer. */
export const mustBeThere = (lost: LostCheck): void => {
  const why = lost()
  if (why) throw new StorageLost(why)
}

export type Watch = { readonly close: () => void }

/**
 * Looks twice a second, one look at a time, for times in which nothing is written. Ends with the
 * first look that finds something lost, or that fails.
 */
export const watch = (
  look: () => string | undefined | Promise<string | undefined>,
  onLost: (cause: unknown) => void,
): Watch => {
  let isLooking = false
  let isOver = false
  const close = () => {
    isOver = true
    clearInterval(timer)
  }
  const lookOnce = async () => {
    if (isLooking) return
    isLooking = true
    try {
      const why = await look()
      if (why) throw new StorageLost(why)
    } catch (cause) {
      if (isOver) return
      close()
      onLost(cause)
    } finally {
      isLooking = false
    }
  }
  const timer = setInterval(() => void lookOnce(), lookEveryMs).unref()
  return { close }
}

/** What is wrong with the first of these files that is lost. */
export const firstLost = (files: readonly LostCheck[]): string | undefined => {
  for (const lost of files) {
    const why = lost()
    if (why) return why
  }
  return undefined
}

/** Watches files that no log has. */
export const watchFiles = (files: readonly LostCheck[], onLost: (cause: unknown) => void): Watch =>
  watch(() => {
    const why = firstLost(files)
    return why && logFault({ key: 'file-lost', values: { why } })
  }, onLost)

/** Device and inode, undefined if there is no such file. */
const identityOf = (file: string): string | undefined => {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false })
  return found && `${found.dev}/${found.ino}`
}
