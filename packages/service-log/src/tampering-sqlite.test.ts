// tidy: one table of edits, each with what becomes of it.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openStoredLog } from '@jejak/replay/source'
import { logFile } from '@jejak/storage/data-folder'
import { sqliteReader, sqliteStore } from '@jejak/storage/sqlite/store'
import { afterAll, beforeAll, describe, test } from 'vitest'
import type { LogPlace } from './service-log.ts'
import {
  carryOut,
  commits,
  forged,
  found,
  keyOf,
  logSize,
  makeOldLog,
  noMac,
  service,
  streamOf,
  type Tampering,
  upgrade,
} from './testing/tampered-log.ts'

const folder = mkdtempSync(join(tmpdir(), 'tampering-'))
const original = join(folder, 'original')
let copies = 0

const placeIn = (data: string): LogPlace => {
  const file = logFile(data, service)
  return {
    place: file,
    identity: async () => {
      const db = new DatabaseSync(file, { readOnly: true })
      const identity = await sqliteReader(db).identity()
      db.close()
      return identity
    },
    openStore: () => sqliteStore(file),
    openSource: () => openStoredLog({ sqlite: file }, service),
  }
}

beforeAll(async () => {
  const [data, keys] = [join(original, 'data'), join(original, 'keys')]
  await makeOldLog(await sqliteStore(logFile(data, service)), keys)
  await upgrade(keys, placeIn(data))
})
afterAll(() => rmSync(folder, { recursive: true }))

const copy = async () => {
  const to = join(folder, String(copies++))
  cpSync(original, to, { recursive: true })
  const data = join(to, 'data')
  return { keys: join(to, 'keys'), at: placeIn(data), tamper: (sql: string) => tamper(data, sql) }
}

/** As somebody does who can write the file: what SQLite has against it is taken away first. */
const tamper = async (data: string, sql: string) => {
  const db = new DatabaseSync(logFile(data, service), { timeout: 5_000, defensive: false })
  db.exec(`drop trigger no_update; drop trigger no_delete; ${sql}`)
  db.close()
}

const { old, full, tail, last } = commits

const set = (columns: string, commit: number = full) =>
  `update commits set ${columns} where c = ${commit};`
const noted = (text: string) => `e = cast(replace(cast(e as text), 'as it was', '${text}') as blob)`
const rewritten = (from: string, to: string) =>
  `e = cast(replace(cast(e as text), '${from}', '${to}') as blob)`
/** A row made from that of another commit: number, position, stream, version, key, MAC. */
const planted = (columns: string) => {
  const [c, p, s, v, k, mac] = columns.split(', ')
  return `insert into commits
    select ${c}, ${p}, n, ${s}, ${v}, ${k}, kd, e, null, null, ${mac}
    from commits where c = ${full};`
}
const hex = (bytes: Buffer) => `x'${bytes.toString('hex')}'`
/** The look-up of this request is to find something else. */
const freeKey = set('k = null')
const itsKey = hex(keyOf(full))
/** Leaves one row out of an index, and says that it does not. */
const rigged = (name: string, columns: string, where: string, without: number) =>
  `drop index ${name};
   create unique index ${name} on commits (${columns}) where ${where} and c <> ${without};
   pragma writable_schema = on;
   update sqlite_master
   set sql = 'create unique index ${name} on commits (${columns}) where ${where}'
   where name = '${name}';
   pragma writable_schema = reset;`

const identity = (change: string) =>
  `update meta set value = replace(value, ${change}) where name = 'identity'`

const stray = { problem: 'Stray', where: {} }
/** Of what is older than MACs there is one digest: it says that one of those commits is another. */
const digest = found('CommitForged', 400, 999)
const tile = (index: number, path: string) => ({
  problem: 'TileMismatch',
  where: { index, tile: path },
})
const shrunk = (index: number) => ({ problem: 'Shrunk', where: { index } })
const tooLarge = 'Value is too large to be represented as a JavaScript number'
const gone = (commit: number) => `commit ${commit} was stored, and is not there any more as it was`
const behind = (size: number) => `it has ${size} events, but ${logSize} were signed for`
const otherRoot = 'do not have the root that was stored with it'

