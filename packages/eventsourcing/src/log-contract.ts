// tidy: one suite, which adapters pass as a whole.
import { v7 } from 'uuid'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { decode } from './entry.ts'
import {
  type Append,
  type Appended,
  type AppendRefused,
  type EventLog,
  limits,
  type NewEvent,
  type StreamQuery,
} from './log.ts'

/** One log of the adapter under test, at first empty. */
export type LogHarness = {
  /** Opens the log again, as another process would; only one of those open at once signs. */
  readonly open: (options: { signs: boolean; now?: () => number }) => Promise<EventLog>
  /** Throws unless the receipt proves the entry; answers its position. */
  readonly verify: (receipt: string, entry: Uint8Array) => number
  readonly remove: () => Promise<void>
}

const event = (data: unknown = {}): NewEvent => ({ id: v7(), type: 'test.Happened.v1', data })
const events = (count: number) => Array.from({ length: count }, (_, i) => event({ i }))
const request = (digest = 'one content') => ({
  key: Buffer.from(v7().replaceAll('-', ''), 'hex'),
  digest: Buffer.from(digest),
})
const appended = (result: Appended | AppendRefused): Appended => {
  if ('refused' in result) throw new Error(`refused: ${JSON.stringify(result)}`)
  return result
}
const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels))
const refusal = (result: Appended | AppendRefused) =>
  'refused' in result ? result.refused : 'none'

