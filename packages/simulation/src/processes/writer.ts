import { mkdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDataSource, openMongoSource } from '@jejak/replay/source'
import { openServiceLog } from '@jejak/service-log/service-log'
import { logFile } from '@jejak/storage/data-folder'
import { CommitMacs } from '@jejak/storage/log/commit-mac'
import { openHeadFile } from '@jejak/storage/log/head'
import { macFile, readMacRecord } from '@jejak/storage/log/mac-file'
import { openLog, type ProvenLog } from '@jejak/storage/log/open'
import { headFile, signerOf } from '@jejak/storage/log/signer'
import { openCollections } from '@jejak/storage/mongo/documents'
import { mongoStore } from '@jejak/storage/mongo/store'
import { batchWriter } from '@jejak/storage/mongo/writer'
import { sqliteStore } from '@jejak/storage/sqlite/store'
import type { Store } from '@jejak/storage/store'
import { MongoClient } from 'mongodb'
import {
  openClientHistory,
  parseLines,
  readClientHistory,
  unanswered,
} from '../checks/client-history.ts'
import { type LogClients, LogEnded, runClient, sendRequest } from '../workload/log-clients.ts'
import { logDatabase, logOrigin, type StorePlace, type WriterOptions } from './options.ts'
import { runProcess } from './run-process.ts'

// The process that is killed: it appends as fast as it can, and writes the answers to its history.

const doublesShare = 0.1
const doublesEveryMs = 20
const fencesShare = 0.1
/** Two computers never have the same time, and a computer that is started anew may have lost it. */
const clockOffByMaxMs = 2 * 86_400_000
/** What is in flight when a log is stopped has its answers by then. */
const stoppedForMs = 100

/** A store that trusts the acknowledgement of one server: the check must find what is lost. */
const weakStore = async (url: string, database: string): Promise<Store> => {
  const store = await mongoStore(url, database)
  const client = await MongoClient.connect(url, {
    writeConcern: { w: 1 },
    readConcern: { level: 'local' },
    promoteBuffers: true,
    ignoreUndefined: true,
  })
  const at = await openCollections(client.db(database))
  const closing = new AbortController()
  return {
    ...store,
    write: batchWriter(at, closing.signal),
    async close() {
      closing.abort()
      await client.close()
      await store.close()
    },
  }
}

/** Puts a fence where a commit was to be, as a store does that has lost an answer. */
const fencing = (store: Store, without: WriterOptions['without']): Store => ({
  ...store,
  async write(batch, complete) {
    const [first] = batch
    if (!first || Math.random() > fencesShare) return store.write(batch, complete)
    const { number, position } = first
    const empty = { number, position, count: 0, entries: Buffer.alloc(0) }
    await store.write([without === 'macs-of-fences' ? empty : complete(empty)], complete)
    return { written: 0, repeated: new Map(), heads: new Map() }
  },
})

const storeOf = async (options: WriterOptions): Promise<Store> => {
  const { service, fences, without } = options
  const store = await plainStore(options.store, service)
  return fences ? fencing(store, without) : store
}

const plainStore = (at: StorePlace, service: string): Promise<Store> => {
  if ('url' in at) return (at.isWeak ? weakStore : mongoStore)(at.url, logDatabase(service))
  const file = logFile(at.data, service)
  mkdirSync(dirname(file), { recursive: true })
  return sqliteStore(file)
}

/** Kills this process at the step with this number. */
const crashAt = (crash: number | undefined) => {
  let steps = 0
  const step = () => {
    if (++steps === crash) process.kill(process.pid, 'SIGKILL')
  }
  /** Each call of the object's functions is a step. */
  const stepwise = <T extends object>(target: T): T =>
    crash === undefined
      ? target
      : new Proxy(target, {
          get(from, name) {
            const value = Reflect.get(from, name)
            if (typeof value !== 'function') return value
            return (...values: unknown[]) => {
              step()
              return value.apply(from, values)
            }
          },
        })
  return { step, stepwise }
}

/** As services open their logs; others that append to them have the key of their MACs only. */
const openWriterLog = async (options: WriterOptions): Promise<ProvenLog> => {
  const { service, keys, signs, without, store: at } = options
  const { step, stepwise } = crashAt(options.crash)
  const offByMs = (Math.random() - 0.5) * 2 * clockOffByMaxMs
  const log = { origin: logOrigin(service), now: () => Date.now() + offByMs }
  const store = stepwise(await storeOf(options))
  if (signs && without !== 'macs') {
    const ready = { openStore: async () => store, identity: store.identity, place: 'the store' }
    return openServiceLog(
      { ...log, service, keys, writer: 'service', onKey: step, onVerification: step },
      {
        ...ready,
        openSource: async () =>
          stepwise(
            await ('data' in at
              ? openDataSource(at.data, service)
              : openMongoSource(at.url, service)),
          ),
      },
    )
  }
  const record = without === 'macs' ? undefined : readMacRecord(macFile(keys, service), log.origin)
  const macs = record && new CommitMacs(record, log.origin)
  if (!signs) return openLog({ ...log, store, ...(macs && { macs }) })
  const signer = signerOf({ keys, service, known: log.origin, isNew: true })
  return openLog({ ...log, store, signer, head: openHeadFile(headFile(keys, service)) })
}

const main = async (options: WriterOptions) => {
  const lost = unanswered(readClientHistory(options.history))
  const log = await openWriterLog(options)
  const stop = new AbortController()
  const history = openClientHistory(options.history)
  history.write({ is: 'opened' })
  let hasStopped = false
  process.on('message', (message: { readonly stopLog?: true }) => {
    stop.abort()
    if (!message.stopLog) return
    hasStopped = true
    log.stop(new Error('the simulation stops it'))
    history.write({ is: 'stopped', size: log.head()?.size ?? 0 })
  })
  process.send?.({ ready: true })
  const { signs } = options
  const clients: LogClients = { log, history, signs, heads: new Map(), stop: stop.signal }
  for (const { key } of lost) history.write({ is: 'resent', key })
  try {
    await Promise.all(lost.map(sent => sendRequest(clients, sent)))
    await Promise.all([
      ...Array.from({ length: options.clients }, () => runClient(clients)),
      options.doubles && double(clients, options.doubles),
    ])
  } catch (error) {
    if (!hasStopped || !(error instanceof LogEnded)) throw error
    await sleep(stoppedForMs)
  }
  await log.close()
}

/** Sends requests of another writer's clients again, as after a lost answer. */
const double = async (clients: LogClients, path: string) => {
  const file = await open(path, 'a+')
  let { size } = await file.stat()
  while (!clients.stop.aborted) {
    await sleep(doublesEveryMs)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1 << 20), 0, 1 << 20, size)
    const end = buffer.subarray(0, bytesRead).lastIndexOf('\n') + 1
    size += end
    for (const line of parseLines(buffer.toString('utf8', 0, end))) {
      if (line.is !== 'sent' || Math.random() > doublesShare) continue
      clients.history.write(line)
      await sendRequest(clients, line)
    }
  }
  await file.close()
}

await runProcess(main)
