import { mkdirSync } from 'node:fs'
import { openDataLog } from '@jejak/embedded/data-log'
import { keysFolder } from '@jejak/storage/data-folder'
import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { harmless } from '../terminal/harmless.ts'
import { Bench } from '../testing/process.ts'
import { parkedLines } from './parked.ts'

// Each command is a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const bench = new Bench()
const stream = 'standard/rusak'
const other = 'standard/rusak-juga'
let system: Awaited<ReturnType<Bench['up']>>

/** What no service would write: reporting finds no position in it. */
const poison = async () => {
  const data = bench.path('data')
  mkdirSync(data)
  const service = 'assessment'
  const own = { data, service, keys: keysFolder(data), writer: 'service', amongOthers: true }
  const unchecked = await openDataLog(own)
  for (const name of [stream, other]) {
    const events = [{ id: v7(), type: 'jejak.assessment.StandardSet.v1', data: {} }]
    await unchecked.append({ stream: name, expected: 0, events })
  }
  await unchecked.close()
}

const of = (name: string) => [name, '--service', 'reporting', '--log', 'assessment']
const parked = (...args: readonly string[]) =>
  bench.json('parked', ...args, '--grpc', system.grpc) as Promise<{
    readonly status: number
    readonly parked: readonly { readonly stream: string }[]
    readonly event: string
  }>

beforeAll(async () => {
  await poison()
  system = await bench.up()
})
afterAll(async () => {
  await system.end('SIGTERM')
  bench.remove()
})

describe('jejak parked', () => {
  test('lists what a service has stopped hearing of', async () => {
    const both = await vi.waitFor(async () => {
      const listed = await parked('list')
      expect(listed.parked).toHaveLength(2)
      return listed
    }, 30_000)
    const at = { service: 'reporting', log: 'assessment', version: 1, attempts: 1 }
    expect(both).toMatchObject({
      status: 1,
      parked: [
        { ...at, stream, reason: 'Error: StandardSet has no position' },
        { ...at, stream: other },
      ],
    })
    const none = await bench.run(
      ...['parked', 'list', '--service', 'certification', '--grpc', system.grpc],
    )
    expect(none).toMatchObject({ status: 0, stdout: 'no stream is parked\n' })
  })

  test('shows one, with the event as its log has it', async () => {
    const shown = await parked('show', ...of(stream))
    expect(shown).toMatchObject({ status: 0, stream, position: expect.any(Number) })
    const { subject } = JSON.parse(shown.event)
    expect(subject).toBe(stream)
    const { stdout } = await bench.run('parked', 'show', ...of(stream), '--grpc', system.grpc)
    expect(stdout).toContain('StandardSet has no position')
    expect(stdout).toContain(`"subject":"${stream}"`)
  })

  test('tries one again, which stays parked where nothing is mended', async () => {
    expect(await parked('retry', ...of(stream))).toMatchObject({
      status: 1,
      goesOn: false,
      parked: { stream, attempts: 2 },
    })
  })

  test('goes on without an event, for a reason', async () => {
    const at = ['--version', '1', '--reason', 'tiket 4711']
    const later = ['--version', '2', '--reason', 'tiket 4711']
    expect(await parked('discard', ...of(stream), ...later)).toMatchObject({
      status: 2,
      problem: 'PARKED_AT_OTHER_VERSION',
    })
    expect(await parked('discard', ...of(stream), ...at)).toMatchObject({
      status: 0,
      goesOn: true,
    })
    expect((await parked('list')).parked).toMatchObject([{ stream: other }])
    expect(await parked('retry', ...of(stream))).toMatchObject({ status: 2, problem: 'NOT_PARKED' })
  })

  test.each([
    [['discard', ...of(stream), '--version', '1'], '--reason'],
    [['discard', ...of(stream), '--version', 'x', '--reason', 'y'], 'whole number from 1'],
    [['show', stream, '--service', 'reporting'], '--log'],
    [['retry', stream, '--log', 'assessment'], '--service'],
    [['list', '--service', 'enrollment'], 'Allowed choices are certification, reporting'],
  ])('%j is wrong usage, and told', async (args, says) => {
    const { status, stderr } = await bench.run('parked', ...args)
    expect([status, stderr]).toEqual([2, expect.stringContaining(says)])
  })
})

test('a line of a parked stream steers no terminal', () => {
  const since = '2026-06-15T02:00:00Z'
  const at = { service: 'reporting', log: 'assessment', version: 3, attempts: 1, since }
  const lines = parkedLines({ ...at, stream: 'a\u001b[2J', reason: 'Error:\nfoo\u0007' })
  expect(lines.split('\n')).toEqual([
    'reporting     assessment    a [2J  version 3',
    `  since ${since}, tried 1 time`,
    '  Error: foo ',
  ])
  expect(harmless('a\tb')).toBe('a b')
})
