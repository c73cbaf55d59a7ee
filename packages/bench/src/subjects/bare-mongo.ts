import { Binary, MongoClient } from 'mongodb'
import { groupCommitted } from './group-commit.ts'
import {
  type BenchAppend,
  bareEntry,
  entryBytes,
  type StoragePlace,
  type Subject,
} from './subject.ts'

type Row = {
  readonly _id: number
  readonly p: number
  readonly n: number
  readonly s: string
  readonly v: number
  readonly k: Binary
  readonly kd: Binary
  readonly e: Binary
}

/** MongoDB with the columns of our log, without look-ups, hashes, proofs and signatures. */
export const bareMongo = async (
  place: StoragePlace,
  mode: 'single' | 'group',
): Promise<Subject> => {
  const writeConcern = { w: 'majority', journal: true } as const
  const client = await MongoClient.connect(place.mongo, { writeConcern })
  const rows = client.db(place.database).collection<Row>('commits')
  await rows.createIndex({ s: 1, v: 1 }, { unique: true })
  await rows.createIndex({ k: 1 }, { unique: true })
  let last = await rows.estimatedDocumentCount()

  const rowOf = (request: BenchAppend): Row => ({
    _id: ++last,
    p: last - 1,
    n: 1,
    s: request.stream,
    v: request.expected + 1,
    k: new Binary(request.key),
    kd: new Binary(request.digest),
    e: new Binary(bareEntry(request)),
  })
  const insertAll = (requests: readonly BenchAppend[]) =>
    rows.insertMany(requests.map(rowOf), { ordered: true })
  const insertOne = (request: BenchAppend) => rows.insertOne(rowOf(request))

  return {
    append: mode === 'group' ? groupCommitted(insertAll) : insertOne,
    appendAll: insertAll,
    async replay(seen) {
      let events = 0
      let bytes = 0
      const cursor = rows.find({}, { raw: true, sort: { _id: 1 }, batchSize: 10_000 })
      while (await cursor.hasNext()) {
        const documents = cursor.readBufferedDocuments() as unknown as readonly Buffer[]
        // `e` is the last element: its bytes end one byte before the document does.
        for (const row of documents) bytes += row.subarray(-1 - entryBytes, -1).length
        events += documents.length
        seen(events)
      }
      if (bytes !== events * entryBytes) throw new Error('rows of another size')
    },
    close: () => client.close(),
  }
}
