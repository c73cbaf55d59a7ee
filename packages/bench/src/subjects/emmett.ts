import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { BenchAppend, StoragePlace, Subject } from './subject.ts'

// The peers are installed apart, after this was checked: their types are written down here.
type Event = { readonly type: string; readonly data: unknown; readonly metadata: unknown }
type EventStore = {
  appendToStream(
    stream: string,
    events: readonly Event[],
    options: { readonly expectedStreamVersion: bigint },
  ): Promise<unknown>
  readStream(stream: string): Promise<{ readonly events: readonly unknown[] }>
}
type Connection = { close(): void }
type Batch = {
  readonly currentGlobalPosition: bigint
  readonly messages: readonly unknown[]
  readonly areEventsLeft: boolean
}
type EmmettSqlite = {
  sqliteConnection(options: { readonly fileName: string }): Connection
  getSQLiteEventStore(options: {
    readonly fileName: string
    readonly connectionOptions: { readonly singleton: true; readonly connection: Connection }
  }): EventStore
  readMessagesBatch(
    connection: Connection,
    options: { readonly after: bigint; readonly batchSize: number },
  ): Promise<Batch>
}
type Client = {
  connect(): Promise<Client>
  db(name: string): {
    collection(name: string): {
      find(filter: object, options: object): AsyncIterable<{ readonly streamName: string }>
    }
  }
  close(): Promise<void>
}
type EmmettMongo = {
  getMongoDBEventStore(options: {
    readonly client: Client
    readonly storage: { readonly type: string; readonly databaseName: string }
  }): EventStore
}
type Driver = { readonly MongoClient: new (url: string, options: object) => Client }

const peers = createRequire(new URL('../../peers/package.json', import.meta.url))

const eventOf = ({ type, data, id, key }: BenchAppend): Event => ({
  type,
  data,
  metadata: { messageId: id, correlationId: Buffer.from(key).toString('hex') },
})
const expecting = ({ expected }: BenchAppend) => ({ expectedStreamVersion: BigInt(expected) })

const appends = (store: EventStore, nameOf: (stream: string) => string) => ({
  append: (request: BenchAppend) =>
    store.appendToStream(nameOf(request.stream), [eventOf(request)], expecting(request)),
  appendAll: async (requests: readonly BenchAppend[]) => {
    const [first] = requests
    if (!first) return
    await store.appendToStream(nameOf(first.stream), requests.map(eventOf), expecting(first))
  },
})

/**
 * Its singleton connection: a connection for each append fails from 16 clients on. On it, appends
 * that overlap share a transaction, and are answered before that is committed.
 */
export const emmettSqlite = async ({ folder }: StoragePlace): Promise<Subject> => {
  const emmett = peers('@event-driven-io/emmett-sqlite') as EmmettSqlite
  const fileName = join(folder, 'emmett.sqlite')
  const connection = emmett.sqliteConnection({ fileName })
  const connectionOptions = { singleton: true, connection } as const
  const store = emmett.getSQLiteEventStore({ fileName, connectionOptions })
  return {
    ...appends(store, stream => stream),
    async replay(seen) {
      let events = 0
      for (let after = 0n, more = true; more; ) {
        const batch = await emmett.readMessagesBatch(connection, { after, batchSize: 1_000 })
        after = batch.currentGlobalPosition
        more = batch.areEventsLeft
        events += batch.messages.length
        seen(events)
      }
    },
    close: async () => connection.close(),
  }
}

/** It has no order of all events: a replay goes by stream, a few of them at a time. */
export const emmettMongo = async ({ mongo, database }: StoragePlace): Promise<Subject> => {
  const emmett = peers('@event-driven-io/emmett-mongodb') as EmmettMongo
  const { MongoClient } = peers('mongodb') as Driver
  const writeConcern = { w: 'majority', journal: true }
  const client = await new MongoClient(mongo, { writeConcern }).connect()
  const storage = { type: 'COLLECTION_PER_STREAM_TYPE', databaseName: database }
  const store = emmett.getMongoDBEventStore({ client, storage })
  return {
    ...appends(store, stream => stream.replace('/', ':')), // The type of a stream, then its id.
    async replay(seen) {
      let events = 0
      const read = async (stream: string) => {
        const read = await store.readStream(stream)
        events += read.events.length
        seen(events)
      }
      const streams = client.db(database).collection('emt:competency')
      let reading: Promise<void>[] = []
      for await (const { streamName } of streams.find({}, { projection: { streamName: 1 } })) {
        if (reading.push(read(streamName)) < 8) continue
        await Promise.all(reading)
        reading = []
      }
      await Promise.all(reading)
    },
    close: () => client.close(),
  }
}
