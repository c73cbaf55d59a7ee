import { randomUUID } from 'node:crypto'
import type { NewEvent } from '@jejak/eventsourcing/log'
import { OtherLog, pagesFrom } from '@jejak/eventsourcing/projection'
import { HistoryService } from '@jejak/proto/jejak/history/v1/history'
import { openLog, type ProvenLog } from '@jejak/storage/log/open'
import { memoryStore } from '@jejak/storage/memory'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from './client.ts'
import { type HistoryLog, historyRpc } from './history.ts'
import { remoteLog } from './history-client.ts'
import { serve } from './serve.ts'

const origin = 'jejak.example/one'
const events = (count: number, size = 10): NewEvent[] =>
  Array.from({ length: count }, () => ({
    id: randomUUID(),
    type: 'Happened',
    data: { text: 'x'.repeat(size) },
  }))

let log: ProvenLog
let verified = 0
let remote: HistoryLog
let close: () => Promise<void>
beforeAll(async () => {
  log = await openLog({
    store: memoryStore(),
    origin,
    signer: parseSigner(generateKey(origin)),
    verified: () => verified,
  })
  await log.append({ stream: 'a', expected: 0, events: events(700) })
  await log.append({ stream: 'b', expected: 0, events: events(60, 50_000) })
  await log.append({ stream: 'a', expected: 700, events: events(600) })
  const server = await serve({
    address: '127.0.0.1:0',
    implementations: [historyRpc(new Map([['one', log]]))],
    authenticate: () => ({ id: randomUUID(), role: 'service' }),
  })
  const connection = connect(`127.0.0.1:${server.port}`)
  remote = remoteLog(connection.client(HistoryService), 'one')
  close = async () => {
    connection.close()
    await server.drain(1_000)
    await log.close()
  }
})
afterAll(() => close())

const bytes = (entry: Uint8Array) => Buffer.from(entry).toString('base64')
const entriesOf = async (pages: AsyncIterable<{ entries: readonly Uint8Array[] }>) => {
  const entries: string[] = []
  for await (const page of pages) entries.push(...page.entries.map(bytes))
  return entries
}

describe('the log of another service', () => {
  test('has the entries that it has at home, byte for byte', async () => {
    expect(await entriesOf(remote.read(650))).toEqual(await entriesOf(log.read(650)))
    expect(await remote.size()).toBe(await log.size())
  })

  test('has its streams, a page at a time', async () => {
    const queries = [{ stream: 'a' }, { stream: 'a', from: 1_001 }, { stream: 'b', from: 2, to: 3 }]
    const plain = (pages: Awaited<ReturnType<HistoryLog['readStreams']>>) =>
      pages.map(({ events, end }) => ({
        events: events.map(event => ({ ...event, entry: bytes(event.entry) })),
        end,
      }))
    expect(plain(await remote.readStreams(queries))).toEqual(plain(await log.readStreams(queries)))
  })

  test('is proven by its heads', async () => {
    const head = await remote.head()
    expect(log.head()).toMatchObject(head as object)
    const plain = (hashes: readonly Uint8Array[]) => hashes.map(bytes)
    expect(plain(await remote.inclusion(7, 900))).toEqual(plain(await log.inclusion(7, 900)))
    expect(plain(await remote.consistency(7, 900))).toEqual(plain(await log.consistency(7, 900)))
  })

  test('is verified as far as the process says that writes it', async () => {
    expect(await remote.verified()).toBe(0)
    verified = 900
    expect(await remote.verified()).toBe(900)
  })

  test('is followed, until it is enough', async () => {
    const enough = new AbortController()
    const followed: string[] = []
    const size = await log.size()
    for await (const { entries } of remote.follow(size - 1, enough.signal)) {
      followed.push(...entries.map(bytes))
      if (followed.length === 1) await log.append({ stream: 'c', expected: 0, events: events(2) })
      else enough.abort()
    }
    expect(followed).toEqual(await entriesOf(log.read(size - 1)))
  })

  test('that was cut back is seen to be another', async () => {
    const beyond = { position: (await log.size()) + 5, digest: 'of an entry that is gone' }
    await expect(pagesFrom(remote, beyond)).rejects.toThrow(OtherLog)
  })
})
