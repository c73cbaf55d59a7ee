import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventLog } from '@jejak/eventsourcing/log'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import { openLog } from '@jejak/storage/open'
import { sqliteStore } from '@jejak/storage/sqlite'
import { sqliteProjections } from '@jejak/storage/sqlite-projections'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

/** A consumer as a process of its own. Its counts show what is done twice or not at all. */
const consumer = `
import { gate } from '@jejak/messaging/gate'
import { localBus } from '@jejak/messaging/local'
import { openLog } from '@jejak/storage/open'
import { sqliteStore } from '@jejak/storage/sqlite'
import { sqliteProjections } from '@jejak/storage/sqlite-projections'
import { setTimeout as sleep } from 'node:timers/promises'

const [logFile, storeFile, origin] = process.argv.slice(1)
const log = await openLog({ store: await sqliteStore(logFile), origin })
const store = sqliteProjections(storeFile)
const effect = async ({ stream, version }, _entry, load) => {
  const [versions = [], total = 0] = await load([stream, 'total'])
  await sleep(1)
  return new Map([[stream, [...versions, version]], ['total', total + 1]])
}
const history = async (_log, query) => (await log.readStreams([query]))[0]
const { handle } = gate({ consumer: 'reader', store, history, effect })
const bus = localBus({ logs: new Map([['log', log]]), cursors: store })
const { signal } = new AbortController()
await bus.subscribe({ consumer: 'reader', logs: ['log'], handle, signal })
`

const origin = 'jejak.example/test'
const streams = ['a', 'b', 'c', 'd']
const perStream = 300
const kills = 6

describe('a consumer that is killed again and again', { timeout: 120_000 }, () => {
  let folder: string
  let log: EventLog
  let store: ProjectionStore
  let running: ChildProcess | undefined
  const [logFile, storeFile] = ['log.db', 'store.db'].map(name => () => join(folder, name)) as [
    () => string,
    () => string,
  ]

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jejak-'))
    const signer = parseSigner(generateKey(origin))
    log = await openLog({ store: await sqliteStore(logFile()), origin, signer })
    store = sqliteProjections(storeFile())
  }, 60_000)
  afterEach(async () => {
    await kill()
    await store.close()
    await log.close()
    rmSync(folder, { recursive: true })
  }, 60_000)

  const start = () => {
    const given = ['--eval', consumer, logFile(), storeFile(), origin]
    running = spawn(process.execPath, given, { cwd: import.meta.dirname, stdio: 'inherit' })
  }
  const kill = async () => {
    if (!running || running.exitCode !== null) return
    const exited = once(running, 'exit')
    running.kill('SIGKILL')
    await exited
    running = undefined
  }
  const total = async () => Number((await store.load('reader', ['total']))[0] ?? 0)

  test('has each effect once, and in order', async () => {
    for (let round = 0; round < perStream / 10; round++) {
      const events = () =>
        Array.from({ length: 10 }, () => ({ id: randomUUID(), type: 'Happened', data: {} }))
      await Promise.all(
        streams.map(stream => log.append({ stream, expected: 'any', events: events() })),
      )
    }
    const all = streams.length * perStream
    const seen: number[] = []
    for (let n = 0; n < kills; n++) {
      const before = await total()
      start()
      await vi.waitFor(async () => expect(await total()).toBeGreaterThan(before), 30_000)
      await sleep(Math.random() * 100)
      await kill()
      seen.push(await total())
    }
    // Killed in the midst of it: otherwise this test would show nothing.
    expect(seen.filter(count => count < all).length).toBeGreaterThanOrEqual(3)
    start()
    await vi.waitFor(async () => expect(await total()).toBe(all), 60_000)
    const versions = Array.from({ length: perStream }, (_, i) => i + 1)
    expect(await store.load('reader', streams)).toEqual(streams.map(() => versions))
  })
})
