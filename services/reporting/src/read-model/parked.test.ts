import { setTimeout as sleep } from 'node:timers/promises'
import { withRightsTaken } from '@jejak/access/testing/rights-taken'
import { parkedPort } from '@jejak/consumer/consume'
import { parkedRpc } from '@jejak/consumer/parked-rpc'
import type { EventLog } from '@jejak/eventsourcing/log'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import { ParkedService } from '@jejak/proto/jejak/parked/v1/parked'
import { connect } from '@jejak/rpc/client'
import { serve } from '@jejak/rpc/serve'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { v7 } from 'uuid'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { assessed, registered, siti } from '../testing/events.ts'
import {
  dumpOf,
  firstModel,
  idOf,
  type Logs,
  openLogs,
  openReporting,
} from '../testing/read-model.ts'
import { reportingConsumer } from './consumer.ts'
import { unownedKey } from './keys.ts'

const certificateId = idOf(71)
const revoked = { type: 'CertificateRevoked', certificateId, reason: 'salah orang' } as const
const stream = `certificate/${certificateId}`
const failing = { service: 'reporting', log: 'certification', stream }

describe('a stream that reporting has stopped hearing of', () => {
  let logs: Logs
  let store: ProjectionStore
  beforeEach(async () => {
    logs = await openLogs()
    store = memoryProjections()
    await put(5) // What waits for a certificate is a list: the projector fails on a number.
    await logs.append('enrollment', `employee/${siti}`, ...registered(siti))
    await logs.append('certification', stream, revoked)
    await logs.append('assessment', `competency/${siti}`, assessed(siti, idOf(41), 3))
  })
  const put = async (document: unknown) => {
    const documents = new Map([[unownedKey(certificateId), document]])
    await store.apply(firstModel, { documents })
  }
  const mend = () => put(undefined)

  /** Reporting, which has applied all events, and the operator's calls. */
  const open = async (over = store, beforeAppend: () => unknown = () => {}) => {
    const reporting = openReporting(logs, over)
    const own = logs.logs.get('reporting')
    if (!own) throw new Error('there is no log of reporting')
    const append: EventLog['append'] = async request => {
      await beforeAppend()
      return own.append(request)
    }
    const port = parkedPort(reportingConsumer, {
      store,
      history: logs.history,
      cursorPer: 'log',
      log: { ...own, append },
    })
    const { port: grpcPort, drain } = await serve({
      address: '127.0.0.1:0',
      implementations: [parkedRpc(new Map([['reporting', port]]))],
      authenticate: () => ({ id: 'hr', role: 'hr' }),
    })
    const connection = connect(`127.0.0.1:${grpcPort}`, { token: 'hr' })
    const close = async () => {
      connection.close()
      await drain(0)
      await reporting.close()
    }
    onTestFinished(close)
    await vi.waitFor(async () => expect(await reporting.isCurrent()).toBe(true), 5_000)
    const calls = connection.client(ParkedService)
    const parked = async () => (await calls.listParked({ service: 'reporting' })).parked
    const discard = () =>
      calls.discardParked({ requestId: v7(), ...failing, version: 1, reason: 'uji coba' })
    return { ...reporting, calls, parked, discard, close }
  }

  test('goes on once what it failed at is mended', async () => {
    const { parked, calls, queries } = await open()
    expect(await parked()).toMatchObject([
      { log: 'certification', stream, version: 1, attempts: 1, reason: /not iterable/ },
    ])
    expect((await queries.person(siti))?.facts).toHaveLength(3)
    expect((await calls.retryParked(failing)).parked).toMatchObject({ version: 1, attempts: 2 })
    await mend()
    expect((await calls.retryParked(failing)).parked).toBeUndefined()
    expect(await parked()).toEqual([])
    const [waiting] = await store.load(firstModel, [unownedKey(certificateId)])
    const type = 'jejak.certification.CertificateRevoked.v1'
    expect(waiting).toMatchObject([{ log: 'certification', entry: { type, subject: stream } }])
  })

  test('is gone on with without what is discarded, also once that is mended', async () => {
    const { parked, discard, rebuild } = await open()
    await discard()
    expect(await parked()).toEqual([])
    await mend()
    const before = await dumpOf(store)
    expect(before).not.toContain(certificateId)
    await rebuild()
    expect(await dumpOf(store, 'reporting-v7-2')).toBe(before)
  })

  test('answers what was discarded before, once nobody may discard', async () => {
    const { calls } = await open()
    const request = { requestId: v7(), ...failing, version: 1, reason: 'uji coba' }
    const { recorded } = await calls.discardParked(request)
    const again = await withRightsTaken(() => calls.discardParked(request))
    expect(again.recorded).toMatchObject({ entries: recorded?.entries, repeated: true })
  })

  test('does not go on with what is being discarded', async () => {
    let retried: Promise<string> | undefined
    const { calls, discard, rebuild } = await open(store, async () => {
      await mend()
      retried = calls.retryParked(failing).then(
        () => 'went on',
        error => error.reason,
      )
      await Promise.race([retried, sleep(100)])
    })
    await discard()
    expect(await retried).toBe('NOT_PARKED')
    const before = await dumpOf(store)
    expect(before).not.toContain(certificateId)
    await rebuild()
    expect(await dumpOf(store, 'reporting-v7-2')).toBe(before)
  })

  test('is that of the model that is read', async () => {
    const { parked, rebuild } = await open()
    expect(await parked()).toHaveLength(1)
    await rebuild()
    expect(await parked()).toEqual([])
  })

  /** An event of a shape that was never declared: it fails in every model. */
  const poison = async () => {
    const events = [{ id: v7(), type: 'jejak.assessment.StandardSet.v1', data: {} }]
    await logs.logs.get('assessment')?.append({ ...poisoned, expected: 'any', events })
  }
  const poisoned = { stream: 'standard/rusak' }
  const discarded = { ...poisoned, log: 'assessment', version: 1, reason: 'uji coba' }

  test('goes on in a model that was being built when it was discarded of the other', async () => {
    await mend()
    await poison()
    let calls: Awaited<ReturnType<typeof open>>['calls'] | undefined
    const opened = await open({
      ...store,
      async apply(model, change) {
        const applied = await store.apply(model, change)
        const isParked = change.documents.has('parked/assessment/standard/rusak')
        if (model === 'reporting-v7-2' && isParked) {
          await calls?.discardParked({ requestId: v7(), service: 'reporting', ...discarded })
        }
        return applied
      },
    })
    calls = opened.calls
    expect(await opened.parked()).toHaveLength(1)
    await opened.rebuild()
    expect(await opened.parked()).toEqual([])
    expect(await dumpOf(store, 'reporting-v7-2')).not.toContain('rusak')
  })

  test('goes on at the next start where it had been discarded and no more', async () => {
    await mend()
    await poison()
    const killed = await open()
    expect(await killed.parked()).toHaveLength(1)
    await killed.close()
    await logs.append('reporting', 'discards', { type: 'VersionDiscarded', ...discarded })
    const { parked } = await open()
    await vi.waitFor(async () => expect(await parked()).toEqual([]), 5_000)
  })
})
