import { certificationConsumer } from '@jejak/certification/consumer'
import { certificationService } from '@jejak/certification/service'
import { appendAll, training } from '@jejak/certification/testing/training'
import { consume } from '@jejak/consumer/consume'
import { publisherHistory } from '@jejak/consumer/port'
import { localBus } from '@jejak/messaging/local'
import { reportingConsumer } from '@jejak/reporting/read-model/consumer'
import { openLog, type ProvenLog } from '@jejak/storage/log/open'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { consumersIn, documentsAnew, documentsIn, todosIn } from './rebuilt-read-models.ts'

describe('documents that are made anew', () => {
  const logs = new Map<string, ProvenLog>()
  const store = memoryProjections()
  const stores = { certification: store, reporting: store }
  const logOf = (name: string) => logs.get(name) as ProvenLog

  beforeAll(async () => {
    for (const name of ['enrollment', 'assessment', 'certification', 'reporting']) {
      const origin = `jejak.example/${name}`
      const signer = parseSigner(generateKey(origin))
      logs.set(name, await openLog({ store: memoryStore(), origin, signer }))
    }
    await appendAll(logOf('enrollment'), training.enrollment)
    await appendAll(logOf('assessment'), training.assessment)
    await consumeAll()
  })

  /** As the services do, until there is nothing left to do. */
  const consumeAll = async () => {
    const stop = new AbortController()
    const history = publisherHistory(logs)
    const bus = localBus({ logs, cursors: store })
    const ports = { bus, store, history, cursorPer: 'log' as const, signal: stop.signal }
    const log = logOf('certification')
    const employees = { resolve: async () => [] }
    const service = certificationService({ ...ports, log, logs, employees, clock: Date.now })
    const consuming = [
      consume({ ...certificationConsumer, ...ports, applied: service.applied }),
      consume({ ...reportingConsumer, ...ports }),
    ]
    await vi.waitFor(async () => {
      for (const { name, logs: consumed } of await consumersIn(stores)) {
        for (const log of consumed) {
          expect((await store.cursor(name, log)).position).toBe(await logOf(log).size())
        }
      }
      expect(await todosIn(stores)).toEqual([])
      expect(await logOf('certification').size()).toBe(1)
    }, 5_000)
    stop.abort()
    await Promise.all([...consuming, service.close()])
  }

  test('are those of services that have consumed it all', async () => {
    const documents = await documentsAnew(logs)
    expect(documents).toEqual(await documentsIn(stores))
    expect([...documents.values()].every(lines => lines.length > 3)).toBe(true)
  })

  test('differ from those of a service that has missed something', async () => {
    await appendAll(logOf('assessment'), training.assessment)
    const documents = await documentsAnew(logs)
    expect(documents).not.toEqual(await documentsIn(stores))
  })

  test('are not made where a certificate is due that is not there', async () => {
    const origin = 'jejak.example/certification'
    const signer = parseSigner(generateKey(origin))
    const empty = await openLog({ store: memoryStore(), origin, signer })
    const without = new Map(logs).set('certification', empty)
    await expect(documentsAnew(without)).rejects.toThrow('is due and is not there')
  })
})
