import { consume } from '@jejak/consumer/consume'
import { parkedRpc } from '@jejak/consumer/parked-rpc'
import type { PublisherHistory } from '@jejak/consumer/port'
import { localBus } from '@jejak/messaging/local'
import { ParkedService } from '@jejak/proto/jejak/parked/v1/parked'
import { connect } from '@jejak/rpc/client'
import { serve } from '@jejak/rpc/serve'
import { openLog, type ProvenLog } from '@jejak/storage/log/open'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { expect, onTestFinished, test, vi } from 'vitest'
import { certificationConsumer } from './consumer.ts'
import { personKey, projectionName } from './read-model.ts'
import { certificationService } from './service.ts'
import { appendAll, enrollmentId, program, siti, today, training } from './testing/training.ts'

const memoryLog = (service: string): Promise<ProvenLog> => {
  const origin = `jejak.example/${service}`
  return openLog({ store: memoryStore(), origin, signer: parseSigner(generateKey(origin)) })
}

/** Certification, which has consumed a training, and the calls about its parked streams. */
const open = async (store: ReturnType<typeof memoryProjections>) => {
  const logs = new Map<string, ProvenLog>()
  for (const name of ['enrollment', 'assessment', 'certification']) {
    logs.set(name, await memoryLog(name))
  }
  const logOf = (name: string) => logs.get(name) as ProvenLog
  await appendAll(logOf('enrollment'), training.enrollment)
  await appendAll(logOf('assessment'), training.assessment)
  const history: PublisherHistory = async (name, query) => {
    const [page] = await logOf(name).readStreams([query])
    return page ?? { events: [], end: true }
  }
  const stop = new AbortController()
  const bus = localBus({ logs, cursors: store })
  const log = logOf('certification')
  const employees = { resolve: async () => [] }
  const ports = { store, history, cursorPer: 'log' as const }
  const service = certificationService({ ...ports, log, logs, employees, clock: today })
  const { applied } = service
  const consuming = consume({
    ...certificationConsumer,
    ...ports,
    bus,
    signal: stop.signal,
    applied,
  })
  const { port, drain } = await serve({
    address: '127.0.0.1:0',
    implementations: [parkedRpc(new Map([[projectionName, service.parked]]))],
    authenticate: () => ({ id: 'hr', role: 'hr' }),
  })
  const connection = connect(`127.0.0.1:${port}`, { token: 'hr' })
  onTestFinished(async () => {
    connection.close()
    await drain(0)
    stop.abort()
    await Promise.all([consuming, service.close()])
  })
  await vi.waitFor(async () => {
    for (const name of ['enrollment', 'assessment']) {
      const { position } = await store.cursor(projectionName, name)
      expect(position).toBe(await logOf(name).size())
    }
  }, 5_000)
  return { calls: connection.client(ParkedService), certified: () => log.size() }
}

test('a certificate is issued once the stream that waited for it goes on', async () => {
  const store = memoryProjections()
  const put = async (document: unknown) => {
    await store.apply(projectionName, { documents: new Map([[personKey(siti), document]]) })
  }
  await put({}) // It has no enrollments to add one to: the effect fails.
  const { calls, certified } = await open(store)
  const { parked } = await calls.listParked({ service: projectionName })
  const streams = parked.map(({ stream }) => stream)
  expect(streams).toContain(`enrollment/${enrollmentId}`)
  expect(streams).not.toContain(`program/${program}`)
  expect(await certified()).toBe(0)
  await put(undefined)
  for (const { log, stream } of parked) {
    expect(
      (await calls.retryParked({ service: projectionName, log, stream })).parked,
    ).toBeUndefined()
  }
  await vi.waitFor(async () => expect(await certified()).toBe(1), 5_000)
})