const bytes: readonly Tampering<string>[] = [
  {
    name: 'a byte of an event of before MACs',
    edit: set(noted('as it wos'), old),
    commit: old,
    found: tile(249, 'tile/0/000'),
    stops: 'entry 249 or the tiles over it are not what was signed for',
  },
  {
    name: 'a byte of an event',
    edit: set(noted('as it wos')),
    found: forged(full),
    stops: noMac(full),
  },
  {
    name: 'a byte behind the last full tile',
    edit: set(noted('as it wos'), tail),
    commit: tail,
    found: forged(tail),
    start: noMac(tail),
    stops: noMac(tail),
  },
  {
    name: 'a byte of the last event',
    edit: set(noted('as it wos'), last),
    commit: last,
    found: { problem: 'Rewritten', where: { index: logSize - 1 } },
    start: noMac(last),
    stops: noMac(last),
  },
  {
    name: 'an event that is longer than it says',
    edit: set(noted('as it was not'), tail),
    commit: tail,
    found: { problem: 'Malformed', where: { commit: tail, index: 2_400 } },
    start: 'a slice of 1 entries holds 2',
    stops: 'a slice of 1 entries holds 2',
  },
  {
    name: 're-dated',
    edit: set(rewritten('"time":"20', '"time":"19')),
    found: forged(full),
    stops: noMac(full),
  },
  {
    name: 're-homed in its bytes',
    edit: set(rewritten('person/20', 'person/21')),
    found: forged(full),
    stops: noMac(full),
  },
  {
    name: 'no event any more',
    edit: set(`e = x'', n = 0`),
    found: found('ColumnMismatch', full),
    stops: noMac(full),
  },
]

const columns: readonly Tampering<string>[] = [
  {
    name: 'a stream that is new',
    edit: set(`s = 'person/none'`),
    found: forged(full),
    stops: noMac(full),
  },
  {
    name: 'a stream, of before MACs',
    edit: set(`s = 'person/none'`, old),
    commit: 20,
    found: digest,
    stops: `stream ${streamOf(20)} does not have its version`,
  },
  {
    name: 'a stream in the middle of which it was missing',
    edit: set(`s = 'person/none'`, old),
    commit: 140,
    found: digest,
    stops: `stream ${streamOf(old)} does not have its version`,
  },
  {
    name: 'a stream that is there, at its end',
    edit: set(
      `s = 'person/1',
       v = (select v + n from commits where s = 'person/1' order by v desc limit 1)`,
      last,
    ),
    commit: last,
    found: forged(last),
    start: noMac(last),
    stops: noMac(last),
  },
  {
    name: 'a stream in another form of Unicode',
    edit: set(`s = 'person/2\u0301'`),
    found: forged(full),
    stops: noMac(full),
  },
  {
    name: 'a stream with a NUL behind it',
    edit: set(`s = s || char(0)`),
    found: forged(full),
    stops: noMac(full),
  },
  {
    name: 'a stream that is no UTF-8',
    edit: set(`s = cast(cast(s as blob) || x'ff' as text)`),
    found: forged(full),
    stops: noMac(full),
  },
  { name: 'a version', edit: set('v = v + 1000'), found: forged(full), stops: noMac(full) },
  { name: 'a negative version', edit: set('v = -v'), found: forged(full), stops: noMac(full) },
  {
    name: 'a version past all numbers',
    edit: set('v = 9007199254740993'),
    found: found('ColumnMismatch', full),
    stops: tooLarge,
  },
  {
    name: 'a fence made of it',
    edit: set('s = null, v = null'),
    found: found('ColumnMismatch', full),
    stops: noMac(full),
  },
  {
    name: 'an empty fence made of it',
    edit: set(`e = x'', n = 0, s = null, v = null, k = null, kd = null`),
    found: found('CommitForged', full, 1_748),
    stops: `stream ${streamOf(full)} does not have its version`,
  },
  {
    name: 'a count of none',
    edit: set('n = 0'),
    found: found('ColumnMismatch', full),
    stops: 'a slice of 0 entries holds 1',
  },
  {
    name: 'a negative count',
    edit: set('n = -1'),
    found: found('ColumnMismatch', full),
    stops: 'a slice of -1 entries holds 1',
  },
  {
    name: 'a huge count',
    edit: set('n = 1000000000000'),
    found: { problem: 'Malformed', where: { commit: full, index: 1_750 } },
    stops: 'a slice of 1000000000000 entries holds 1',
  },
  {
    name: 'a count past all numbers',
    edit: set('n = 1152921504606846976'),
    found: found('ColumnMismatch', full),
    stops: tooLarge,
  },
  {
    name: 'a position',
    edit: set('p = p + 1'),
    found: found('ColumnMismatch', full),
    stops: noMac(full),
  },
  {
    name: 'a negative position',
    edit: set('p = -p'),
    found: found('ColumnMismatch', full),
    stops: noMac(full),
  },
  {
    name: 'the position of the last',
    edit: set('p = p - 1', last),
    commit: last,
    found: found('ColumnMismatch', last),
    start: 'is not the next',
    stops: noMac(last),
  },
  {
    name: 'a position past all numbers',
    edit: set('p = 1152921504606846976'),
    found: found('ColumnMismatch', full),
    stops: tooLarge,
  },
]

