// tidy: one suite, which adapters pass as a whole.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { draft, serialise } from './entry.ts'
import type { EventLog } from './log.ts'
import {
  beginning,
  type Change,
  type Move,
  OtherLog,
  type Projection,
  type ProjectionStore,
  project,
} from './projection.ts'

/** One place for projections, at first empty. */
export type ProjectionHarness = {
  /** Opens it again, as another process would. */
  readonly open: () => Promise<ProjectionStore>
  readonly remove: () => Promise<void>
}

type Count = { readonly seen: number; readonly last: string }

/** Counts events by stream; a removal forgets the stream. */
const counting: Projection<Count> = {
  name: 'counting',
  keys: ({ subject }) => [subject, 'all'],
  evolve: (count, { id, type }, key) =>
    type === 'Removed' && key !== 'all' ? undefined : { seen: (count?.seen ?? 0) + 1, last: id },
}

const entry = (stream: string, id: string, type = 'Happened') =>
  serialise(draft({ id, type, data: {} }, 'log', stream), 1, '2026-01-01T00:00:00.000Z')

/** A log that is all in one array, in pages of two. */
const logOf = (entries: readonly Uint8Array[]): Pick<EventLog, 'read' | 'follow'> => {
  async function* read(from: number) {
    for (let at = from; at < entries.length; at += 2) {
      yield { position: at, entries: entries.slice(at, at + 2) }
    }
  }
  return { read, follow: read }
}

const to = { position: 2, digest: 'd2' }
const cursorAt = (position: number) => ({ position, digest: `d${position}` })
const begun: Move = { from: beginning, to }
/** A document, and the first move of a reader's cursor. */
const put = (key: string, document: unknown, reader = '') => ({
  moves: [{ reader, ...begun }],
  documents: new Map([[key, document]]),
})

