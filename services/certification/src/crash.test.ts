import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from '@jejak/eventsourcing/entry'
import { openLog } from '@jejak/storage/log/open'
import { sqliteProjections } from '@jejak/storage/sqlite/projections'
import { sqliteStore } from '@jejak/storage/sqlite/store'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { certificateIdOf } from './number.ts'
import { projectionName, todoKey } from './read-model.ts'
import { appendAll, enrollmentId, training } from './testing/training.ts'

/** Certification as a process of its own: kills itself after a step, or ends when all is done. */
const certification = `
import { setTimeout as sleep } from 'node:timers/promises'
import { localBus } from '@jejak/messaging/local'
import { openLog } from '@jejak/storage/log/open'
import { sqliteStore } from '@jejak/storage/sqlite/store'
import { sqliteProjections } from '@jejak/storage/sqlite/projections'
import { parseSigner } from '@jejak/transparency/key'
import { consume } from '@jejak/consumer/consume'
import { certificationConsumer } from './consumer.ts'
import { projectionName } from './read-model.ts'
import { certificationService } from './service.ts'
import { today } from './testing/training.ts'

const [folder, keys, cursorPer, fatal] = process.argv.slice(1)
const open = async service => {
  const store = await sqliteStore(folder + '/' + service + '.db')
  const signer = parseSigner(JSON.parse(keys)[service])
  return openLog({ store, origin: 'jejak.example/' + service, signer })
}
const log = await open('certification')
const logs = new Map([
  ['enrollment', await open('enrollment')],
  ['assessment', await open('assessment')],
])
const store = sqliteProjections(folder + '/documents')
const bus = localBus({ logs, cursors: store })
const history = async (name, query) =>
  (await (logs.get(name) ?? log).readStreams([query]))[0]
const ports = { store, history, cursorPer }
const service = certificationService({
  ...ports,
  log,
  logs: new Map(logs).set('certification', log),
  employees: { resolve: async () => [] },
  clock: today,
  onStep: step => step === fatal && process.kill(process.pid, 'SIGKILL'),
  failed: error => console.error(error),
})
const stop = new AbortController()
const consuming = consume({
  ...certificationConsumer,
  ...ports,
  bus,
  signal: stop.signal,
  applied: service.applied,
  failed: error => console.error(error),
})
const busy = async () => {
  for (const [name, log] of logs) {
    const { position } = await store.cursor(projectionName, name)
    if (position < (await log.size())) return true
  }
  for await (const _ of store.dump(projectionName, 'todo/')) return true
  return false
}
while (await busy()) await sleep(5)
stop.abort()
await consuming
await service.close()
process.exit(0)
`

const keyOf = (service: string) => generateKey(`jejak.example/${service}`)

describe('certification that is killed', { timeout: 60_000 }, () => {
  let folder: string
  const keys = {
    enrollment: keyOf('enrollment'),
    assessment: keyOf('assessment'),
    certification: keyOf('certification'),
  }
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jejak-'))
    for (const service of ['enrollment', 'assessment'] as const) {
      const log = await open(service)
      await appendAll(log, training[service])
      await log.close()
    }
  }, 30_000)
  afterEach(() => rm(folder, { recursive: true }), 30_000)

  const open = async (service: keyof typeof keys) => {
    const store = await sqliteStore(join(folder, `${service}.db`))
    const signer = parseSigner(keys[service])
    return openLog({ store, origin: `jejak.example/${service}`, signer })
  }

  /** How it ended: the signal that killed it, or its exit code. */
  const run = async (cursorPer: 'log' | 'stream', fatal = '') => {
    const options = { cwd: import.meta.dirname, stdio: 'inherit' } as const
    const given = ['--eval', certification, folder, JSON.stringify(keys), cursorPer, fatal]
    const [code, signal] = await once(spawn(process.execPath, given, options), 'exit')
    return signal ?? code
  }

  const found = async () => {
    const log = await open('certification')
    const store = sqliteProjections(join(folder, 'documents'))
    const events: unknown[] = []
    for await (const { entries } of log.read(0)) {
      for (const entry of entries) events.push([decode(entry).subject, decode(entry).type])
    }
    const todos = await store.load(projectionName, [todoKey(enrollmentId)])
    await store.close()
    await log.close()
    return { events, todos }
  }

  const oneCertificate = {
    events: [
      [`certificate/${certificateIdOf(enrollmentId)}`, 'jejak.certification.CertificateIssued.v2'],
    ],
    todos: [undefined],
  }

  test.each(['applied', 'read', 'appended', 'done'])(
    'after the step %s has issued one certificate when it ran again',
    async step => {
      expect(await run('log', step)).toBe('SIGKILL')
      expect(await run('log')).toBe(0)
      expect(await found()).toEqual(oneCertificate)
    },
  )

  test.each(['log', 'stream'] as const)(
    'after every step, one after the other, has issued one certificate: a cursor per %s',
    async cursorPer => {
      for (const step of ['applied', 'read', 'read', 'appended', 'done']) {
        expect(await run(cursorPer, step)).toBe('SIGKILL')
      }
      expect(await run(cursorPer)).toBe(0)
      expect(await found()).toEqual(oneCertificate)
    },
  )
})
