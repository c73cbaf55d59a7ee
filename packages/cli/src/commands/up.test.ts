import { readFileSync, renameSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { Bench } from '../testing/process.ts'

// Each command is a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const bench = new Bench()
afterAll(() => bench.remove())

/** Somebody else's server, on a port of this machine. */
const occupied = async () => {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const bound = server.address()
  return `127.0.0.1:${typeof bound === 'object' && bound?.port}`
}

describe('jejak up', () => {
  test('makes a token for each role, that its owner alone can read', async () => {
    const { end, output } = await bench.up()
    expect(output()).toContain('tokens in data.keys/tokens')
    expect(statSync(bench.path('data.keys/tokens')).mode & 0o777).toBe(0o600)
    const roles = readFileSync(bench.path('data.keys/tokens'), 'utf8').match(/^\w+/gm)
    expect(roles).toEqual(['agency', 'hr', 'auditor', 'ministry', 'asn'])
    expect(await end('SIGTERM')).toBe(0)
  })

  test('says over HTTP that it lives and takes calls', async () => {
    const { http, end } = await bench.up()
    const answers = ['/healthz', '/readyz'].map(async path => {
      const response = await fetch(`http://${http}${path}`)
      return [response.status, await response.json()]
    })
    expect(await Promise.all(answers)).toEqual([
      [200, { status: 'alive' }],
      [200, { status: 'ready' }],
    ])
    expect(await end('SIGTERM')).toBe(0)
  })

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'ends with 0 at %s, also where it comes twice',
    async signal => {
      const { end, closed, output } = await bench.up()
      void end(signal)
      await sleep(5)
      void end(signal)
      expect(await closed).toBe(0)
      expect(output()).toContain('finishing what is under way')
      expect(output()).not.toContain('    at ')
    },
  )

  test('ends with 0 where it is told to before it is ready', async () => {
    const addresses = ['--grpc', '127.0.0.1:0', '--http', '127.0.0.1:0']
    const child = bench.start('up', '--data', 'early', ...addresses)
    const closed = new Promise(resolve => child.once('close', resolve))
    // It makes its first key: nobody can call it yet.
    expect(String(await new Promise(resolve => child.stderr?.once('data', resolve)))).toContain(
      'made',
    )
    child.kill('SIGTERM')
    expect(await closed).toBe(0)
  })

  test.each(['--grpc', '--http'])(
    'says that the port of %s is taken, and leaves nothing running',
    async option => {
      const address = await occupied()
      const other = option === '--grpc' ? '--http' : '--grpc'
      const { status, stderr } = await bench.run('up', option, address, other, '127.0.0.1:0')
      expect(status).toBe(2)
      expect(stderr).toContain(`${address} is taken`)
      expect(stderr).not.toContain('    at ')
      // Nothing holds the data folder: the next one starts.
      const { end } = await bench.up()
      expect(await end('SIGTERM')).toBe(0)
    },
  )

  test.each([
    'data/assessment/log.db',
    'data/vault.db',
    'data/tokens.db',
    'data.keys/enrollment.head',
    'data.keys/enrollment.mac',
    'data.keys/wrapping.key',
  ])('ends, and says so, after %s was moved away beneath it', async file => {
    const { closed, output } = await bench.up()
    renameSync(bench.path(file), bench.path('away'))
    expect(await closed).toBe(2)
    expect(output()).toContain(`${file} was deleted or moved while it was in use`)
    expect(output()).not.toContain('    at ')
    renameSync(bench.path('away'), bench.path(file))
  })

  test('says that another one runs on the data folder', async () => {
    const { end } = await bench.up()
    const { status, stderr } = await bench.run(
      'up',
      '--grpc',
      '127.0.0.1:0',
      '--http',
      '127.0.0.1:0',
    )
    expect(status).toBe(2)
    expect(stderr).toMatch(/another process/i)
    expect(stderr).not.toContain('    at ')
    expect(await end('SIGTERM')).toBe(0)
  })

  test.each([
    ['--grpc', 'nonsense'],
    ['--http', 'nonsense'],
    ['--http', '127.0.0.1:99999'],
  ])('says that %s %s is no address', async (option, address) => {
    const other = option === '--grpc' ? '--http' : '--grpc'
    const { status, stderr } = await bench.run('up', option, address, other, '127.0.0.1:0')
    expect(status).toBe(2)
    expect(stderr).toContain(address)
    expect(stderr).not.toContain('    at ')
  })
})