/** The behaviour of every projection store, on any technology. */
export const projectionContract = (name: string, harness: () => Promise<ProjectionHarness>) => {
  // tidy: tests that have nothing to do with each other.
  describe(`projections on ${name}`, () => {
    let at: ProjectionHarness
    let store: ProjectionStore
    beforeEach(async () => {
      at = await harness()
      store = await at.open()
    })
    afterEach(async () => {
      await store.close()
      await at.remove()
    })

    const dump = async () => {
      const documents: [string, unknown][] = []
      for await (const [key, document] of store.dump(counting.name)) documents.push([key, document])
      return documents
    }

    test('begin at the beginning, with nothing', async () => {
      expect(await store.cursor('counting')).toEqual(beginning)
      expect(await store.load('counting', ['a'])).toEqual([undefined])
      expect(await dump()).toEqual([])
    })

    test('change documents and cursor together', async () => {
      expect(await store.apply('counting', put('a', { n: 1 }))).toBe(true)
      expect(await store.cursor('counting')).toEqual(to)
      expect(await store.load('counting', ['b', 'a'])).toEqual([undefined, { n: 1 }])
    })

    test('change nothing where the cursor has moved', async () => {
      await store.apply('counting', put('a', 1))
      expect(await store.apply('counting', put('a', 2))).toBe(false)
      const move = { from: { ...to, digest: 'of another log' }, to }
      const other = { ...put('a', 2), moves: [move] }
      expect(await store.apply('counting', other)).toBe(false)
      expect(await store.load('counting', ['a'])).toEqual([1])
      expect(await store.cursor('counting')).toEqual(to)
    })

    test('put what is there already and what is not, for who begins and who goes on', async () => {
      await store.apply('counting', put('a', 1, 'on'))
      const onward = { reader: 'on', from: to, to: { position: 3, digest: 'd3' } }
      const first = { reader: 'begun', ...begun }
      const documents = new Map<string, unknown>([
        ['a', 2],
        ['b', 2],
        ['c', undefined],
      ])
      expect(await store.apply('counting', { moves: [onward, first], documents })).toBe(true)
      expect(await store.load('counting', ['a', 'b', 'c'])).toEqual([2, 2, undefined])
      expect(await store.cursors('counting', ['on', 'begun'])).toEqual([onward.to, to])
      expect(await store.apply('counting', put('d', 1, 'begun'))).toBe(false)
      const late = { moves: [{ ...onward, from: onward.to, to }, first], documents }
      expect(await store.apply('counting', late)).toBe(false)
      expect(await store.cursors('counting', ['on', 'begun'])).toEqual([onward.to, to])
      expect(await store.load('counting', ['d'])).toEqual([undefined])
    })

    test('let one of two racing changes win, whole', async () => {
      const results = await Promise.all([1, 2, 3].map(n => store.apply('counting', put('a', n))))
      expect(results.filter(Boolean)).toHaveLength(1)
      expect(await store.load('counting', ['a'])).toEqual([results.indexOf(true) + 1])
    })

    test('keep projections apart, and what they hold over a restart', async () => {
      await store.apply('counting', put('a', 'one'))
      await store.apply('other', put('a', 'two'))
      await store.drop('other')
      await store.close()
      store = await at.open()
      expect(await store.load('counting', ['a'])).toEqual(['one'])
      expect(await store.load('other', ['a'])).toEqual([undefined])
      expect(await store.cursor('other')).toEqual(beginning)
    })

    test('take any key and any JSON value, and dump them in the order of the keys', async () => {
      const values: [string, unknown][] = [
        ['$a.b', { $set: 1, 'x.y': [null, true] }],
        ['%', null],
        ["'", ''],
        ['a', 0],
        ['ä', [1.5, 'ö']],
        ['💡', {}],
      ]
      const documents = new Map([...values].reverse())
      await store.apply('counting', { moves: [begun], documents })
      expect(
        await store.load(
          'counting',
          values.map(([key]) => key),
        ),
      ).toEqual(values.map(([, value]) => value))
      expect(await dump()).toEqual(values)
    })

    test('dump what begins with a prefix, page after page', async () => {
      const keys = Array.from({ length: 2_500 }, (_, i) => `parked/${String(i).padStart(4, '0')}`)
      const documents = new Map([...keys, 'parked', 'parked0', 'p', 'q'].map(key => [key, key]))
      await store.apply('counting', { moves: [begun], documents })
      await store.apply('other', put('parked/other', 1))
      const found: string[] = []
      for await (const [key] of store.dump('counting', 'parked/')) found.push(key)
      expect(found).toEqual(keys)
      const rest = store.dump('counting', 'parked/', keys[1_233])
      expect(await Array.fromAsync(rest, ([key]) => key)).toEqual(keys.slice(1_234))
      const [next] = await Array.fromAsync(store.dump('counting', 'parked/', `${keys[7]}.5`))
      expect(next).toEqual([keys[8], keys[8]])
      expect(await Array.fromAsync(store.dump('counting', 'parked/', keys.at(-1)))).toEqual([])
      expect(await dump()).toHaveLength(2_504)
    })

    test('keep a cursor for each reader, and forget them together', async () => {
      expect(await store.apply('counting', put('a', 1, 'log/a'))).toBe(true)
      expect(await store.apply('counting', put('a', 2, 'log/a'))).toBe(false)
      expect(await store.apply('counting', put('b', 3, 'log/b'))).toBe(true)
      expect(await store.cursor('counting')).toEqual(beginning)
      expect(await store.cursor('counting', 'log/a')).toEqual(to)
      expect(await store.cursor('other', 'log/a')).toEqual(beginning)
      const together = await store.cursors('counting', ['log/b', 'log/none', 'log/a', ''])
      expect(together).toEqual([to, beginning, to, beginning])
      expect(await store.cursors('counting', [])).toEqual([])
      expect(await store.load('counting', ['a', 'b'])).toEqual([1, 3])
      await store.drop('counting')
      expect(await store.cursor('counting', 'log/a')).toEqual(beginning)
      expect(await store.cursor('counting', 'log/b')).toEqual(beginning)
    })

    test('move the cursors of several readers together, or none', async () => {
      const [a, b, c] = ['log/a', 'log/b', 'log/c'].map(reader => ({ reader, ...begun }))
      const both = { ...put('a', 1), moves: [a, b] as Move[] }
      expect(await store.apply('counting', both)).toBe(true)
      expect(await store.cursor('counting', 'log/b')).toEqual(to)
      const late = { ...put('c', 3), moves: [c, b] as Move[] }
      expect(await store.apply('counting', late)).toBe(false)
      expect(await store.cursor('counting', 'log/c')).toEqual(beginning)
      expect(await store.load('counting', ['a', 'c'])).toEqual([1, undefined])
    })

    test('change nothing where another reader has changed what was loaded', async () => {
      const from = (loaded: unknown, reader: string) => ({
        ...put('total', reader, reader),
        loaded: new Map([['seen', loaded]]),
      })
      expect(await store.apply('counting', from({ n: 1 }, 'r'))).toBe(false)
      expect(await store.apply('counting', from(undefined, 'r'))).toBe(true)
      await store.apply('counting', put('seen', { n: 1 }))
      expect(await store.apply('counting', from(undefined, 's'))).toBe(false)
      expect(await store.cursor('counting', 's')).toEqual(beginning)
      expect(await store.load('counting', ['total'])).toEqual(['r'])
      expect(await store.apply('counting', from({ n: 1 }, 's'))).toBe(true)
    })

    test('let two readers that each loaded what the other writes not miss each other', async () => {
      for (let round = 0; round < 10; round++) {
        const [a, b] = [`a${round}`, `b${round}`]
        const crossed = (writes: string, loads: string) =>
          store.apply('counting', {
            ...put(writes, 1, writes),
            loaded: new Map([[loads, undefined]]),
          })
        const applied = await Promise.all([crossed(a, b), crossed(b, a)])
        expect(applied.filter(Boolean)).toHaveLength(1)
      }
    })

    const compareAndSet = (key: string, loaded: unknown, document: unknown) =>
      store.apply('counting', {
        loaded: new Map([[key, loaded]]),
        documents: new Map([[key, document]]),
      })

    test('compare and set a document, with no cursor', async () => {
      expect(await compareAndSet('a', 1, 2)).toBe(false)
      expect(await store.load('counting', ['a'])).toEqual([undefined])
      expect(await compareAndSet('a', undefined, { n: [1] })).toBe(true)
      expect(await compareAndSet('a', undefined, 2)).toBe(false)
      expect(await compareAndSet('a', { n: [2] }, 2)).toBe(false)
      expect(await compareAndSet('a', { n: [1] }, 2)).toBe(true)
      expect(await compareAndSet('a', 1, undefined)).toBe(false)
      expect(await compareAndSet('a', 2, undefined)).toBe(true)
      expect(await compareAndSet('a', undefined, 3)).toBe(true)
      expect(await dump()).toEqual([['a', 3]])
      expect(await store.cursor('counting')).toEqual(beginning)
    })

    test('set several documents if each that was read is as it was, or none', async () => {
      const change = (loaded: Change['loaded']): Change => ({
        ...(loaded && { loaded }),
        documents: new Map([
          ['a', 2],
          ['b', undefined],
          ['c', 2],
        ]),
      })
      await store.apply('counting', put('a', 1))
      const isApplied = (b: unknown, unchanged: unknown) =>
        store.apply(
          'counting',
          change(
            new Map([
              ['a', 1],
              ['b', b],
              ['x', unchanged],
            ] as const),
          ),
        )
      expect(await isApplied(undefined, 1)).toBe(false)
      expect(await isApplied(1, undefined)).toBe(false)
      expect(await dump()).toEqual([['a', 1]])
      expect(await isApplied(undefined, undefined)).toBe(true)
      expect(await isApplied(undefined, undefined)).toBe(false)
      expect(await store.cursor('counting')).toEqual(to)
      await store.apply('counting', { documents: new Map([['d', 1]]) })
      expect(await dump()).toEqual([
        ['a', 2],
        ['c', 2],
        ['d', 1],
      ])
    })

    test('let one of those win that compare with the same, over and over', async () => {
      const increase = async () => {
        for (;;) {
          const [count] = (await store.load('counting', ['count'])) as [number?]
          if (await compareAndSet('count', count, (count ?? 0) + 1)) return
        }
      }
      await Promise.all(Array.from({ length: 8 }, increase))
      expect(await store.load('counting', ['count'])).toEqual([8])
    })

    test('are filled by one alone, and are whole in the end', async () => {
      await store.beginFilling('counting', 'facts/')
      const facts = Array.from({ length: 30 }, (_, n) => [`facts/${(n * 7) % 30}`, { n }] as const)
      for (const [n, fact] of facts.entries()) {
        const [from, to] = n === 0 ? [beginning, cursorAt(1)] : [cursorAt(n), cursorAt(n + 1)]
        const seen = (await store.load('counting', ['seen', 'none'])) as [number?, unknown?]
        expect(seen).toEqual([n || undefined, undefined])
        const loaded = new Map([['seen', seen[0]]])
        const documents = new Map<string, unknown>([fact, ['seen', n + 1], [`times/${n}`, n]])
        const moves = [{ from, to }]
        expect(await store.apply('counting', { moves, loaded, documents })).toBe(true)
        expect(await store.apply('counting', { moves, documents })).toBe(false)
      }
      const times = await Array.fromAsync(store.dump('counting', 'times/2'), ([key]) => key)
      expect(times).toEqual(['times/2', ...times.slice(1)])
      expect(times).toHaveLength(11)
      await store.endFilling('counting')
      const byKey = facts.toSorted(([a], [b]) => (a < b ? -1 : 1))
      expect(await Array.fromAsync(store.dump('counting', 'facts/'))).toEqual(byKey)
      const moves = [{ from: cursorAt(30), to: cursorAt(31) }]
      const documents = new Map([['facts/7', 'mended']])
      const wrong = { moves, loaded: new Map([['facts/7', 'mended']]), documents }
      expect(await store.apply('counting', wrong)).toBe(false)
      expect(await store.apply('counting', { moves, documents })).toBe(true)
      await store.close()
      store = await at.open()
      expect(await store.load('counting', ['facts/7', 'facts/0'])).toEqual(['mended', { n: 0 }])
      expect(await dump()).toHaveLength(61)
      expect(await store.cursor('counting')).toEqual(cursorAt(31))
    })

    test('have a document that comes as the bytes of its text as any other', async () => {
      const bytes = Buffer.from('{"n":[1,"é"],"m":null}')
      expect(await store.apply('counting', put('a', bytes))).toBe(true)
      const found = { n: [1, 'é'], m: null }
      expect(await store.load('counting', ['a'])).toEqual([found])
      const change = { moves: [{ from: to, to: cursorAt(3) }], loaded: new Map([['a', found]]) }
      const documents = new Map([['a', Buffer.from('2')], ['b', bytes] as const])
      expect(await store.apply('counting', { ...change, documents })).toBe(true)
      expect(await dump()).toEqual([
        ['a', 2],
        ['b', found],
      ])
    })

    test('are dropped where they were left unfinished', async () => {
      await store.beginFilling('counting', 'facts/')
      await store.apply('counting', put('facts/1', 1))
      await store.close()
      store = await at.open()
      await store.drop('counting')
      await store.drop('none')
      await store.beginFilling('counting', 'facts/')
      expect(await store.cursor('counting')).toEqual(beginning)
      await store.endFilling('counting')
      expect(await dump()).toEqual([])
    })

    test('are gone for who has them open, once another has dropped them', async () => {
      await store.apply('counting', put('a', 1))
      const other = await at.open()
      expect(await other.load('counting', ['a'])).toEqual([1])
      await store.drop('counting')
      await store.apply('next', put('a', 2))
      expect(await other.load('next', ['a'])).toEqual([2])
      expect(await other.load('counting', ['a'])).toEqual([undefined])
      await other.close()
    })

    const history = [
      entry('a', '1'),
      entry('b', '2'),
      entry('a', '3'),
      entry('b', '4', 'Removed'),
      entry('c', '5'),
    ]
    const counted = [
      ['a', { seen: 2, last: '3' }],
      ['all', { seen: 5, last: '5' }],
      ['c', { seen: 1, last: '5' }],
    ]

    test('are the fold of the log, in one go or event by event', async () => {
      await project(logOf(history), store, counting)
      expect(await dump()).toEqual(counted)
      await store.drop('counting')
      for (let size = 1; size <= history.length; size++) {
        const cursor = await project(logOf(history.slice(0, size)), store, counting)
        expect(cursor.position).toBe(size)
      }
      expect(await dump()).toEqual(counted)
    })

    test('are the same where several bring them on at once', async () => {
      await Promise.all([1, 2, 3].map(() => project(logOf(history), store, counting)))
      expect(await dump()).toEqual(counted)
    })

    test('stop at a log that is not the one they have read', async () => {
      await project(logOf(history.slice(0, 2)), store, counting)
      const other = [...history]
      other[1] = entry('b', 'another')
      await expect(project(logOf(other), store, counting)).rejects.toThrow(OtherLog)
      await expect(project(logOf([]), store, counting)).rejects.toThrow(OtherLog)
    })
  })
}