/** The behaviour of every event log, in any store. */
export const logContract = (name: string, harness: () => Promise<LogHarness>) => {
  describe(`the event log on ${name}`, { timeout: 60_000 }, () => {
    let at: LogHarness
    let log: EventLog
    beforeEach(async () => {
      at = await harness()
      log = await at.open({ signs: true })
    })
    afterEach(async () => {
      await log.close()
      await at.remove()
    })

    const append = (stream: string, expected: Append['expected'], count = 1, more?: object) =>
      log.append({ stream, expected, events: events(count), ...more })
    const read = async (query: StreamQuery) => {
      const [page] = await log.readStreams([query])
      return { versions: page?.events.map(({ version }) => version), end: page?.end }
    }
    const positions = async (from: number) => {
      const found: number[] = []
      for await (const page of log.read(from)) {
        page.entries.forEach((_, i) => {
          found.push(page.position + i)
        })
      }
      return found
    }

    test('numbers events densely, in the log and in each stream', async () => {
      expect(appended(await append('a', 0, 2))).toMatchObject({ position: 0, version: 1 })
      expect(appended(await append('b', 0, 1))).toMatchObject({ position: 2, version: 1 })
      expect(appended(await append('a', 2, 3))).toMatchObject({ position: 3, version: 3 })
      expect(await positions(0)).toEqual([0, 1, 2, 3, 4, 5])
      expect(await log.size()).toBe(6)
    })

    test('hands out the very bytes it stored, with all that matters inside them', async () => {
      const happened = { ...event({ n: 'Sítti' }), attributes: { actor: 'x', agency: 'rsud' } }
      const { entries } = appended(
        await log.append({ stream: 'a', expected: 0, events: [happened] }),
      )
      const [page] = await log.readStreams([{ stream: 'a' }])
      expect(Buffer.from(page?.events[0]?.entry ?? [])).toEqual(Buffer.from(entries[0] ?? []))
      for await (const { entries: stored } of log.read(0)) {
        expect(Buffer.from(stored[0] ?? [])).toEqual(Buffer.from(entries[0] ?? []))
      }
      expect(decode(entries[0] as Uint8Array)).toMatchObject({
        specversion: '1.0',
        id: happened.id,
        type: happened.type,
        subject: 'a',
        streamversion: 1,
        actor: 'x',
        agency: 'rsud',
        data: { n: 'Sítti' },
      })
    })

    test('lets exactly one of 20 parallel appends at one expected version win', async () => {
      await append('a', 0)
      const results = await Promise.all(Array.from({ length: 20 }, () => append('a', 1)))
      expect(results.filter(result => !('refused' in result))).toHaveLength(1)
      const conflict = { refused: 'VersionConflict', expected: 1, actual: 2 }
      expect(results.filter(result => 'refused' in result)).toEqual(Array(19).fill(conflict))
      expect((await read({ stream: 'a' })).versions).toEqual([1, 2])
    })

    test('refuses a new stream where one is, and a version that leaves a hole', async () => {
      await append('a', 0, 3)
      expect(await append('a', 0)).toMatchObject({ refused: 'VersionConflict', actual: 3 })
      expect(await append('a', 2)).toMatchObject({ refused: 'VersionConflict', actual: 3 })
      expect(await append('a', 4)).toMatchObject({ refused: 'VersionConflict', actual: 3 })
      expect(await append('b', 1)).toMatchObject({ refused: 'VersionConflict', actual: 0 })
      expect(await log.size()).toBe(3)
    })

    test('takes what is there where any version will do, in the order of arrival', async () => {
      await append('a', 0, 2)
      const results = await Promise.all(Array.from({ length: 50 }, () => append('a', 'any')))
      expect(results.map(result => appended(result).version)).toEqual(
        Array.from({ length: 50 }, (_, i) => i + 3),
      )
    })

    test('stores a pipelined run of versions in one stream', async () => {
      const results = await Promise.all(Array.from({ length: 50 }, (_, i) => append('a', i)))
      expect(results.map(result => appended(result).version)).toEqual(
        Array.from({ length: 50 }, (_, i) => i + 1),
      )
    })

    test('meets a repeated request key with its first result', async () => {
      const once = { stream: 'a', expected: 0, events: events(2), request: request() }
      const first = appended(await log.append(once))
      await append('a', 2)
      const again = appended(await log.append({ ...once, events: events(2) }))
      expect(again).toMatchObject({ repeated: true, commit: first.commit, position: 0, version: 1 })
      expect(again.entries.map(entry => Buffer.from(entry))).toEqual(
        first.entries.map(entry => Buffer.from(entry)),
      )
      expect(await log.size()).toBe(3)
    })

    test('stores racing requests with one key once', async () => {
      const once = { stream: 'a', expected: 'any', events: events(1), request: request() } as const
      const results = await Promise.all(Array.from({ length: 20 }, () => log.append(once)))
      expect(new Set(results.map(result => appended(result).position))).toEqual(new Set([0]))
      expect(results.filter(result => !appended(result).repeated)).toHaveLength(1)
      expect(await log.size()).toBe(1)
    })

    test('knows a request key after the answer was lost and the log opened again', async () => {
      const once = { stream: 'a', expected: 0, events: events(1), request: request() }
      const first = appended(await log.append(once))
      await log.close()
      log = await at.open({ signs: true })
      expect(appended(await log.append(once))).toMatchObject({
        repeated: true,
        position: first.position,
      })
      expect(appended(await append('a', 1)).position).toBe(1)
    })

    test('refuses a request key with other content, before it judges the version', async () => {
      const { key } = request()
      const send = (digest: string, expected: number) =>
        append('a', expected, 1, { request: { key, digest: Buffer.from(digest) } })
      await send('one', 0)
      expect(refusal(await send('two', 0))).toBe('KeyReused')
      expect(refusal(await send('two', 7))).toBe('KeyReused')
      expect(appended(await send('one', 7)).repeated).toBe(true)
    })

    test('recalls what has a request key: of one content, or whatever it is', async () => {
      const once = { stream: 'a', expected: 0, events: events(2), request: request() }
      const { entries, position } = appended(await log.append(once))
      const { key, digest } = once.request
      for (const asked of [{ key, digest }, { key }]) {
        const recalled = await log.recall(asked)
        expect(recalled).toMatchObject({ position, repeated: true })
        const found = recalled && 'entries' in recalled ? recalled.entries : []
        expect(found.map(entry => Buffer.from(entry))).toEqual(
          entries.map(entry => Buffer.from(entry)),
        )
      }
      const other = { key, digest: Buffer.from('two') }
      expect(await log.recall(other)).toEqual({ refused: 'KeyReused' })
      expect(await log.recall({ key: request().key })).toBeUndefined()
    })

    test('gives a receipt for each event, for a repeated request too', async () => {
      const once = { stream: 'a', expected: 0, events: events(3), request: request() }
      const results = await Promise.all([append('b', 0), log.append(once), append('c', 0)])
      for (const result of [...results, await log.append(once)].map(appended)) {
        for (const [i, entry] of result.entries.entries()) {
          expect(at.verify(await result.receipt(i), entry)).toBe(result.position + i)
        }
      }
    })

    test('reads a stream from, to, backwards and in pages, to the exact version', async () => {
      await append('a', 0, 3)
      await append('a', 3, 1)
      await append('a', 4, 6)
      const all = { versions: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], end: true }
      expect(await read({ stream: 'a' })).toEqual(all)
      expect(await read({ stream: 'a', from: 2, to: 9 })).toEqual({
        versions: [2, 3, 4, 5, 6, 7, 8, 9],
        end: true,
      })
      expect(await read({ stream: 'a', from: 3, to: 3 })).toEqual({ versions: [3], end: true })
      expect(await read({ stream: 'a', from: 11 })).toEqual({ versions: [], end: true })
      expect(await read({ stream: 'a', from: 2, limit: 3 })).toEqual({
        versions: [2, 3, 4],
        end: false,
      })
      expect(await read({ stream: 'a', backwards: true, from: 3, to: 8 })).toEqual({
        versions: [8, 7, 6, 5, 4, 3],
        end: true,
      })
      expect(await read({ stream: 'a', backwards: true, limit: 2 })).toEqual({
        versions: [10, 9],
        end: false,
      })
      expect(await read({ stream: 'none' })).toEqual({ versions: [], end: true })
    })

    test('reads many streams at once, in the order asked for', async () => {
      for (const stream of ['a', 'b', 'c']) await append(stream, 0, 2)
      const pages = await log.readStreams([
        { stream: 'c' },
        { stream: 'none' },
        { stream: 'a', from: 2 },
        { stream: 'b', backwards: true },
        { stream: 'c' },
      ])
      expect(pages.map(page => page.events.map(({ version }) => version))).toEqual([
        [1, 2],
        [],
        [2],
        [2, 1],
        [1, 2],
      ])
      expect(pages[0]?.events.map(({ position }) => position)).toEqual([4, 5])
    })

    test('takes stream names with : / % and 200 characters as they are', async () => {
      const names = ['a:b', 'a/b', 'a%2Fb', 'a b', '%', 'ä', "o'", '$x.y', 'x'.repeat(200)]
      for (const name of names) appended(await append(name, 0))
      for (const name of names) expect((await read({ stream: name })).versions).toEqual([1])
    })

    test('reads the log from any position, also from within a commit', async () => {
      await append('a', 0, 3)
      await append('b', 0, 300)
      expect(await positions(0)).toHaveLength(303)
      for (const from of [1, 2, 3, 255, 256, 257, 302]) {
        expect((await positions(from))[0]).toBe(from)
        expect(await positions(from)).toHaveLength(303 - from)
      }
      expect(await positions(303)).toEqual([])
    })

    test('reads large commits in bounded pages, and is opened again over them', async () => {
      const large = () => Array.from({ length: 50 }, () => event('x'.repeat(60_000)))
      for (let i = 0; i < 20; i++) {
        appended(await log.append({ stream: `s${i}`, expected: 0, events: large() }))
      }
      await log.close()
      log = await at.open({ signs: true })
      let count = 0
      for await (const { entries } of log.read(0)) {
        const bytes = entries.reduce((sum, { length }) => sum + length, 0)
        expect(bytes).toBeLessThan(2 * limits.pageBytesMax)
        count += entries.length
      }
      expect(count).toBe(1_000)
    })

    test('follows what is appended later, until its signal aborts', async () => {
      await append('a', 0, 2)
      const stop = new AbortController()
      const seen: number[] = []
      const following = (async () => {
        for await (const page of log.follow(1, stop.signal)) {
          page.entries.forEach((_, i) => {
            seen.push(page.position + i)
          })
          if (seen.length === 3) stop.abort()
        }
      })()
      await append('b', 0, 2)
      await following
      expect(seen).toEqual([1, 2, 3])
    })

    test('goes on after it was opened again, at every size around a tile', async () => {
      for (const count of [255, 1, 1, 254, 3]) {
        appended(await append('a', 'any', count))
        await log.close()
        log = await at.open({ signs: true })
        const { entries, receipt, position } = appended(await append('b', 'any'))
        expect(at.verify(await receipt(), entries[0] as Uint8Array)).toBe(position)
      }
    })

    test('never stamps a time before the last, whatever the clock says', async () => {
      await log.close()
      log = await at.open({ signs: true, now: () => Date.parse('2031-01-01T00:00:00Z') })
      await append('a', 0)
      await log.close()
      log = await at.open({ signs: true, now: () => Date.parse('2030-01-01T00:00:00Z') })
      const { entries } = appended(await append('a', 1))
      expect(decode(entries[0] as Uint8Array).time).toBe('2031-01-01T00:00:00.000Z')
    })

    test('names what it refuses to store', async () => {
      const send = (more: object) =>
        log.append({ stream: 'a', expected: 0, events: events(1), ...more })
      const invalid = async (more: object) => {
        const result = await send(more)
        return 'violations' in result ? result.violations.map(({ field }) => field) : result
      }
      const big = event('x'.repeat(limits.eventBytesMax))
      const fair = event('x'.repeat(limits.eventBytesMax - 1_000))
      expect(await invalid({ events: [event(), big] })).toEqual(['events[1]'])
      expect(await invalid({ events: events(1_001) })).toEqual(['events'])
      expect(await invalid({ events: Array(80).fill(fair) })).toEqual(['events'])
      expect(await invalid({ events: [] })).toEqual(['events'])
      expect(await invalid({ stream: '' })).toEqual(['stream'])
      expect(await invalid({ stream: 'x'.repeat(513) })).toEqual(['stream'])
      expect(await invalid({ expected: -1 })).toEqual(['expected'])
      expect(await invalid({ expected: 1.5 })).toEqual(['expected'])
      expect(await invalid({ events: [{ ...event(), attributes: { time: 'x' } }] })).toEqual([
        'events[0].attributes.time',
      ])
      const data = (value: unknown) => ({ events: [event(value)] })
      expect(await invalid(data(nested(limits.eventDepthMax + 1)))).toEqual(['events[0].data'])
      expect(await invalid(data(nested(20_000)))).toEqual(['events[0].data'])
      expect(await invalid(data({ a: [1, Number.POSITIVE_INFINITY] }))).toEqual([
        'events[0].data.a[1]',
      ])
      expect(await invalid(data(['\ud800']))).toEqual(['events[0].data[0]'])
      expect(await invalid({ events: [{ ...event(), id: 'a\0' }] })).toEqual(['events[0].id'])
      expect(await invalid({ stream: 'a\0' })).toEqual(['stream'])
      expect(
        await invalid({ request: { key: Buffer.alloc(15), digest: Buffer.alloc(0) } }),
      ).toEqual(['request.key', 'request.digest'])
      expect(await log.size()).toBe(0)
      appended(await send({ events: [fair] }))
      appended(await send({ ...data(nested(limits.eventDepthMax)), expected: 1 }))
    })

    test('refuses what its queue has no room for, and stores what it took', async () => {
      const offered = limits.queueAppendsMax + 100
      const results = await Promise.all(Array.from({ length: offered }, () => append('a', 'any')))
      const stored = results.filter(result => !('refused' in result))
      expect(stored.length).toBeGreaterThanOrEqual(limits.queueAppendsMax)
      expect(stored.length).toBeLessThan(offered)
      expect(results.find(result => 'refused' in result)).toMatchObject({
        refused: 'Busy',
        retryAfterMs: limits.retryAfterMs,
      })
      expect(await log.size()).toBe(stored.length)
    })

    test('stays one log under two writers', async () => {
      const other = await at.open({ signs: false })
      const send = (writer: EventLog, stream: string) =>
        writer.append({ stream, expected: 'any', events: events(2), request: request() })
      const results = await Promise.all(
        Array.from({ length: 200 }, (_, i) => send(i % 2 ? log : other, `s${i % 7}`)),
      )
      await other.close()
      const taken = results.map(result => appended(result).position).sort((a, b) => a - b)
      expect(taken).toEqual(Array.from({ length: 200 }, (_, i) => 2 * i))
      expect(await positions(0)).toHaveLength(400)
      const { entries, receipt } = appended(await append('mine', 0))
      expect(at.verify(await receipt(), entries[0] as Uint8Array)).toBe(400)
    })

    test('holds a stream of 20,000 events and reads it in pages', { timeout: 60_000 }, async () => {
      const count = 20_000
      for (let from = 0; from < count; from += limits.commitEventsMax) {
        appended(await append('a', from, limits.commitEventsMax))
      }
      const seen: number[] = []
      for (let from = 1, end = false; !end; from = seen.length + 1) {
        const [page] = await log.readStreams([{ stream: 'a', from }])
        seen.push(...(page?.events.map(({ version }) => version) ?? []))
        end = page?.end ?? true
      }
      expect(seen).toEqual(Array.from({ length: count }, (_, i) => i + 1))
    })

    test('refuses appends once it is closing', async () => {
      await log.close()
      expect(refusal(await append('a', 0))).toBe('Closed')
      log = await at.open({ signs: true })
      expect(await log.size()).toBe(0)
    })
  })
}
