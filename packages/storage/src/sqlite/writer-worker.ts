import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { mustBeThere, nowAndThen, openedFiles, StorageLost, sqliteParts } from '../file-identity.ts'
import { sqliteBusy } from '../lock.ts'
import { hasMacs, schema } from './commits.ts'
import { schemaFault } from './schema.ts'
import {
  commitRows,
  type Derivatives,
  type PackedCommits,
  type WriterReply,
  type WriterRequest,
} from './writer.ts'

// The thread that writes: everything here may block, and nothing but the log's thread waits for it.

const sqliteFull = 13

/** How long a lock of another process is waited for. */
const busyMs = 5_000

const path: string = workerData
const port = parentPort
if (!port) throw new Error('runs as a worker thread')

const open = () => {
  const db = new DatabaseSync(path, { timeout: busyMs })
  db.exec('pragma journal_mode = wal; pragma synchronous = full')
  // Room for the right edge of both indexes, so that a commit does not read what it wrote before.
  db.exec('pragma cache_size = -65536')
  db.exec(schema)
  if (!hasMacs(db)) db.exec('alter table commits add column mac blob')
  // A commit whose fsync failed may be in the WAL all the same, and not on the disk: what is found
  // from now on must have been written there by a checkpoint that succeeded.
  checkpoint(db)
  return db
}

/** SQLite waits for readers and writers, but not for the checkpoint of another process. */
const checkpoint = (db: DatabaseSync) => {
  const patience = Date.now() + busyMs
  while (db.prepare('pragma wal_checkpoint(truncate)').get()?.['busy'] !== 0) {
    if (Date.now() >= patience) throw new Error('another process keeps the log busy')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
  }
}

const db = open()
const lost = openedFiles(path)
const partLost = nowAndThen(openedFiles(path, sqliteParts))
const number = (value: SQLOutputValue | undefined) => (value === null ? 0 : Number(value ?? 0))
const tail = db.prepare('select max(c) as c from commits')
const head = db.prepare('select v + n - 1 as head from commits where s = ? order by v desc limit 1')
const byKey = db.prepare('select c from commits where k = ?')
const insert = db.prepare(
  'insert into commits values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing',
)
// Of what is there the entries decide: somebody may have put it there before them.
const tile = db.prepare(
  'insert into tiles values (?, ?, ?) on conflict do update set hashes = excluded.hashes',
)
const meta = db.prepare('select value from meta where name = ?')
const setMeta = db.prepare(
  'insert into meta values (?, ?) on conflict do update set value = excluded.value',
)

const begin = db.prepare('begin immediate')
const commit = db.prepare('commit')

const schemaVersion = db.prepare('pragma schema_version')
let checkedVersion = schemaVersion.get()?.['schema_version']

/** Without its indexes the file takes a request key twice; a trigger changes what is written. */
const checkSchema = () => {
  const version = schemaVersion.get()?.['schema_version']
  if (version === checkedVersion) return
  const fault = schemaFault(db)
  if (fault) throw new StorageLost(`the file was changed while it was in use: it has ${fault}`)
  checkedVersion = version
}

const headOf = (stream: string) => number(head.get(stream)?.['head'])

// Known requests come in rows: who lost an answer sends everything again.
let expectKnown = false

/** In one transaction: all of the batch, or why not. */
const write = (commits: PackedCommits, along: Derivatives): WriterReply => {
  const known: [number, number][] = []
  const heads: [number, number][] = []
  begin.run() // The tail that is read here is the tail that is extended.
  checkSchema()
  const next = number(tail.get()?.['c']) + 1
  let i = 0
  for (const { c, p, n, s, v, k, kd, e, root, range, mac } of commitRows(commits)) {
    if (i === 0 && c !== next) break
    const sent = expectKnown && k && byKey.get(k)
    // The unique index would take a version that leaves a hole.
    const fits = !sent && (v === 1 || headOf(s) === v - 1)
    const inserted = fits && insert.run(c, p, n, s, v, k, kd, e, root, range, mac).changes === 1
    if (!inserted) {
      // Before the version: a retry of ours is no conflict.
      const same = sent || (k && byKey.get(k))
      if (same) known.push([i, number(same['c'])])
      else heads.push([i, headOf(s)])
    }
    i++
  }
  expectKnown = known.length > 0
  const whole = i > 0 || commits.columns.length === 0
  if (!whole || known.length > 0 || heads.length > 0) {
    db.exec('rollback')
    return { written: 0, known, heads }
  }
  for (const { level, index, hashes } of along.tiles) tile.run(level, index, hashes)
  if (along.head) publish(along.head)
  commit.run()
  return { written: i, known, heads }
}

const sizeIn = (head: SQLOutputValue | undefined): number => {
  try {
    return JSON.parse(String(head)).size ?? -1
  } catch {
    return -1
  }
}

const publish = (published: NonNullable<Derivatives['head']>) => {
  const before = meta.get('head')?.['value']
  if (published.size > sizeIn(before)) setMeta.run('head', JSON.stringify(published))
}

const answer = (question: WriterRequest): WriterReply => {
  if ('open' in question) return { opened: true }
  if ('commits' in question) {
    const result = write(question.commits, question.along)
    // Or the transaction went into a file that nobody will find.
    mustBeThere(lost)
    mustBeThere(partLost)
    return result
  }
  if ('identify' in question) {
    db.exec('begin immediate')
    const identity = meta.get('identity')?.['value'] ?? JSON.stringify(question.identify)
    setMeta.run('identity', identity)
    db.exec('commit')
    return { identity: JSON.parse(String(identity)) }
  }
  port.close()
  db.close()
  return { opened: true }
}

/** Busy and full are clean: nothing was written. After any other error nobody can say what was. */
const attempt = (question: WriterRequest): WriterReply => {
  try {
    return answer(question)
  } catch (error) {
    const code = (error as { errcode?: number }).errcode ?? 0
    if (db.isTransaction) db.exec('rollback')
    const nothing = { written: 0, known: [], heads: [] }
    if ((code & 0xff) === sqliteBusy) return nothing
    if ((code & 0xff) === sqliteFull) return { ...nothing, full: true }
    const failed = error instanceof Error ? error.message : String(error)
    return { failed, isLost: error instanceof StorageLost }
  }
}

port.on('message', (question: WriterRequest) => {
  const result = attempt(question)
  if (!('close' in question)) port.postMessage(result)
})
