import { randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeMongo } from '@jejak/local/suites'
import { openStoredLog } from '@jejak/replay/source'
import { CommitMacs } from '@jejak/storage/log/commit-mac'
import { macFile, readMacRecord } from '@jejak/storage/log/mac-file'
import {
  collectionsOf,
  type LogCollections,
  openCollections,
  toDocument,
} from '@jejak/storage/mongo/documents'
import { mongoReader } from '@jejak/storage/mongo/reader'
import { mongoStore } from '@jejak/storage/mongo/store'
import { Binary, type Document, Long, MongoClient } from 'mongodb'
import { afterAll, beforeAll, test } from 'vitest'
import type { LogPlace } from './service-log.ts'
import {
  allCommits,
  carryOut,
  commits,
  forged,
  found,
  keyOf,
  logSize,
  makeOldLog,
  noMac,
  origin,
  service,
  streamOf,
  type Tampering,
  upgrade,
} from './testing/tampered-log.ts'

type Edit = (at: LogCollections) => Promise<unknown>

const { old, full, tail, last } = commits

/** Puts a field in place of another: numbers, texts and bytes as they are. */
const set =
  (fields: Document, _id: number = full): Edit =>
  at =>
    at.commits.updateOne({ _id }, { $set: fields })
const unset =
  (field: string, _id: number = full): Edit =>
  at =>
    at.commits.updateOne({ _id }, { $unset: { [field]: '' } })
const all =
  (...edits: readonly Edit[]): Edit =>
  async at => {
    for (const edit of edits) await edit(at)
  }
/** A document like that of a commit, under another number. */
const planted =
  (fields: Document): Edit =>
  async at => {
    const document = await at.commits.findOne({ _id: full })
    const { root: _, range: __, k: ___, ...rest } = document as Document
    await at.commits.insertOne({ ...rest, s: 'person/none', v: 1, ...fields } as never)
  }
const changedBytes =
  (_id: number): Edit =>
  async at => {
    const { e } = (await at.commits.findOne({ _id })) as unknown as { e: Binary }
    const bytes = Buffer.from(e.value())
    const text = Buffer.from(
      bytes.toString('latin1').replaceAll('as it was', 'as it wos'),
      'latin1',
    )
    await set({ e: text }, _id)(at)
  }
const freeKey = unset('k')

const stray = { problem: 'Stray', where: {} }
const digest = found('CommitForged', 400, 999)
const noGap = (commit: number) => `stream ${streamOf(commit)} does not have its version`
/** Seen by looking for the last commit, twice a second. */
const gone = `commit ${allCommits + 1} was stored, and is not there any more as it was`
const types = found('ColumnMismatch', full)

