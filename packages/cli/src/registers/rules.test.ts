import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Bench } from '../testing/process.ts'

// Each command is a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const bench = new Bench()
afterAll(() => bench.remove())

const next = 'jp-2027.yaml'
beforeAll(async () => {
  const { stdout } = await bench.run('rules', 'template', 'hours')
  const changed = stdout
    .replace('id: jam-pelajaran-v1', 'id: jp-2027')
    .replace('2018-01-01', '2027-01-01')
  writeFileSync(bench.path(next), changed)
})

describe('jejak rules', () => {
  test('check says that a file is right, with no service', async () => {
    const { status, stdout } = await bench.run('rules', 'check', next)
    expect(status).toBe(0)
    expect(stdout).toBe('jp-2027 is right: it can hold from 2027-01-01 on\n')
  })

  test('check says every fault of a file, with its line', async () => {
    const wrong = readFileSync(bench.path(next), 'utf8').replace('minutesPerJp: 45', 'minutes: 45')
    writeFileSync(bench.path('wrong.yaml'), wrong)
    const { status, stderr } = await bench.run('rules', 'check', 'wrong.yaml')
    expect(status).toBe(2)
    expect(stderr).toContain('wrong.yaml:15 rules.minutesPerJp is missing')
    expect(stderr).toContain('wrong.yaml:15 rules.minutes is no field here: it has minutesPerJp')
    expect(stderr).toContain('2 to put right')
  })

  test('adopt puts a file in force; list and show have it', async () => {
    const system = await bench.up()
    const called = ['--grpc', system.grpc, '--token', 'data.keys/tokens']
    const { stdout } = await bench.run('rules', 'adopt', next, ...called)
    expect(stdout).toBe('jp-2027 is adopted: it holds from 2027-01-01 on\n')
    const { ruleSets } = await bench.json('rules', 'list', ...called)
    expect(ruleSets).toMatchObject(
      expect.arrayContaining([expect.objectContaining({ ruleSetId: 'jp-2027' })]),
    )
    const shown = await bench.run('rules', 'show', 'hours', '--on', '2027-01-01', ...called)
    expect(shown.stdout).toBe(readFileSync(bench.path(next), 'utf8'))
    expect((await bench.run('rules', 'list', ...called)).stdout).toMatch(
      /hours +jam-pelajaran-v1 +2018-01-01 +second-hand +holds today\nhours +jp-2027 +2027-01-01/,
    )
    const contest = await bench.json('rules', 'list', '--kind', 'contest', ...called)
    expect(contest.ruleSets).toMatchObject([{ kind: 'contest' }])
    await system.end('SIGTERM')
  })
})
