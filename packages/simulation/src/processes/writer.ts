import { readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { openHeadFile } from '@jejak/storage/log/head'
import { openLog } from '@jejak/storage/log/open'
import { openCollections } from '@jejak/storage/mongo/documents'
import { mongoStore } from '@jejak/storage/mongo/store'
import { batchWriter } from '@jejak/storage/mongo/writer'
import { sqliteStore } from '@jejak/storage/sqlite/store'
import type { Store } from '@jejak/storage/store'
import { parseSigner } from '@jejak/transparency/key'
import { MongoClient } from 'mongodb'
import {
  openClientHistory,
  parseLines,
  readClientHistory,
  unanswered,
} from '../checks/client-history.ts'
import { type LogClients, runClient, sendRequest } from '../workload/log-clients.ts'
import type { WriterOptions } from './options.ts'
import { runProcess } from './run-process.ts'

// The process that is killed: it appends as fast as it can, and writes the answers to its history.

const doublesShare = 0.1
const doublesEveryMs = 20

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

const storeOf = ({ store }: WriterOptions) => {
  if ('path' in store) return sqliteStore(store.path)
  return store.isWeak ? weakStore(store.url, store.database) : mongoStore(store.url, store.database)
}

const main = async (options: WriterOptions) => {
  const lost = unanswered(readClientHistory(options.history))
  const { origin, keys } = options
  const signing = keys && {
    signer: parseSigner(readFileSync(keys.signer, 'utf8')),
    ...(keys.head && { head: openHeadFile(keys.head) }),
  }
  const log = await openLog({ store: await storeOf(options), origin, ...signing })
  const stop = new AbortController()
  process.on('message', () => stop.abort())
  process.send?.({ ready: true })
  const history = openClientHistory(options.history)
  const clients: LogClients = { log, history, signs: !!keys, heads: new Map(), stop: stop.signal }
  for (const { key } of lost) history.write({ is: 'resent', key })
  await Promise.all(lost.map(sent => sendRequest(clients, sent)))
  await Promise.all([
    ...Array.from({ length: options.clients }, () => runClient(clients)),
    options.doubles && double(clients, options.doubles),
  ])
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