const table: readonly Tampering<Edit>[] = [
  {
    name: 'bytes of before MACs',
    edit: changedBytes(old),
    commit: old,
    found: { problem: 'TileMismatch', where: { index: 249, tile: 'tile/0/000' } },
    stops: 'entry 249 or the tiles',
  },
  { name: 'bytes', edit: changedBytes(full), found: forged(full), stops: noMac(full) },
  {
    name: 'bytes behind the last full tile',
    edit: changedBytes(tail),
    commit: tail,
    found: forged(tail),
    start: noMac(tail),
    stops: noMac(tail),
  },
  {
    name: 'a bundle',
    edit: at => at.bundles.updateOne({ _id: 3 }, { $set: { e: Buffer.alloc(9) } }),
    found: { problem: 'BundleMismatch', where: { index: 768 } },
    stops: 'a slice of 256 entries holds 5',
  },
  {
    name: 'a bundle before its time',
    edit: at => at.bundles.insertOne({ _id: 9, e: Buffer.alloc(9) }),
    found: 'nothing',
    harmless: 'no reader takes bundles past the end, and then it is written over',
  },
  {
    name: 'bundles and tiles deleted',
    edit: at => Promise.all([at.bundles.deleteMany({}), at.tiles.deleteMany({})]),
    found: 'nothing',
    harmless: 'a start makes them again; until then readers take commits',
  },
  {
    name: 'a tile',
    edit: at =>
      at.tiles.updateOne({ _id: { l: 0, n: 8 } }, { $set: { hashes: Buffer.alloc(8_192) } }),
    found: { problem: 'TileMismatch', where: { index: 2_048, tile: 'tile/0/008' } },
    start: 'do not have the root',
  },
  { name: 'a stream', edit: set({ s: 'person/none' }), found: forged(full), stops: noMac(full) },
  {
    name: 'a stream that is a list',
    edit: set({ s: [streamOf(full), 'person/none'] }),
    found: types,
    stops: 'must be of type string',
  },
  {
    name: 'a version that is a text',
    edit: set({ v: 'last' }),
    found: types,
    stops: 'commit 700 ',
  },
  { name: 'no stream', edit: all(unset('s'), unset('v')), found: types, stops: noMac(full) },
  {
    name: 'a count that is no number',
    edit: set({ n: Number.NaN }),
    found: types,
    stops: 'a slice of NaN entries',
  },
  { name: 'a position that is half', edit: set({ p: 1748.5 }), found: types, stops: noMac(full) },
  {
    name: 'a position as a long',
    edit: set({ p: Long.fromNumber(1_749) }),
    found: 'nothing',
    harmless: 'it is the same number',
  },
  {
    name: 'one more field',
    edit: set({ note: 'more' }),
    found: 'nothing',
    harmless: 'nobody reads it',
  },
  { name: 'no request key', edit: freeKey, found: forged(full) },
  {
    name: 'a request key of another subtype',
    edit: set({ k: new Binary(keyOf(full), 5) }),
    found: types,
  },
  {
    name: 'a request key that is two',
    edit: set({ k: [keyOf(full), keyOf(5_000)] }),
    found: types,
    stops: 'commit 700 has a request key that is not bytes',
  },
  { name: 'a digest', edit: set({ kd: Buffer.alloc(8) }), found: forged(full), stops: noMac(full) },
  { name: 'no MAC', edit: unset('mac'), found: forged(full), stops: `commit ${full} has no MAC` },
  { name: 'a MAC that is a text', edit: set({ mac: 'right' }), found: types, stops: noMac(full) },
  {
    name: 'no MACs at all',
    edit: at => at.commits.updateMany({}, { $unset: { mac: '' } }),
    found: forged(401),
    start: 'commit 922 has no MAC',
    stops: `commit ${full} has no MAC`,
  },
  {
    name: 'a fence without its MAC',
    edit: unset('mac', last + 1),
    found: found('CommitForged', last + 1, logSize - 1),
    start: 'commit 1001 has no MAC',
  },
  {
    name: 'deleted from the middle',
    edit: at => at.commits.deleteOne({ _id: full }),
    found: found('ColumnMismatch', full),
    stops: noGap(full),
  },
  {
    name: 'deleted at the end',
    edit: at => at.commits.deleteMany({ _id: { $gte: last } }),
    commit: last,
    found: { problem: 'Shrunk', where: { index: 2_499 } },
    start: 'it has 2499 events, but 2500 were signed for',
    stops: gone,
  },
  {
    name: 'half of it deleted, with the stored head',
    edit: at =>
      Promise.all([
        at.commits.deleteMany({ _id: { $gt: 500 } }),
        at.meta.deleteOne({ _id: 'head' }),
      ]),
    found: { problem: 'Shrunk', where: { index: 1_250 } },
    start: 'it has 1250 events',
    stops: gone,
  },
  {
    name: 'appended',
    edit: planted({ _id: 1_002, p: logSize }),
    found: found('CommitForged', 1_002, logSize),
    start: noMac(1_002),
    stops: noMac(1_002),
  },
  {
    name: 'appended past the next',
    edit: planted({ _id: 5_000, p: logSize }),
    found: found('ColumnMismatch', 1_002, logSize),
    start: 'commit 5000 at position 2500 is not the next',
    stops: 'commit 1003 at position 2502 is missing',
  },
  {
    name: 'between two numbers',
    edit: all(freeKey, planted({ _id: 500.5, k: keyOf(full) })),
    found: found('ColumnMismatch', 501),
    stops: 'commit 500.5 has a number that no commit has',
  },
  {
    name: 'before the first',
    edit: all(freeKey, planted({ _id: -3, k: keyOf(full) })),
    found: stray,
    start: 'it has a commit -3',
    stops: 'commit -3 has a number that no commit has',
  },
  {
    name: 'under a text',
    edit: all(freeKey, planted({ _id: 'x', k: keyOf(full) })),
    found: stray,
    start: 'it has a commit x',
    stops: 'commit x',
  },
  {
    name: 'under no number',
    edit: all(freeKey, planted({ _id: Number.NaN, k: keyOf(full) })),
    found: stray,
    start: 'it has a commit NaN',
    stops: 'commit NaN',
  },
  {
    name: 'past all numbers',
    edit: planted({ _id: Number.POSITIVE_INFINITY, p: logSize }),
    found: stray,
    start: 'it has a commit Infinity',
    stops: 'commit 1003 at position 2502 is missing',
  },
  { name: 'indexes dropped', edit: at => at.commits.dropIndexes(), found: stray, isMended: true },
  {
    name: 'the stored head older',
    edit: at => at.meta.updateOne({ _id: 'head' }, { $set: { size: 5_000_000 } }),
    found: 'nothing',
    harmless: 'what is signed is right',
  },
  {
    name: 'a second identity',
    edit: at =>
      at.meta.insertOne({
        _id: 'identity2',
        origin: 'jejak.elsewhere/assessment',
        vkey: 'x',
        writer: 'service',
      }),
    found: 'nothing',
    harmless: 'nobody reads it',
  },
  {
    name: 'the name in its identity',
    edit: at =>
      at.meta.updateOne({ _id: 'identity' }, { $set: { origin: 'jejak.elsewhere/assessment' } }),
    found: digest,
    start: 'the signing key is that of',
  },
]

