import { DatabaseSync } from 'node:sqlite'
import { schema } from './commits.ts'

/**
 * Says in which table, index or trigger a file differs from that of a log: whoever can write it may
 * have let indexes take anything, or had triggers change what is written. Triggers of the log that
 * are not there are no fault, for a start makes them again.
 */
export const schemaFault = (db: DatabaseSync): string | undefined => {
  expected ??= fresh()
  const found = objectsIn(db)
  for (const [name, sql] of found) {
    if (expected.get(name) !== sql) return `${expected.has(name) ? 'another' : 'a'} ${name}`
  }
  const missing = expected.keys().find(name => !found.has(name) && !name.startsWith('trigger'))
  return missing && `no ${missing}`
}

let expected: ReadonlyMap<string, string> | undefined

const fresh = () => {
  const db = new DatabaseSync(':memory:')
  db.exec(schema)
  const objects = objectsIn(db)
  db.close()
  return objects
}

/** By type and name: the statement that made it, without what does not matter in it. */
const objectsIn = (db: DatabaseSync): ReadonlyMap<string, string> =>
  new Map(
    db
      .prepare(
        `select type || ' ' || name as name, sql from sqlite_master
         where sql is not null and not (type = 'table' and name glob 'sqlite_stat*')`,
      )
      .all()
      .map(({ name, sql }) => [String(name), plain(String(sql))]),
  )

const plain = (sql: string): string =>
  sql
    .replaceAll(/--.*$/gm, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([(),]) ?/g, '$1')
    .replace(',mac blob)strict', ')strict') // A log of before has not, until it is opened again.
    .toLowerCase()
    .trim()
