import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventLog } from '@jejak/eventsourcing/log'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import { openLog } from '@jejak/storage/log/open'
import { sqliteProjections } from '@jejak/storage/sqlite/projections'
import { sqliteStore } from '@jejak/storage/sqlite/store'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

/**
 * Kills itself, by chance, before or after it has stored something. Its documents show if it
 * applied an event twice or not at all.
 */
const consumer = `
import { idempotentConsumer } from './consumer.ts'
import { localBus } from '@jejak/messaging/local'
import { openLog } from '@jejak/storage/log/open'
import { sqliteStore } from '@jejak/storage/sqlite/store'
import { sqliteProjections } from '@jejak/storage/sqlite/projections'

const [logFile, storeFolder, origin, chance] = process.argv.slice(1)
const perhapsDie = () => Math.random() < Number(chance) && process.kill(process.pid, 'SIGKILL')
const log = await openLog({ store: await sqliteStore(logFile), origin })
const store = sqliteProjections(storeFolder)
const { apply } = store
store.apply = async (...change) => {
  perhapsDie()
  const applied = await apply(...change)
  perhapsDie()
  return applied
}
const projector = async ({ stream, version }, _entry, load) => {
  const [versions = [], total = 0] = await load([stream, 'total'])
  return new Map([[stream, [...versions, version]], ['total', total + 1]])
}
const history = async (_log, query) => (await log.readStreams([query]))[0]
const reading = { name: 'reader', store, history, cursorPer: 'log' }
const { handle } = idempotentConsumer({ ...reading, projector })
const logs = new Map([['log', log]])
const bus = localBus({ logs, cursors: store, batchMax: 50 })
const { signal } = new AbortController()
await bus.subscribe({ consumer: 'reader', logs: ['log'], handle, signal })
`

const origin = 'jejak.example/test'
const streams = ['a', 'b', 'c', 'd']
const perStream = 2_400
const lives = 8
/** The chance of a kill at each moment: no process comes near the end of what there is to apply. */
const chance = 1 / 8

describe('a consumer that is killed again and again', { timeout: 120_000 }, () => {
  let folder: string
  let log: EventLog
  let store: ProjectionStore
  let running: ChildProcess | undefined
  const logFile = () => join(folder, 'log.db')
  const storeFolder = () => join(folder, 'store')

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jejak-'))
    const signer = parseSigner(generateKey(origin))
    log = await openLog({ store: await sqliteStore(logFile()), origin, signer })
    store = sqliteProjections(storeFolder())
  }, 60_000)
  afterEach(async () => {
    running?.kill('SIGKILL')
    await store.close()
    await log.close()
    rmSync(folder, { recursive: true })
  }, 60_000)

  const start = (chance: number) => {
    const given = ['--eval', consumer, logFile(), storeFolder(), origin, String(chance)]
    running = spawn(process.execPath, given, { cwd: import.meta.dirname, stdio: 'inherit' })
    return once(running, 'exit')
  }
  const total = async () => Number((await store.load('reader', ['total']))[0] ?? 0)

  test('has each effect once, and in order', async () => {
    const events = () => [{ id: randomUUID(), type: 'Happened', data: {} }]
    const versions = Array.from({ length: perStream }, (_, i) => i + 1)
    const appends = versions.flatMap(() =>
      streams.map(stream => log.append({ stream, expected: 'any', events: events() })),
    )
    await Promise.all(appends)
    const all = appends.length
    for (let life = 0; life < lives; life++) {
      expect(await start(chance)).toEqual([null, 'SIGKILL'])
    }
    // Killed in the midst of it: otherwise this test would show nothing.
    expect(await total()).toBeGreaterThan(0)
    expect(await total()).toBeLessThan(all)
    start(0)
    await vi.waitFor(async () => expect(await total()).toBe(all), 60_000)
    expect(await store.load('reader', streams)).toEqual(streams.map(() => versions))
  })
})