describeMongo('a log on MongoDB, where somebody has edited', ({ url }) => {
  const folder = mkdtempSync(join(tmpdir(), 'tampering-'))
  const originalKeys = join(folder, 'original')
  const run = randomUUID().slice(0, 8)
  const original = `tampering-${run}`
  const client = new MongoClient(url)
  const made: string[] = []

  const placeIn = (database: string): LogPlace => ({
    place: database,
    identity: async () => {
      const reader = await mongoReader(url, database)
      const identity = await reader.identity()
      await reader.close()
      return identity
    },
    openStore: () => mongoStore(url, database),
    openSource: () => openStoredLog({ mongo: url, database }, service),
  })

  /** As a writer leaves it that has found out what became of its last write. */
  const fenced = async () => {
    const record = readMacRecord(macFile(originalKeys, service), origin)
    if (!record) throw new Error('no record')
    const fence = { number: allCommits + 1, position: logSize, count: 0, entries: Buffer.alloc(0) }
    const { commits } = collectionsOf(client.db(original))
    await commits.insertOne(toDocument(new CommitMacs(record, origin).stamp(fence, [])))
  }

  const copy = async () => {
    const [database, keys] = [`${original}-${made.length}`, join(folder, String(made.length))]
    made.push(database)
    cpSync(originalKeys, keys, { recursive: true })
    await Promise.all(
      ['commits', 'tiles', 'bundles', 'meta'].map(coll =>
        client
          .db(original)
          .collection(coll)
          .aggregate([{ $out: { db: database, coll } }])
          .toArray(),
      ),
    )
    const at = await openCollections(client.db(database))
    const tamper = async (edit: Edit) => void (await edit(at))
    return { keys, at: placeIn(database), tamper }
  }

  beforeAll(async () => {
    made.push(original)
    await client.connect()
    await makeOldLog(await mongoStore(url, original), originalKeys)
    await upgrade(originalKeys, placeIn(original))
    await fenced()
  }, 60_000)
  afterAll(async () => {
    for (const database of made) await client.db(database).dropDatabase()
    await client.close()
    rmSync(folder, { recursive: true })
  }, 60_000)

  test.each(table)('$name', tampering => carryOut(tampering, copy))
})