const requests: readonly Tampering<string>[] = [
  // A look-up finds nothing, and nothing cheap says that it should: the request is stored twice.
  { name: 'no request key', edit: freeKey, found: forged(full) },
  {
    name: 'no request key, of before MACs',
    edit: set('k = null', old),
    commit: old,
    found: digest,
  },
  {
    name: 'no request key behind the last full tile',
    edit: set('k = null', tail),
    commit: tail,
    found: forged(tail),
    start: noMac(tail),
  },
  {
    name: 'the request key of another',
    edit: freeKey + set(`k = ${itsKey}`, tail),
    found: forged(full),
    start: noMac(tail),
    stops: noMac(tail),
  },
  // Its own bytes are right and it has no MAC of its own: the answer is that of another request.
  {
    name: 'the request key of another, of before MACs',
    edit: freeKey + set(`k = ${itsKey}, kd = ${hex(keyOf(full).subarray(8))}`, old),
    found: digest,
  },
  { name: 'a digest', edit: set('kd = zeroblob(8)'), found: forged(full), stops: noMac(full) },
  {
    name: 'a digest, of before MACs',
    edit: set('kd = zeroblob(8)', old),
    commit: old,
    found: digest,
  },
  { name: 'no digest', edit: set('kd = null'), found: forged(full), stops: noMac(full) },
  {
    name: 'a row with the request key before the first commit',
    edit: freeKey + planted(`0, 0, 'person/none', 1, ${itsKey}, mac`),
    found: stray,
    start: 'it has a commit 0',
    stops: 'commit 0 has a number that no commit has',
  },
  {
    name: 'a row with the request key and a negative number',
    edit: freeKey + planted(`-7, 0, 'person/none', 1, ${itsKey}, mac`),
    found: stray,
    start: 'it has a commit -7',
    stops: 'commit -7 has a number that no commit has',
  },
  {
    name: 'indexes dropped',
    edit: 'drop index by_stream; drop index by_key',
    found: stray,
    isMended: true,
    stops: 'it has no index by_',
  },
  {
    name: 'an index of another kind',
    edit: 'drop index by_key; create index by_key on commits (k) where k is not null',
    found: stray,
    start: 'it has another index by_key',
    stops: 'it has another index by_key',
  },
  {
    name: 'an index without a request key',
    edit: rigged('by_key', 'k', 'k is not null', full),
    found: { problem: 'IndexMismatch', where: {} },
  },
  {
    name: 'an index without the end of a stream',
    edit: rigged('by_stream', 's, v', 's is not null', last),
    commit: 960,
    found: { problem: 'IndexMismatch', where: {} },
  },
  {
    name: 'a trigger that takes request keys away',
    edit: `create trigger t after insert on commits
      begin update commits set k = null where c = new.c; end`,
    found: stray,
    start: 'it has a trigger t',
    stops: 'it has a trigger t',
  },
]

