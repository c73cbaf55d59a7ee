import { DatabaseSync } from 'node:sqlite'
import { emptyRoot } from '@jejak/transparency/hash'
import { type Identity, LogGap } from '../store.ts'
import { durable } from './commits.ts'
import { sqliteReader } from './store.ts'

/** A restored log: its identity, its size and root, and its last published checkpoint. */
export type Former = {
  readonly identity: Identity
  readonly size: number
  readonly root: Uint8Array
  readonly published: string | undefined
  /** Whether its last commit has a MAC: then its key is needed to go on. */
  readonly hasMacs: boolean
}

/** The identity of a log, from its file. Nobody may be writing to it. */
export const formerOf = async (path: string): Promise<Former> => {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    const log = sqliteReader(db)
    const [identity, last] = await Promise.all([log.identity(), log.last()])
    if (!identity) throw new LogGap(`${path} has no log`)
    const published = await log.published()
    if (!last) return { identity, size: 0, root: emptyRoot, published, hasMacs: false }
    const { position, count, rooted, mac } = last
    // A batch is written whole, and its last commit carries the root.
    if (!rooted) throw new LogGap(`the last commit in ${path} has no root`)
    const size = position + count
    return { identity, size, root: rooted.root, published, hasMacs: mac !== undefined }
  } finally {
    db.close()
  }
}

/**
 * Makes a copy of a log another log, with the same events: under its own name and key, and without
 * the head that the former key signed. The next event must say so.
 */
export const renameLog = (path: string, identity: Identity): void => {
  const db = new DatabaseSync(path)
  try {
    durable(db)
    db.exec('begin immediate')
    db.prepare(`update meta set value = ? where name = 'identity'`).run(JSON.stringify(identity))
    db.exec(`delete from meta where name = 'head'; commit`)
  } finally {
    db.close()
  }
}
