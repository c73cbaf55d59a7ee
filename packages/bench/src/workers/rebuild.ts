import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openDataLog } from '@jejak/embedded/data-log'
import { rebuildReporting } from '@jejak/embedded/rebuild-reporting'
import { decode } from '@jejak/eventsourcing/entry'
import { logFile, readFolder, servicesIn } from '@jejak/storage/data-folder'
import { openReading } from '@jejak/storage/log/reading'
import { sqliteReader } from '@jejak/storage/sqlite/store'
import { eventsPerPerson, fillLogs, trainingDecisions, trainingServices } from '../training-logs.ts'

export type RebuildTask = {
  readonly measure: 'fill' | 'read' | 'insert' | 'rebuild'
  /** A data folder. */
  readonly folder: string
  readonly people: number
}

export type RebuildAnswer = {
  readonly events: number
  readonly seconds: number
  readonly mib: number
}

const fill = async ({ folder: data, people }: RebuildTask): Promise<number> => {
  const logs = new Map<string, Awaited<ReturnType<typeof openDataLog>>>()
  for (const service of [...trainingServices, 'reporting']) {
    logs.set(service, await openDataLog({ data, service, writer: 'service' }))
  }
  await fillLogs(logs, trainingDecisions(people))
  for (const log of logs.values()) await log.close()
  return people * eventsPerPerson
}

async function* entriesIn(data: string): AsyncIterable<readonly Uint8Array[]> {
  for (const service of servicesIn(data)) {
    const db = new DatabaseSync(logFile(data, service), { readOnly: true })
    for await (const { entries } of openReading(sqliteReader(db)).read(0)) yield entries
    db.close()
  }
}

const read = async ({ folder }: RebuildTask): Promise<number> => {
  let events = 0
  for await (const entries of entriesIn(folder)) events += entries.length
  return events
}

const rebuild = async ({ folder }: RebuildTask): Promise<number> => {
  const model = await rebuildReporting(folder)
  const file = join(readFolder(folder, 'reporting'), `${model}.db`)
  const db = new DatabaseSync(file, { readOnly: true })
  const facts = `select count(*) as n from documents where key glob 'facts/*'`
  const { n } = db.prepare(facts).get() ?? {}
  db.close()
  return Number(n)
}

// The table of a projection, in a file with the same settings.
const schema = `
pragma page_size = 8192;
pragma journal_mode = wal;
pragma synchronous = normal;
pragma cache_size = -65536;
pragma wal_autocheckpoint = 8192;
create table documents (key text not null primary key, document text not null) strict`
const batchRows = 10_000

/** One row for each event, under a key like a fact's; making them is not counted. */
const insert = async ({ folder }: RebuildTask): Promise<{ events: number; seconds: number }> => {
  const db = new DatabaseSync(bareFile(folder))
  db.exec(schema)
  const put = db.prepare('insert into documents values (?, cast(? as text))')
  let rows: (readonly [key: string, document: Uint8Array])[] = []
  let [events, seconds] = [0, 0]
  const flush = () => {
    const start = performance.now()
    db.exec('begin')
    for (const [key, document] of rows) put.run(key, document)
    db.exec('commit')
    seconds += (performance.now() - start) / 1_000
    events += rows.length
    rows = []
  }
  for await (const entries of entriesIn(folder)) {
    for (const entry of entries) {
      const [kind, ofWhom] = decode(entry).subject.split('/')
      const position = String(events + rows.length).padStart(10, '0')
      rows.push([`facts/${ofWhom}/assessment/${kind}/${position}`, entry])
    }
    if (rows.length >= batchRows) flush()
  }
  flush()
  db.close()
  return { events, seconds }
}

const bareFile = (folder: string) => join(folder, 'bare.db')

const measures = { fill, read, insert, rebuild }

const measured = async (task: RebuildTask): Promise<RebuildAnswer> => {
  rmSync(readFolder(task.folder, 'reporting'), { recursive: true, force: true })
  for (const part of ['', '-wal', '-shm']) rmSync(bareFile(task.folder) + part, { force: true })
  const start = performance.now()
  const found = await measures[task.measure](task)
  const { events, seconds } =
    typeof found === 'number'
      ? { events: found, seconds: (performance.now() - start) / 1_000 }
      : found
  const all = task.people * eventsPerPerson
  if (events !== all) throw new Error(`${task.measure} came to ${events} of ${all} events`)
  return { events, seconds, mib: process.resourceUsage().maxRSS / 1_024 }
}

process.once('message', async (task: RebuildTask) => {
  const answer = await measured(task)
  process.send?.(answer, () => process.disconnect())
})
