import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { exportLog, origin } from '@jejak/transparency/testing/naive'
import { afterAll, describe, expect, test } from 'vitest'
import { Bench } from '../testing/process.ts'

const bench = new Bench()
afterAll(() => bench.remove())

/** Event `i` of a log with three streams. */
const event = (i: number) => ({
  specversion: '1.0',
  id: `event-${i}`,
  source: origin,
  type: 'Tested',
  subject: `stream-${i % 3}`,
  streamversion: 1 + Math.floor(i / 3),
  time: new Date(1_767_225_600_000 + i).toISOString(),
  datacontenttype: 'application/json',
  data: { i },
})
type Event = ReturnType<typeof event>

/** Verifies a log that is signed and proven, but for one of its events. */
const verify = async (size: number, wrong?: (event: Event) => string | Uint8Array) => {
  const entries = Array.from({ length: size }, (_, i) => {
    const written = i === 300 && wrong ? wrong(event(i)) : JSON.stringify(event(i))
    return Buffer.from(written)
  })
  for (const [path, bytes] of exportLog(entries)) {
    mkdirSync(dirname(bench.path('log', path)), { recursive: true })
    writeFileSync(bench.path('log', path), bytes)
  }
  const result = await bench.json('log', 'verify', 'log')
  rmSync(bench.path('log'), { recursive: true })
  return result
}

const json = (change: (event: Event) => object) => (event: Event) => JSON.stringify(change(event))

describe('a log that is signed and proven', () => {
  test('is verified where its events are events', async () => {
    expect(await verify(700)).toMatchObject({
      status: 0,
      size: 700,
      streams: 3,
      keySource: 'directory',
    })
  })

  test.each([
    ['of another log', json(e => ({ ...e, source: 'log.example/other' })), 'its source is'],
    ['older than the one before', json(e => ({ ...e, time: event(298).time })), 'its time is'],
    ['a version too far', json(e => ({ ...e, streamversion: 102 })), 'comes after version 100'],
    ['a version of before', json(e => ({ ...e, streamversion: 1 })), 'comes after version 100'],
    ['without a stream', json(({ subject: _, ...e }) => e), 'subject is not a text'],
    ['with a day for its time', json(e => ({ ...e, time: '2026-01-01' })), 'time is not RFC 3339'],
    ['of another CloudEvents', json(e => ({ ...e, specversion: '0.3' })), 'specversion'],
    ['with an odd attribute', json(e => ({ ...e, Actor: 'x' })), '"Actor" is not an attribute'],
    ['no object', () => '[]', 'not a JSON object'],
    ['no JSON', () => 'event', 'not JSON'],
    ['no text', () => Buffer.from([0x22, 0xff, 0x22]), 'not UTF-8'],
    [
      'read in two ways',
      (e: Event) => JSON.stringify(e).replace('"data"', '"data":{"i":1},"data"'),
      'has "data" twice',
    ],
  ])('is refused where an event is %s', async (_, wrong, detail) => {
    expect(await verify(700, wrong)).toMatchObject({
      status: 1,
      problem: 'EntryRefused',
      where: { index: 300, file: 'tile/entries/001' },
      detail: expect.stringContaining(detail),
    })
  })
})
