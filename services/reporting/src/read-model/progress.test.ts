import { decode } from '@jejak/eventsourcing/entry'
import { memoryProjections } from '@jejak/storage/memory-projections'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FactLogs } from '../log-entries.ts'
import { assessed, registered, siti } from '../testing/events.ts'
import { firstModel, idOf, noon, openLogs, readModelAfter } from '../testing/read-model.ts'
import { progressAt } from './progress.ts'

const iso = (ms: number) => new Date(ms).toISOString()

/** Assessments at these intervals, after a registration. */
const assessedAfter = async (intervalsMs: readonly number[]) => {
  const logs = await openLogs()
  await logs.append('enrollment', `employee/${siti}`, ...registered(siti))
  for (const [at, interval] of intervalsMs.entries()) {
    logs.pass(interval)
    await logs.append('assessment', `competency/${siti}`, assessed(siti, idOf(100 + at), 3))
  }
  const messages = await logs.messages()
  return { logs: logs.logs as unknown as FactLogs, messages, all: logs }
}

describe('what a log had at a moment', () => {
  test('is every event that was recorded by then, and none that was not', {
    timeout: 30_000,
  }, async () => {
    const intervals = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 12 })
    const property = fc.asyncProperty(
      intervals,
      fc.integer({ min: -1, max: 20 }),
      async (ms, at) => {
        const { logs, messages, all } = await assessedAfter(ms)
        const store = await readModelAfter(all, messages)
        for (const log of ['enrollment', 'assessment']) {
          const { length: size } = messages.filter(message => message.log === log)
          const cursor = { position: size, digest: '' }
          const from = await store.cursor(firstModel, log)
          const moves = [{ reader: log, from, to: cursor }]
          await store.apply(firstModel, { moves, documents: new Map() })
          const knownAt = iso(noon + at)
          const by = messages.filter(it => it.log === log && decode(it.entry).time <= knownAt)
          const known = await progressAt({ logs, store }, knownAt)
          expect(known.find(it => it.log === log)?.position).toBe(by.length)
        }
      },
    )
    await fc.assert(property, { numRuns: 25 })
  })

  test('is not more than the read model has of it', async () => {
    const { logs } = await assessedAfter([1, 1, 1])
    const known = await progressAt({ logs, store: memoryProjections() }, undefined)
    expect(known.map(({ position }) => position)).toEqual([0, 0, 0])
  })
})
