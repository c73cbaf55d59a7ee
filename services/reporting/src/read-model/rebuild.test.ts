// tidy: what a rebuild keeps, in one suite.
import { setImmediate as turn } from 'node:timers/promises'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import { arbitraryEvents } from '@jejak/history/testing/arbitrary-events'
import { memoryProjections } from '@jejak/storage/memory-projections'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { andi, assessed, registered, siti, trained } from '../testing/events.ts'
import {
  dumpOf,
  idOf,
  interleaved,
  type Logs,
  openLogs,
  openReporting,
  readModelAfter,
} from '../testing/read-model.ts'
import { RebuildStopped } from './rebuild.ts'
import { openReadModel } from './versions.ts'

describe('a read model that is built anew', () => {
  let logs: Logs
  let store: ProjectionStore
  const opened: { close: () => Promise<void> }[] = []
  beforeEach(async () => {
    logs = await openLogs()
    store = memoryProjections()
    for (const asnId of [siti, andi]) {
      await logs.append('enrollment', `employee/${asnId}`, ...registered(asnId))
      await logs.append('assessment', `competency/${asnId}`, assessed(asnId, idOf(41), 3))
      await trained(logs, asnId, asnId.replace(/..$/, '51'), '2026-05-15')
    }
  })
  afterEach(async () => {
    for (const { close } of opened.splice(0)) await close()
  })
  type Reporting = ReturnType<typeof openReporting>
  const open = (over = store): Reporting => {
    const reporting = openReporting(logs, over)
    opened.push(reporting)
    return reporting
  }
  const current = ({ isCurrent }: Reporting) =>
    vi.waitFor(async () => expect(await isCurrent()).toBe(true), 5_000)
  const active = () => openReadModel(store).active()
  const typesOf = async ({ queries }: Pick<Reporting, 'queries'>) =>
    (await queries.person(siti))?.facts.map(({ type }) => type)

  test('is what it was before, is read in its place, and goes on from there', async () => {
    const reporting = open()
    await current(reporting)
    const before = await dumpOf(store)
    await reporting.rebuild()
    expect(await active()).toBe('reporting-v7-2')
    expect(await dumpOf(store, 'reporting-v7-2')).toBe(before)
    expect(await dumpOf(store)).toBe('')
    await logs.append('assessment', `competency/${siti}`, assessed(siti, idOf(42), 4))
    await current(reporting)
    expect(await typesOf(reporting)).toHaveLength(10)
    expect(reporting.failures).toEqual([])
  })

  test('has what was recorded while it was built', async () => {
    let isLate = false
    const reporting = open({
      ...store,
      async apply(model, change) {
        if (model === 'reporting-v7-2' && !isLate) {
          isLate = true
          await logs.append('assessment', `competency/${siti}`, assessed(siti, idOf(42), 4))
        }
        return store.apply(model, change)
      },
    })
    await current(reporting)
    await reporting.rebuild()
    expect(await typesOf(reporting)).toHaveLength(10)
  })

  test('has what came while it checked for more', async () => {
    let grown = false
    const grow = async () => {
      if (grown) return
      grown = true
      const appends = Array.from({ length: 600 }, (_, n) => {
        const asnId = idOf(1_000 + n)
        return logs.append('assessment', `competency/${asnId}`, assessed(asnId, idOf(2_000 + n), 3))
      })
      await Promise.all(appends)
    }
    const reported = logs.logs.get('reporting')
    if (!reported) throw new Error('a log is missing')
    const size = async () => {
      const size = await reported.size()
      await grow()
      return size
    }
    const growing = new Map(logs.logs).set('reporting', { ...reported, size })
    const reporting = openReporting({ ...logs, logs: growing }, store)
    opened.push(reporting)
    await reporting.rebuild()
    await current(open())
    for (const n of [0, 300, 599]) {
      expect((await reporting.queries.person(idOf(1_000 + n)))?.facts).toHaveLength(1)
    }
  })

  test('is not seen until it is whole, and reads go on all the while', async () => {
    const reporting = open()
    await current(reporting)
    const [person, documents] = [await reporting.queries.person(siti), await dumpOf(store)]
    for (let round = 2; round < 6; round++) {
      let building = true
      const built = reporting.rebuild().finally(() => {
        building = false
      })
      while (building) {
        expect(await reporting.queries.person(siti)).toEqual(person)
        await turn() // Reads in memory alone would leave the building no turn.
      }
      await built
      expect(await dumpOf(store, `reporting-v7-${round}`)).toBe(documents)
    }
  })

  test('is begun again where an earlier one came to nothing', async () => {
    const first = open({
      ...store,
      async apply(model, change) {
        const applied = await store.apply(model, change)
        if (model === 'reporting-v7-2' && change.documents.size > 0) void first.close()
        return applied
      },
    })
    await current(first)
    const before = await dumpOf(store)
    await expect(first.rebuild()).rejects.toThrow(RebuildStopped)
    expect(await dumpOf(store, 'reporting-v7-2')).not.toBe('')
    const second = open()
    expect(await typesOf(second)).toHaveLength(9)
    await second.rebuild()
    expect(await dumpOf(store, 'reporting-v7-2')).toBe('')
    expect(await dumpOf(store, 'reporting-v7-3')).toBe(before)
    expect(await active()).toBe('reporting-v7-3')
  })

  test('takes no more in one step than the store says', async () => {
    const sizes: number[] = []
    const reporting = open({
      ...store,
      eventsMax: 4,
      apply(model, change) {
        if (model === 'reporting-v7-2' && change.documents.size > 0)
          sizes.push(change.documents.size)
        return store.apply(model, change)
      },
    })
    await current(reporting)
    const before = await dumpOf(store)
    await reporting.rebuild()
    expect(await dumpOf(store, 'reporting-v7-2')).toBe(before)
    expect(sizes.length).toBeGreaterThan(4)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2 * 4) // An event makes one or two.
  })

  test('ends where another has changed what it builds, and what is read stays', async () => {
    const first = open({
      ...store,
      async apply(model, change) {
        if (model === 'reporting-v7-2') await store.apply(model, change)
        return store.apply(model, change)
      },
    })
    await current(first)
    await expect(first.rebuild()).rejects.toThrow(RebuildStopped)
    expect(await active()).toBe('reporting-v7-1')
  })

  test('ends where what it makes can not be kept, and what is read stays', async () => {
    const first = open({
      ...store,
      apply: (model, change) =>
        model === 'reporting-v7-2'
          ? Promise.reject(new Error('disk full'))
          : store.apply(model, change),
    })
    await current(first)
    await expect(first.rebuild()).rejects.toMatchObject({ cause: new Error('disk full') })
    expect(await active()).toBe('reporting-v7-1')
  })

  test('gives way to one that was begun after it', async () => {
    const reporting = open()
    const outcomes = await Promise.allSettled([reporting.rebuild(), reporting.rebuild()])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await current(reporting)
    expect(await typesOf(reporting)).toHaveLength(9)
    expect(await active()).toBe('reporting-v7-3')
  })

  test('is the same after any history, whatever order it was applied in', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryEvents, fc.gen(), async (facts, gen) => {
        const logs = await openLogs()
        const streams = Map.groupBy(facts, ({ log, stream }) => `${log} ${stream}`)
        const appends = [...streams.values()].map(([first, ...rest]) => {
          const events = [first, ...rest].map(fact => ({ type: fact?.type, ...fact?.data }))
          return first && logs.append(first.log, first.stream, ...(events as never[]))
        })
        await Promise.all(appends)
        const messages = await logs.messages()
        const live = await readModelAfter(
          logs,
          gen(() => interleaved(messages)),
        )
        const documents = await dumpOf(live)
        const reporting = openReporting(logs, live)
        await reporting.rebuild()
        await reporting.close()
        expect(await dumpOf(live, 'reporting-v7-2')).toBe(documents)
      }),
      { numRuns: 30 },
    )
  })
})
