import { type Decider, fold, type Outcome, refuse } from '@jejak/eventsourcing/decider'
import { decode } from '@jejak/eventsourcing/entry'
import type { EventLog } from '@jejak/eventsourcing/log'
import { type Codec, transactor } from '@jejak/eventsourcing/transact'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { v7 } from 'uuid'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { openLog } from './log/open.ts'
import { memoryStore } from './memory.ts'

type Opened = { readonly type: 'Opened'; readonly by: string }
type Closed = { readonly type: 'Closed' }
type Event = Opened | Closed
type Door = { readonly open: boolean; readonly opened: number }

const door: Decider<Door, Event> = {
  initial: { open: false, opened: 0 },
  evolve: {
    Opened: state => ({ open: true, opened: state.opened + 1 }),
    Closed: state => ({ ...state, open: false }),
  },
}
const codec: Codec<Event> = {
  encode: ({ type, ...data }, id) => ({ id, type, data }),
  lift: ({ type, data }) => ({ type, ...(data as object) }) as Event,
}

const open =
  (by: string) =>
  (state: Door): Outcome<Event, 'OpenAlready'> =>
    state.open ? refuse('OpenAlready') : [{ type: 'Opened', by }]
const close = (state: Door): Outcome<Event, never> => (state.open ? [{ type: 'Closed' }] : [])
const request = () => ({
  key: Buffer.from(v7().replaceAll('-', ''), 'hex'),
  digest: Buffer.from('open the door'),
})

describe('transact', () => {
  let log: EventLog
  let other: ReturnType<typeof transactor<Door, Event>>['transact']
  let transact: ReturnType<typeof transactor<Door, Event>>['transact']
  const stream = 'door/1'
  const stored = async () => {
    const [page] = await log.readStreams([{ stream }])
    const events = page?.events.flatMap(({ entry }) => codec.lift(decode(entry), entry) ?? []) ?? []
    return { types: events.map(({ type }) => type), state: fold(door, door.initial, events) }
  }

  beforeEach(async () => {
    const origin = 'jejak.example/test'
    const signer = parseSigner(generateKey(origin))
    log = await openLog({ store: memoryStore(), origin, signer })
    transact = transactor(log, door, codec).transact
    other = transactor(log, door, codec).transact
  })

  test('stores what was decided, and says when there is nothing to do', async () => {
    expect(await transact({ stream, decide: close })).toEqual({ unchanged: true })
    expect(await transact({ stream, decide: open('siti') })).toMatchObject({
      appended: { version: 1 },
    })
    expect(await transact({ stream, decide: open('andi') })).toEqual(refuse('OpenAlready'))
    expect((await stored()).types).toEqual(['Opened'])
  })

  test('decides again on the newest state where another was faster', async () => {
    await transact({ stream, decide: open('siti') })
    await other({ stream, decide: close })
    await other({ stream, decide: open('andi') })
    expect(await transact({ stream, decide: close })).toMatchObject({ appended: { version: 4 } })
  })

  test('confirms a refusal and a no-op of a remembered state against the head', async () => {
    await transact({ stream, decide: open('siti') })
    await other({ stream, decide: close })
    expect(await transact({ stream, decide: open('andi') })).toMatchObject({
      appended: { version: 3 },
    })
    expect(await other({ stream, decide: close })).toMatchObject({ appended: { version: 4 } })
  })

  test('gives a retried request its first result, even where it would be refused now', async () => {
    const once = { stream, decide: open('siti'), request: request() }
    const first = await transact(once)
    const again = await transact(once)
    expect(again).toMatchObject({ appended: { repeated: true, position: 0 } })
    if (!('appended' in first && 'appended' in again)) throw new Error('not stored')
    expect(await again.appended.receipt()).toEqual(await first.appended.receipt())
    const changed = { ...once, request: { ...once.request, digest: Buffer.from('other') } }
    expect(await transact(changed)).toEqual({ refused: 'KeyReused' })
  })

  test('lets many deciders at one stream each have their turn', async () => {
    const turn = (state: Door): Outcome<Event, never> => [
      state.open ? { type: 'Closed' } : { type: 'Opened', by: 'x' },
    ]
    const deciders = Array.from({ length: 5 }, () => transactor(log, door, codec).transact)
    const results = await Promise.all(deciders.map(decider => decider({ stream, decide: turn })))
    expect(results.every(result => 'appended' in result)).toBe(true)
    const { types } = await stored()
    expect(types).toEqual(['Opened', 'Closed', 'Opened', 'Closed', 'Opened'])
  })

  test('reads streams that are asked for together in one query', async () => {
    const reads = vi.spyOn(log, 'readStreams')
    const streams = Array.from({ length: 50 }, (_, i) => `door/${i}`)
    await Promise.all(streams.map(stream => transact({ stream, decide: open('siti') })))
    expect(reads).toHaveBeenCalledTimes(1)
  })

  test('puts actor and cause on every event', async () => {
    const attributes = { actor: 'bkpsdmd', causationid: 'c1' }
    await transact({ stream, decide: open('siti'), attributes })
    for await (const { entries } of log.read(0)) {
      expect(decode(entries[0] as Uint8Array)).toMatchObject(attributes)
    }
  })

  describe('with a codec that seals', () => {
    const guests: Decider<readonly string[], Opened> = {
      initial: [],
      evolve: { Opened: (names, { by }) => [...names, by] },
    }
    const sealing: Codec<Opened> = {
      encode: codec.encode,
      lift: (entry, bytes) => codec.lift(entry, bytes) as Opened,
      seal: (event, { stream, version }) => ({ ...event, data: { by: `${stream}#${version}` } }),
    }
    const enter = (...names: readonly string[]) =>
      names.map((by): Opened => ({ type: 'Opened', by }))
    const remembered = async (
      transacting: ReturnType<typeof transactor<readonly string[], Opened>>['transact'],
    ) => {
      const states: (readonly string[])[] = []
      await transacting({
        stream,
        decide: names => {
          states.push(names)
          return []
        },
      })
      return states
    }

    test('seals each event for the place it takes, and remembers it so', async () => {
      const { transact: transacting } = transactor(log, guests, sealing)
      const attributes = { actor: 'bkpsdmd' }
      await transacting({ stream, decide: () => enter('siti', 'andi'), attributes })
      expect(await remembered(transacting)).toEqual([['door/1#1', 'door/1#2']])
      expect(await remembered(transactor(log, guests, sealing).transact)).toEqual([
        ['door/1#1', 'door/1#2'],
      ])
      for await (const { entries } of log.read(0)) {
        expect(entries.map(entry => decode(entry))).toMatchObject([attributes, attributes])
        expect(Buffer.concat(entries).toString()).not.toMatch(/siti|andi/)
      }
    })

    test('seals again for the next place where another was faster', async () => {
      const { transact: transacting } = transactor(log, guests, sealing)
      await transacting({ stream, decide: () => enter('siti') })
      await transact({ stream, decide: close })
      await transacting({ stream, decide: () => enter('andi') })
      const [page] = await log.readStreams([{ stream }])
      expect(page?.events.map(({ entry }) => decode(entry).data)).toEqual([
        { by: 'door/1#1' },
        {},
        { by: 'door/1#3' },
      ])
      expect(await remembered(transacting)).toEqual([['door/1#1', 'door/1#3']])
    })
  })
})
