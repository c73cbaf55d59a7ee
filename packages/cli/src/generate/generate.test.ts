import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Bench } from '../testing/process.ts'

// Each command is a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const bench = new Bench()
let system: Awaited<ReturnType<Bench['up']>>
beforeAll(async () => {
  system = await bench.up()
})
afterAll(async () => {
  await system.end('SIGTERM')
  bench.remove()
})

test('a city is made up through the services, and is the same when it is made again', async () => {
  const asked = ['--people', '12', '--years', '2', '--seed', '7', '--grpc', system.grpc]
  const refused = await bench.run('generate', ...asked)
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('--yes')])

  const first = await bench.json('generate', ...asked, '--yes')
  expect(first).toMatchObject({ status: 0, people: 12, seed: 7, ratings: expect.any(Number) })
  expect(first.ratings).toBeGreaterThanOrEqual(2 * 2 * 12)
  expect(first.trainings).toBeGreaterThan(0)
  const called = ['--grpc', system.grpc, '--token', 'data.keys/tokens']
  const stored = async () => {
    const { stdout } = await bench.run('replay', '--service', 'enrollment', ...called)
    return stdout.split('\n').filter(line => !line.includes('LogRead')) // That is this reading.
  }
  const before = await stored()
  expect(before.join('\n')).toContain('CohortOpened')
  expect(await bench.json('generate', ...asked, '--yes')).toEqual(first)
  expect(await stored()).toEqual(before)
  const tokens = await bench.run('token', 'list')
  expect(tokens.stdout.match(/generate/g)?.length).toBe(tokens.stdout.match(/revoked/g)?.length)
})
