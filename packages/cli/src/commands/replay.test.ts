import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeBundle } from '@jejak/transparency/tile-files'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { registerAssessorOfRows } from '../testing/agency-files.ts'
import { Bench } from '../testing/process.ts'
import { columnLine } from './replay.ts'

// Each command is a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const bench = new Bench()
let system: Awaited<ReturnType<Bench['up']>>

/** Does what must succeed, as a user would. */
const run = async (...args: readonly string[]) => {
  const { status, stdout, stderr } = await bench.run(...args)
  expect({ status, said: stdout + stderr }).toMatchObject({ status: 0 })
  return stdout
}
const call = (...args: readonly string[]) => run(...args, '--grpc', system.grpc)

/** A replay is itself recorded as a read: one more event, which these tests leave out. */
const isOther = (line: string) => line !== '' && !line.includes('"subject":"access/')

const replay = async (...args: readonly string[]) =>
  (await call('replay', ...args)).split('\n').filter(isOther)

type Line = {
  readonly service: string
  readonly position: number
  readonly event: { readonly type: string; readonly subject: string }
}
const parsed = (lines: readonly string[]): readonly Line[] => lines.map(line => JSON.parse(line))

beforeAll(async () => {
  system = await bench.up()
  await run('template', 'employees', 'pegawai.csv')
  await run('template', 'assessments', 'asesmen.csv')
  await call('import', 'employees', 'pegawai.csv')
  await registerAssessorOfRows(bench, ['--grpc', system.grpc])
  await call('submit', 'asesmen.csv')
})
afterAll(async () => {
  await system.end('SIGTERM')
  bench.remove()
})

describe('a replay', () => {
  test('has the bytes that an export has, with their positions', async () => {
    const lines = await replay('--service', 'enrollment')
    await run('log', 'export', 'export', '--service', 'enrollment')
    const count = lines.length
    expect(count).toBeGreaterThan(1)
    const folder = bench.path('export', 'tile', 'entries', '000.p')
    const [size = ''] = readdirSync(folder)
    const exported = decodeBundle(readFileSync(join(folder, size)), Number(size)) ?? []
    expect(lines).toEqual(
      exported
        .map(
          (entry, at) => `{"service":"enrollment","position":${at},"event":${Buffer.from(entry)}}`,
        )
        .filter(isOther),
    )
    expect(await replay('--service', 'enrollment', '--from', '1')).toEqual(lines.slice(1))
  })

  test('has every log where none is named', async () => {
    const services = parsed(await replay()).map(({ service }) => service)
    expect(new Set(services)).toEqual(new Set(['enrollment', 'assessment']))
  })

  test('of a person has what each service knows of them', async () => {
    const subjects = parsed(await replay()).map(({ event }) => event.subject)
    const [, id = ''] = subjects.find(it => it.startsWith('employee/'))?.split('/') ?? []
    const person = parsed(await replay('--subject', id))
    expect(new Set(person.map(({ event }) => event.subject))).toEqual(
      new Set([`employee/${id}`, `competency/${id}`]),
    )
    const stream = await replay('--subject', `employee/${id}`)
    expect(parsed(stream)).toEqual(person.filter(({ service }) => service === 'enrollment'))
  })

  test('follows what comes later, also once it was started again, until Ctrl-C', async () => {
    const known = parsed(await replay())
    const subjects = known.map(({ event }) => event.subject)
    const [, id = ''] = subjects.find(it => it.startsWith('competency/'))?.split('/') ?? []
    const followed = [[], ['--subject', id]].map(args => {
      const child = bench.start('replay', '--follow', '--grpc', system.grpc, ...args)
      const closed = new Promise(resolve => child.once('close', resolve))
      let text = ''
      child.stdout?.on('data', bytes => {
        text += bytes
      })
      return { child, closed, lines: () => text.split('\n').slice(0, -1).filter(isOther) }
    })
    const [all, person] = followed
    const mine = known.filter(({ event }) => event.subject.endsWith(id)).length
    await vi.waitFor(() => {
      expect(all?.lines()).toHaveLength(known.length)
      expect(person?.lines()).toHaveLength(mine)
    }, 30_000)

    const rows = readFileSync(bench.path('asesmen.csv'), 'utf8')
    writeFileSync(bench.path('lagi.csv'), rows.replace('RSUD-2026-0001', 'RSUD-2026-0002'))
    await call('submit', 'lagi.csv')
    await vi.waitFor(() => {
      expect(all?.lines()).toHaveLength(known.length + 1)
      expect(person?.lines()).toHaveLength(mine + 1)
    }, 30_000)
    expect(person?.lines().at(-1)).toBe(all?.lines().at(-1))
    await system.end('SIGKILL')
    system = await bench.up('--grpc', system.grpc)
    writeFileSync(bench.path('lagi.csv'), rows.replace('RSUD-2026-0001', 'RSUD-2026-0003'))
    await call('submit', 'lagi.csv')
    await vi.waitFor(() => {
      expect(all?.lines()).toHaveLength(known.length + 2)
      expect(person?.lines()).toHaveLength(mine + 2)
    }, 30_000)
    for (const { child, closed } of followed) {
      child.kill('SIGINT')
      expect(await closed).toBe(0)
    }
  })

  test.each([
    [['--service', 'payroll'], 'enrollment, assessment, certification, reporting'],
    [['--service', 'enrollment', '--from', '999'], 'events only'],
    [['--from', '3'], '--from goes with --service'],
    [['--service', 'enrollment', '--from', 'first'], 'whole number'],
  ])('%j is told what is wrong with it', async (args, says) => {
    const { status, stdout, stderr } = await bench.run('replay', '--grpc', system.grpc, ...args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(says)
    expect(stderr).not.toContain('    at ')
  })

  test('is in columns on a terminal, which nobody else can steer', () => {
    const event = {
      time: '2026-06-15T02:00:00.000Z',
      type: 'jejak.assessment.AssessmentRecorded.v2',
      subject: 'competency/siti',
      agency: 'rsud\u001b[2Jdaya',
    }
    const entry = Buffer.from(JSON.stringify(event))
    const line = columnLine({ service: 'assessment', position: 12, entry })
    expect(line.split(/\s{2,}/)).toEqual([
      'assessment',
      '12',
      '2026-06-15 02:00:00',
      'AssessmentRecorded.v2',
      'competency/siti',
      'rsud [2Jdaya',
    ])
  })
})