const macs: readonly Tampering<string>[] = [
  {
    name: 'no MAC',
    edit: set('mac = null'),
    found: forged(full),
    stops: `commit ${full} has no MAC`,
  },
  {
    name: 'a MAC of zeros',
    edit: set('mac = zeroblob(16)'),
    found: forged(full),
    stops: noMac(full),
  },
  {
    name: 'half a MAC',
    edit: set('mac = substr(mac, 1, 8)'),
    found: forged(full),
    stops: noMac(full),
  },
  {
    name: 'the MAC of another',
    edit: set(`mac = (select mac from commits where c = ${tail})`),
    found: forged(full),
    stops: noMac(full),
  },
  {
    name: 'no MACs at all',
    edit: 'update commits set mac = null',
    found: forged(401),
    start: 'commit 922 has no MAC',
    stops: `commit ${full} has no MAC`,
  },
  {
    name: 'no column for MACs',
    edit: 'alter table commits drop column mac',
    found: forged(401),
    start: 'commit 922 has no MAC',
    stops: 'table commits has 10 columns',
  },
  {
    name: 'a MAC where there was none',
    edit: set('mac = zeroblob(16)', old),
    commit: old,
    found: 'nothing',
    harmless: 'nobody asks for it: a digest in the keys folder binds the commit',
  },
]

const rows: readonly Tampering<string>[] = [
  {
    name: 'deleted from the middle',
    edit: `delete from commits where c = ${full}`,
    found: found('ColumnMismatch', full),
    stops: `stream ${streamOf(full)} does not have its version`,
  },
  {
    name: 'deleted from the middle, and closed up',
    edit: `delete from commits where c = ${full};
      update commits set c = c - 1, p = p - 1 where c > ${full}`,
    found: found('CommitForged', full, 1_750),
    start: noMac(922),
    stops: gone(last),
  },
  {
    name: 'deleted at the end',
    edit: `delete from commits where c = ${last}`,
    commit: last,
    found: shrunk(2_499),
    start: behind(2_499),
    stops: gone(last),
  },
  {
    name: 'half of it deleted',
    edit: 'delete from commits where c > 500',
    commit: 600,
    found: shrunk(1_250),
    start: behind(1_250),
    stops: gone(last),
  },
  {
    name: 'half of it deleted, with tiles and head',
    edit: `delete from commits where c > 500; delete from tiles;
      delete from meta where name = 'head'`,
    commit: 600,
    found: shrunk(1_250),
    start: behind(1_250),
    stops: gone(last),
  },
  {
    name: 'all of it deleted',
    edit: 'delete from commits; delete from tiles',
    found: shrunk(0),
    start: behind(0),
    stops: gone(last),
  },
  {
    name: 'appended',
    edit: planted(`1001, ${logSize}, s, 5000, x'00', null`),
    found: found('CommitForged', 1_001, logSize),
    start: 'commit 1001 has no MAC',
    stops: 'commit 1001 has no MAC',
  },
  {
    name: 'appended with the MAC of another',
    edit: planted(`1001, ${logSize}, 'person/none', 1, x'00', mac`),
    found: found('CommitForged', 1_001, logSize),
    start: noMac(1_001),
    stops: noMac(1_001),
  },
  {
    name: 'appended past the next',
    edit: planted(`5000, ${logSize}, 'person/none', 1, x'00', mac`),
    found: found('ColumnMismatch', 1_001, logSize),
    start: 'commit 5000 at position 2500 is not the next',
    stops: 'commit 5000 at position 2500 is not the next',
  },
  {
    name: 'appended past all numbers',
    edit: planted(`1152921504606846976, ${logSize}, 'person/none', 1, x'00', mac`),
    found: stray,
    start: tooLarge,
    stops: tooLarge,
  },
  {
    name: "two in each other's place",
    edit: `update commits set c = -1 where c = 700; update commits set c = 700 where c = 701;
      update commits set c = 701 where c = -1`,
    found: found('ColumnMismatch', full),
    stops: noMac(701),
  },
]

