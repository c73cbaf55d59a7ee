import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import { type LostCheck, mustBeThere, openedFiles, sqliteParts } from '@jejak/storage/file-identity'
import { KeyCache } from './key-cache.ts'
import type { Erased, SubjectKey, Vault } from './vault.ts'
import { Wrapping } from './wrapping.ts'

const schema = `
create table if not exists keys (
  subject text primary key,
  key_id  text, -- null once erased
  wrapped blob
) strict, without rowid;
create table if not exists nips (
  nip     blob primary key, -- HMAC
  subject text not null
) strict, without rowid;
create index if not exists nips_by_subject on nips (subject);
create table if not exists meta (name text primary key, value text not null) strict;
`

/** A vault in a file of its own. Acknowledged writes and erasures are on the disk. */
export const sqliteVault = async (path: string, wrappingKey: Uint8Array): Promise<Vault> => {
  const wrapping = new Wrapping(wrappingKey)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const db = new DatabaseSync(path, { timeout: 5_000 })
  try {
    db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on')
    db.exec(schema)
    db.prepare(`insert or ignore into meta values ('wrapping', ?)`).run(wrapping.fingerprint)
    const stored = db.prepare(`select value from meta where name = 'wrapping'`).get()
    wrapping.mustHaveMade(String(stored?.['value']), path)
  } catch (error) {
    db.close()
    throw error
  }
  const write = groupCommit(db, openedFiles(path, sqliteParts))
  const nips = nipTable(db)
  const keys = keyTable(db, wrapping)
  const cache = new KeyCache()
  return {
    create: subject => write(() => keys.find(subject) ?? keys.make(subject)),
    keys: subjects => cache.read(subjects, async missing => keys.findAll(missing)),
    async erase(subject) {
      await write(() => {
        keys.erase(subject)
        nips.forget(subject)
      })
      cache.forget(subject)
      emptyJournal(db)
    },
    reserve: (nip, subject) =>
      write(() => {
        const row = wrapping.nip(nip)
        if (!keys.isErased(subject)) nips.reserve(row, subject)
        return nips.find(row) ?? subject
      }),
    takeOver: (nip, from, subject) =>
      write(() => !keys.isErased(subject) && nips.move(wrapping.nip(nip), from, subject)),
    find: async nip => nips.find(wrapping.nip(nip)),
    close: async () => {
      await write(() => {}).catch(() => {}) // Earlier writes are answered first.
      db.close()
    },
  }
}

const keyTable = (db: DatabaseSync, wrapping: Wrapping) => {
  const columns = 'select subject, key_id, wrapped from keys where subject'
  const select = db.prepare(`${columns} = ?`)
  const selectAll = db.prepare(`${columns} in (select value from json_each(?))`)
  const insert = db.prepare('insert into keys values (?, ?, ?)')
  const erase = db.prepare('insert or replace into keys values (?, null, null)')
  const keyOf = (row: Readonly<Record<string, unknown>>): SubjectKey | Erased => {
    if (row['key_id'] === null) return 'erased'
    const wrapped = row['wrapped'] as Uint8Array
    return wrapping.unwrap(String(row['subject']), { keyId: String(row['key_id']), wrapped })
  }
  return {
    find: (subject: string) => {
      const row = select.get(subject)
      return row && keyOf(row)
    },
    isErased: (subject: string) => select.get(subject)?.['key_id'] === null,
    findAll: (subjects: readonly string[]) =>
      new Map(
        selectAll.all(JSON.stringify(subjects)).map(row => [String(row['subject']), keyOf(row)]),
      ),
    make: (subject: string): SubjectKey => {
      const made = wrapping.makeKey(subject)
      const { keyId, wrapped } = wrapping.wrap(made)
      insert.run(subject, keyId, wrapped)
      return made
    },
    erase: (subject: string) => void erase.run(subject),
  }
}

const nipTable = (db: DatabaseSync) => {
  const select = db.prepare('select subject from nips where nip = ?')
  const insert = db.prepare('insert or ignore into nips values (?, ?)')
  const update = db.prepare('update nips set subject = ? where nip = ? and subject = ?')
  const remove = db.prepare('delete from nips where subject = ?')
  return {
    find: (nip: Uint8Array) => select.get(nip)?.['subject'] as string | undefined,
    reserve: (nip: Uint8Array, subject: string) => void insert.run(nip, subject),
    move: (nip: Uint8Array, from: string, to: string) => update.run(to, nip, from).changes === 1,
    forget: (subject: string) => void remove.run(subject),
  }
}

/** The journal still has the pages as they were: a destroyed key must not survive in it. */
const emptyJournal = (db: DatabaseSync) => {
  const { busy } = db.prepare('pragma wal_checkpoint(truncate)').get() as { busy: number }
  if (busy) throw new Error('another process reads the vault: erase again when it has ended')
}

type Waiting = {
  readonly work: () => void
  readonly resolve: () => void
  readonly reject: (cause: unknown) => void
}

/** After these nothing was stored, for certain: another process was writing, or no room. */
const definite: readonly unknown[] = [5 /* SQLITE_BUSY */, 13 /* SQLITE_FULL */]

const codeOf = (cause: unknown): unknown => (cause as { readonly errcode?: number }).errcode

/**
 * Writes that come together share one transaction, and so one wait for the disk; each is answered
 * when it is durable, in files that the next start finds. After a failure that leaves open what is
 * stored, all are refused.
 */
export const groupCommit = (db: DatabaseSync, lost: LostCheck = () => undefined) => {
  let waiting: Waiting[] = []
  let broken: unknown

  const run = async () => {
    await setImmediate()
    const batch = waiting
    waiting = []
    try {
      if (broken) throw broken
      db.exec('begin immediate')
      for (const { work } of batch) work()
      db.exec('commit')
      mustBeThere(lost)
      for (const { resolve } of batch) resolve()
    } catch (cause) {
      if (!definite.includes(codeOf(cause))) broken = cause
      for (const { reject } of batch) reject(cause)
      if (db.isOpen && db.isTransaction) db.exec('rollback')
    }
  }

  /** @param work Throws its own errors before it writes anything. */
  return <T>(work: () => T): Promise<T> =>
    new Promise((resolve, reject) => {
      let answer = () => {}
      const attempt = () => {
        try {
          const result = work()
          answer = () => resolve(result)
        } catch (cause) {
          if (codeOf(cause) !== undefined) throw cause
          answer = () => reject(cause)
        }
      }
      if (waiting.length === 0) void run()
      waiting.push({ work: attempt, resolve: () => answer(), reject })
    })
}
