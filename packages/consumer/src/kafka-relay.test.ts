import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeKafka } from '@jejak/local/suites'
import type { Bus } from '@jejak/messaging/bus'
import { kafkaBus, prepareTopics } from '@jejak/messaging/kafka'
import type { KafkaClientOptions } from '@jejak/messaging/kafka-client'
import { appending } from '@jejak/messaging/testing/logs'
import { openLog } from '@jejak/storage/log/open'
import { sqliteStore } from '@jejak/storage/sqlite/store'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { expect, type TestContext, test, vi } from 'vitest'
import { openProcesses } from './testing/processes.ts'

/** Kills itself in the midst of its first publish, behind it, or when it has moved the cursor. */
const child = `
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { kafkaBus } from '@jejak/messaging/kafka'
import { relay } from '@jejak/messaging/relay'
import { openReading } from '@jejak/storage/log/reading'
import { sqliteReader } from '@jejak/storage/sqlite/store'
import { sqliteProjections } from '@jejak/storage/sqlite/projections'

const [logFile, cursorFolder, broker, prefix, fate] = process.argv.slice(1)
const die = () => process.kill(process.pid, 'SIGKILL')
const log = openReading(sqliteReader(new DatabaseSync(logFile, { readOnly: true })))
const bus = kafkaBus({ brokers: [broker], prefix })
const cursors = sqliteProjections(cursorFolder)
let batches = Math.random() * 5
const isLast = () => --batches < 0
await relay({
  log,
  service: 'one',
  bus: {
    async publish(messages) {
      const last = isLast()
      if (last && fate === 'meanwhile') sleep(Math.random() * 10).then(die)
      await bus.publish(messages)
      if (last && fate === 'acknowledged') die()
    },
  },
  cursors: {
    cursor: cursors.cursor,
    async apply(...change) {
      const applied = await cursors.apply(...change)
      if (batches < 0 && fate === 'moved') die()
      return applied
    },
  },
  signal: new AbortController().signal,
})
`

const origin = 'jejak.example/test'
const streams = Array.from({ length: 10 }, (_, i) => `competency/${i}`)
const fates = ['meanwhile', 'acknowledged', 'moved']
const lives = 10

describeKafka('a relay to a real broker', ({ brokers }) => {
  const concurrently = (name: string, run: (context: TestContext) => Promise<void>) =>
    test.concurrent(name, { timeout: 60_000 }, run)
  const openTopics = async () => {
    const options = { brokers: [brokers], prefix: `test-${randomUUID()}`, replicas: 1 }
    await prepareTopics({ ...options, logs: ['one'] })
    return options
  }
  const openBus = ({ onTestFinished }: TestContext, options: KafkaClientOptions): Bus => {
    const bus = kafkaBus(options)
    onTestFinished(() => bus.close())
    return bus
  }
  const openOnDisk = async ({ onTestFinished }: TestContext) => {
    const folder = await mkdtemp(join(tmpdir(), 'jejak-'))
    const logFile = join(folder, 'log.db')
    const signer = parseSigner(generateKey(origin))
    const log = await openLog({ store: await sqliteStore(logFile), origin, signer })
    onTestFinished(async () => {
      await log.close()
      rmSync(folder, { recursive: true })
    })
    const relays = new Set<ChildProcess>()
    onTestFinished(() => {
      for (const process of relays) process.kill('SIGKILL')
    })
    const start = (prefix: string, fate = 'none') => {
      const given = ['--eval', child, logFile, join(folder, 'cursors'), brokers, prefix, fate]
      const options = { cwd: import.meta.dirname, stdio: 'ignore' } as const
      const started = spawn(process.execPath, given, options)
      relays.add(started)
      return once(started, 'exit')
    }
    return { log, start }
  }

  concurrently('that is killed again and again loses nothing', async context => {
    const options = await openTopics()
    const { log, start } = await openOnDisk(context)
    const taken = openProcesses()
    taken.join(openBus(context, options))
    const load = appending(log, streams, 10)
    for (let life = 0; life < lives; life++) {
      const exit = await start(options.prefix, fates[life % fates.length])
      expect(exit).toEqual([null, 'SIGKILL'])
    }
    await load.stop()
    start(options.prefix)
    await taken.expectAll(log)
    // Killed between publishing and the cursor: otherwise this test would show nothing.
    expect(taken.duplicates()).toBeGreaterThan(0)
    expect(taken.failures).toEqual([])
  })

  concurrently('does no harm where another runs', async context => {
    const options = await openTopics()
    const { log, start } = await openOnDisk(context)
    const taken = openProcesses()
    taken.join(openBus(context, options))
    for (let i = 0; i < 2; i++) start(options.prefix)
    const load = appending(log, streams, 1)
    const both = { timeout: 20_000 }
    await vi.waitFor(() => expect(taken.duplicates()).toBeGreaterThan(500), both)
    await load.stop()
    await taken.expectAll(log)
    expect(taken.failures).toEqual([])
  })
})
