import { consume } from '@jejak/consumer/consume'
import { publisherHistory } from '@jejak/consumer/port'
import { decode } from '@jejak/eventsourcing/entry'
import { catchUpBus } from '@jejak/messaging/catch-up'
import { HistoryService } from '@jejak/proto/jejak/history/v1/history'
import { reportingConsumer } from '@jejak/reporting/read-model/consumer'
import { rebuildReadModel as rebuildReporting } from '@jejak/reporting/read-model/rebuild'
import { openReadModel } from '@jejak/reporting/read-model/versions'
import { connect } from '@jejak/rpc/client'
import type { HistoryLog } from '@jejak/rpc/history'
import { remoteLog } from '@jejak/rpc/history-client'
import { mongoProjections } from '@jejak/storage/mongo/projections'
import { MongoClient } from 'mongodb'
import type { StoragePlace } from '../subjects/subject.ts'
import { eventsPerPerson, fillLogs, trainingDecisions, trainingServices } from '../training-logs.ts'
import { openServiceDatabase } from './service-log.ts'

export type CatchUpTask = {
  readonly measure: 'fill' | 'read' | 'insert' | 'bootstrap' | 'rebuild'
  /** The place of the publishers' logs. */
  readonly logs: StoragePlace
  /** The place of the reader. */
  readonly place: StoragePlace
  /** The address of the publishers. */
  readonly address: string
  readonly people: number
}

export type CatchUpAnswer = {
  readonly events: number
  readonly seconds: number
  readonly mib: number
}

type Logs = ReadonlyMap<string, HistoryLog>
type Found = { readonly events: number; readonly seconds: number }

const timed = async (work: () => Promise<number>): Promise<Found> => {
  const start = performance.now()
  const events = await work()
  return { events, seconds: (performance.now() - start) / 1_000 }
}

const fill = async ({ logs, people }: CatchUpTask) => {
  const opened = trainingServices.map(
    async name => [name, await openServiceDatabase(logs, name)] as const,
  )
  const open = new Map(await Promise.all(opened))
  await fillLogs(open, trainingDecisions(people))
  for (const log of open.values()) await log.close()
  return people * eventsPerPerson
}

async function* entriesIn(logs: Logs): AsyncIterable<readonly Uint8Array[]> {
  for (const log of logs.values()) for await (const { entries } of log.read(0)) yield entries
}

const read = (logs: Logs) =>
  timed(async () => {
    let events = 0
    for await (const entries of entriesIn(logs)) events += entries.length
    return events
  })

const batchMax = 1_000

/** One document for each event, under a key like a fact's; making them is not counted. */
const insert = async (logs: Logs, { mongo, database }: StoragePlace): Promise<Found> => {
  const client = await MongoClient.connect(mongo)
  const writeConcern = { w: 'majority', journal: true } as const
  const documents = client.db(database).collection<Row>('documents', { writeConcern })
  let [events, seconds] = [0, 0]
  for await (const entries of entriesIn(logs)) {
    for (let at = 0; at < entries.length; at += batchMax) {
      const rows = entries.slice(at, at + batchMax).map(rowOf)
      const found = await timed(async () => {
        return (await documents.insertMany(rows, { ordered: false })).insertedCount
      })
      events += found.events
      seconds += found.seconds
    }
  }
  await client.close()
  return { events, seconds }
}

type Row = { readonly _id: { p: string; k: string }; readonly document: string }

const rowOf = (entry: Uint8Array): Row => {
  const { subject, streamversion } = decode(entry)
  const [kind, ofWhom] = subject.split('/')
  const k = `facts/${ofWhom}/assessment/${kind}/${String(streamversion).padStart(10, '0')}`
  return { _id: { p: 'reporting-v7-1', k }, document: Buffer.from(entry).toString() }
}

/** A bus without messages: all events are in the publishers' logs. */
const silent = {
  publish: async () => {},
  subscribe: ({ signal }: { readonly signal: AbortSignal }) =>
    new Promise<void>(resolve => {
      if (signal.aborted) resolve()
      else signal.addEventListener('abort', () => resolve())
    }),
  close: async () => {},
}

const model = async (
  measure: 'bootstrap' | 'rebuild',
  publishers: Logs,
  place: StoragePlace,
): Promise<Found> => {
  const { mongo, database } = place
  const store = await mongoProjections(mongo, database)
  const own = await openServiceDatabase(place, 'reporting') // It reads its own log too.
  const logs: Logs = new Map([...publishers, ['reporting', own]])
  const done = new AbortController()
  const ports = {
    store,
    history: publisherHistory(logs),
    cursorPer: 'stream' as const,
    signal: done.signal,
    failed: console.error,
  }
  const unread = new Set(logs.keys())
  const caughtUp = ({ log }: { readonly log: string }) => {
    unread.delete(log)
    if (unread.size === 0) done.abort()
  }
  const { seconds } = await timed(async () => {
    if (measure === 'rebuild') {
      await rebuildReporting({ ...ports, logs })
    } else {
      const bus = catchUpBus({ bus: silent, logs, cursors: store, caughtUp })
      await consume({ ...reportingConsumer, ...ports, bus })
    }
    return 0
  })
  const facts = await factsOf(mongo, database, await openReadModel(store).active())
  await own.close()
  await store.close()
  return { events: facts, seconds }
}

const factsOf = async (mongo: string, database: string, projection: string) => {
  const client = await MongoClient.connect(mongo)
  const range = { $gte: { p: projection, k: 'facts/' }, $lt: { p: projection, k: 'facts0' } }
  const documents = client.db(database).collection<Row>('documents')
  const count = await documents.countDocuments({ _id: range })
  await client.close()
  return count
}

const measured = async (task: CatchUpTask): Promise<Found> => {
  const { measure, address, place } = task
  if (measure === 'fill') return timed(() => fill(task))
  const connection = connect(address)
  const history = connection.client(HistoryService)
  const logs: Logs = new Map(trainingServices.map(name => [name, remoteLog(history, name)]))
  try {
    if (measure === 'read') return await read(logs)
    if (measure === 'insert') return await insert(logs, place)
    return await model(measure, logs, place)
  } finally {
    connection.close()
  }
}

process.once('message', async (task: CatchUpTask) => {
  const { events, seconds } = await measured(task)
  const all = task.people * eventsPerPerson
  if (events !== all) throw new Error(`${task.measure} came to ${events} of ${all} events`)
  const mib = process.resourceUsage().maxRSS / 1_024
  process.send?.({ events, seconds, mib } satisfies CatchUpAnswer, () => process.disconnect())
})
