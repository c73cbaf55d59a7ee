import { afterEach, describe, expect, test } from 'vitest'
import { openHealth } from './health.ts'
import { openMetrics } from './metrics.ts'
import { type OpsOptions, type OpsServer, serveOps } from './ops.ts'

const listening: OpsServer[] = []
afterEach(async () => {
  await Promise.all(listening.splice(0).map(({ close }) => close()))
})

const open = async (options: Partial<OpsOptions> = {}) => {
  const health = openHealth()
  const ops = await serveOps({ address: '127.0.0.1:0', health, ...options })
  listening.push(ops)
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${ops.port}${path}`)
    return [response.status, await response.json()]
  }
  return { health, get, port: ops.port }
}

describe('a process', () => {
  test('is ready where every check passes', async () => {
    const { get, health } = await open()
    health.ready('mongo', async () => undefined)
    expect(await get('/readyz')).toEqual([200, { status: 'ready' }])
  })

  test('says what is not ready, and why: a check that fails or hangs among it', async () => {
    const { get, health } = await open()
    health.ready('mongo', () => Promise.reject(new Error('no primary')))
    health.ready('kafka', () => 'no broker')
    health.ready('enrollment', () => new Promise(() => {}))
    health.ready('log', () => undefined)
    const unready = [
      { name: 'mongo', reason: 'no primary' },
      { name: 'kafka', reason: 'no broker' },
      { name: 'enrollment', reason: 'no answer in 2 s' },
    ]
    expect(await get('/readyz')).toEqual([503, { status: 'not ready', unready }])
  })

  test('is alive, ready or not, until it can’t go on', async () => {
    const { get, health } = await open()
    health.ready('mongo', () => 'no primary')
    expect(await get('/healthz')).toEqual([200, { status: 'alive' }])
    const notices = ['the clock here was moved by 60 s since the process began']
    health.notice(() => notices)
    expect(await get('/healthz')).toEqual([200, { status: 'alive', notices }])
    health.fail()
    expect(await get('/healthz')).toEqual([503, { status: 'failed' }])
  })

  test('shows its metrics', async () => {
    const { port } = await open({ metrics: openMetrics() })
    const response = await fetch(`http://127.0.0.1:${port}/metrics`)
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0.0.4/)
    expect(await response.text()).toContain('# TYPE process_cpu_seconds_total counter\n')
  })

  test('has routes of its service, on a server as they need it', async () => {
    const { get, port } = await open({
      server: { bodyLimit: 4 },
      plugin: async app => {
        app.get('/v1', async () => ({ of: 'reporting' }))
        app.post('/v1', async () => ({}))
      },
    })
    expect(await get('/v1')).toEqual([200, { of: 'reporting' }])
    const posted = await fetch(`http://127.0.0.1:${port}/v1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '[1, 2, 3]',
    })
    expect(posted.status).toBe(413)
  })

  test('says whose fault it is where it can’t listen', async () => {
    const { port } = await open()
    const address = `127.0.0.1:${port}`
    await expect(open({ address })).rejects.toThrow(`address already in use: ${address}: stop what`)
    await expect(open({ address: '8080' })).rejects.toThrow('8080 is no address: write host:port')
  })
})
