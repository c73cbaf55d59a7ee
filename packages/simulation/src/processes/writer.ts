import { readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { openHeadFile } from '@jejak/storage/log/head'
import { openLog } from '@jejak/storage/log/open'
import { mongoStore } from '@jejak/storage/mongo/store'
import { sqliteStore } from '@jejak/storage/sqlite/store'
import { parseSigner } from '@jejak/transparency/key'
import { openHistory, parseLines, readHistory, unanswered } from '../checks/history.ts'
import { type Crowd, client, submit } from '../workload/clients.ts'
import { carelessStore } from './careless.ts'
import { perform } from './perform.ts'
import type { WriterOptions } from './task.ts'

// The process that is killed: appends as fast as it can, and writes down what it was promised.

const doublesShare = 0.1
const doublesEveryMs = 20

const storeOf = ({ store }: WriterOptions) => {
  if ('path' in store) return sqliteStore(store.path)
  return store.careless
    ? carelessStore(store.url, store.database)
    : mongoStore(store.url, store.database)
}

const main = async (options: WriterOptions) => {
  const lost = unanswered(readHistory(options.history))
  const { origin, keys } = options
  const signing = keys && {
    signer: parseSigner(readFileSync(keys.signer, 'utf8')),
    ...(keys.head && { head: openHeadFile(keys.head) }),
  }
  const log = await openLog({ store: await storeOf(options), origin, ...signing })
  const stop = new AbortController()
  process.on('message', () => stop.abort())
  process.send?.({ ready: true })
  const history = openHistory(options.history)
  const crowd: Crowd = { log, history, signs: !!keys, heads: new Map(), stop: stop.signal }
  for (const { key } of lost) history.say({ is: 'resent', key })
  await Promise.all(lost.map(sent => submit(crowd, sent)))
  await Promise.all([
    ...Array.from({ length: options.clients }, () => client(crowd)),
    options.doubles && double(crowd, options.doubles),
  ])
  await log.close()
}

/** Sends what another writer's clients send, again: as they would after a lost answer. */
const double = async (crowd: Crowd, path: string) => {
  const file = await open(path, 'a+')
  let { size } = await file.stat()
  while (!crowd.stop.aborted) {
    await sleep(doublesEveryMs)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1 << 20), 0, 1 << 20, size)
    const end = buffer.subarray(0, bytesRead).lastIndexOf('\n') + 1
    size += end
    for (const line of parseLines(buffer.toString('utf8', 0, end))) {
      if (line.is !== 'sent' || Math.random() > doublesShare) continue
      crowd.history.say(line)
      await submit(crowd, line)
    }
  }
  await file.close()
}

await perform(main)