const derived: readonly Tampering<string>[] = [
  {
    name: 'a root',
    edit: set('root = zeroblob(32)', last),
    found: found('RootMismatch', last, 2_499),
    start: otherRoot,
  },
  {
    name: 'a range',
    edit: set('range = zeroblob(64)', last),
    found: found('RootMismatch', last, 2_499),
    start: 'has 5 nodes, not 2',
  },
  {
    name: 'a root where there was none',
    edit: set('root = zeroblob(32), range = zeroblob(32)'),
    found: found('RootMismatch', full, 1_749),
  },
  {
    name: 'no root',
    edit: set('root = null', last),
    found: 'nothing',
    harmless: 'roots are computed from the entries, and heads are signed over them',
  },
  {
    name: 'no roots at all',
    edit: 'update commits set root = null, range = null',
    found: 'nothing',
    harmless: 'as one',
  },
  {
    name: 'a tile',
    edit: 'update tiles set hashes = zeroblob(8192) where n = 1',
    commit: 150,
    found: tile(256, 'tile/0/001'),
    start: otherRoot,
  },
  {
    name: 'the last tile',
    edit: 'update tiles set hashes = zeroblob(8192) where n = 8',
    found: tile(2_048, 'tile/0/008'),
    start: otherRoot,
  },
  {
    name: 'a tile cut short',
    edit: `update tiles set hashes = x'00' where n = 8`,
    found: tile(2_048, 'tile/0/008'),
    start: 'tile 0/8 is damaged',
  },
  {
    name: 'a tile deleted',
    edit: 'delete from tiles where n = 3',
    found: 'nothing',
    harmless: 'a start makes it again',
  },
  {
    name: 'tiles before their time',
    edit: `insert into tiles values
      (0, 9, zeroblob(8192)), (1, 0, zeroblob(8192)), (0, -1, zeroblob(8192))`,
    found: 'nothing',
    harmless: 'nothing reads them before they are due, and then they are written over',
  },
  {
    name: 'the stored head deleted',
    edit: `delete from meta where name = 'head'`,
    found: 'nothing',
    harmless: 'the keys folder has it: it is shown again',
  },
  {
    name: 'the stored head without a checkpoint',
    edit: `update meta set value = '{}' where name = 'head'`,
    found: 'nothing',
    harmless: 'as if it were deleted',
  },
  {
    name: 'the stored head no JSON',
    edit: `update meta set value = 'x' where name = 'head'`,
    found: { problem: 'MalformedNote', where: {} },
    running: 'nothing', // It shows its own again.
    start: 'the head in its database is none',
  },
  {
    name: 'the identity deleted',
    edit: `delete from meta where name = 'identity'`,
    found: { problem: 'NoLog', where: {} },
    isMended: true,
  },
  {
    name: 'the key in its identity',
    edit: identity(`'vkey":"jejak.localhost', 'vkey":"jejak.elsewhere'`),
    found: { problem: 'MalformedKey', where: {} },
    start: 'was made with another signing key',
  },
  {
    name: 'the name in its identity',
    edit: identity(`'origin":"jejak.localhost', 'origin":"jejak.elsewhere'`),
    found: digest,
    start: 'the signing key is that of jejak.localhost/assessment',
  },
  {
    name: 'the writer in its identity',
    edit: identity(`'writer":"service', 'writer":"import'`),
    found: 'nothing',
    harmless: 'it says nothing of the events',
    start: 'it belongs to import',
  },
]

describe('a log in an SQLite file, where somebody has edited', () => {
  for (const [what, table] of Object.entries({ bytes, columns, requests, macs, rows, derived })) {
    describe(what, () => {
      test.each(table)('$name', tampering => carryOut(tampering, copy))
    })
  }
})
