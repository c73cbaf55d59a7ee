import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Bench } from '../testing/process.ts'
import { endpointsIn } from './endpoints.ts'

// Each command is a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const bench = new Bench()
afterAll(() => bench.remove())

const services = ['enrollment', 'assessment', 'certification', 'reporting']
const allAt = (address: string) => Object.fromEntries(services.map(name => [name, address]))
const write = (name: string, map: object) => bench.write(name, [JSON.stringify(map)])

const refusal = (text: string): string => {
  try {
    endpointsIn(bench.path(bench.write('endpoints.json', [text])))
  } catch (error) {
    return String(error)
  }
  return ''
}

describe('a file of endpoints', () => {
  const grpc = allAt('127.0.0.1:50051')
  const http = 'http://127.0.0.1:8083'

  test.each([
    ['{', 'endpoints.json is not JSON'],
    ['7', 'grpc.enrollment: must be host:port'],
    [JSON.stringify({ grpc: { ...grpc, reporting: 'http://a:1' }, http }), 'grpc.reporting: must'],
    [JSON.stringify({ grpc: { ...grpc, payroll: 'a:1' }, http }), 'grpc.payroll: is unknown'],
    [JSON.stringify({ grpc }), 'http: must be an address'],
    [JSON.stringify({ grpc, http: '127.0.0.1:8083' }), 'http: must be an address'],
    [JSON.stringify({ grpc, http, ops: {} }), 'ops.assessment: must be an address'],
    [JSON.stringify({ grpc, http, mongo: '' }), 'mongo: is unknown; there are grpc, http, ops'],
    [`{"http":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'http: must be an address'],
    [JSON.stringify({ grpc: { ...grpc, reporting: ['a:1'] }, http }), 'grpc.reporting: must'],
  ])('%.80s is refused by field', (text, says) => {
    expect(refusal(text)).toContain(says)
    expect(refusal(text)).toContain('endpoints.json')
  })

  test('that is whole is taken as it is', () => {
    for (const map of [
      { grpc, http },
      { grpc, http, ops: allAt('http://a:1') },
    ])
      expect(endpointsIn(bench.path(write('whole.json', map)))).toEqual(map)
  })
})

describe('a command with --endpoints', () => {
  let system: Awaited<ReturnType<Bench['up']>>
  beforeAll(async () => {
    system = await bench.up()
  })
  afterAll(() => system.end('SIGTERM'))

  test('calls each service where it is, and says which of them does not answer', async () => {
    const nowhere = '127.0.0.1:1'
    const grpc = { ...allAt(nowhere), certification: system.grpc, reporting: system.grpc }
    const http = `http://${system.http}`
    const endpoints = ['--endpoints', write('apart.json', { grpc, http })]
    const asked = await bench.json('why-not', v7(), ...endpoints)
    expect(asked).toMatchObject({ status: 2, problem: 'ENROLLMENT_UNKNOWN' })
    expect(await bench.run('replay', '--service', 'reporting', ...endpoints)).toMatchObject({
      status: 0,
    })
    const replayed = await bench.run('replay', '--service', 'assessment', ...endpoints)
    expect(replayed.stderr).toContain(`nobody answers at ${nowhere}`)
    const erasing = ['--basis', 'UU 27/2022', '--disposition', 'musnah']
    const erased = await bench.json('erase', v7(), ...erasing, ...endpoints)
    expect(erased).toMatchObject({ status: 2, problem: 'NoService' })
    expect(erased.detail).toContain(`nobody answers at ${nowhere}`)
    expect(await bench.json('rebuild', ...endpoints)).toMatchObject({ status: 0, rebuilt: true })
  })

  test('names one place, not two, and a file that is there', async () => {
    const both = ['--endpoints', 'a.json', '--grpc', system.grpc]
    const { status, stderr } = await bench.run('why-not', v7(), ...both)
    expect([status, stderr]).toEqual([2, expect.stringContaining('cannot be used with')])
    const missing = await bench.json('why-not', v7(), '--endpoints', 'a.json')
    expect(missing).toMatchObject({ status: 2, problem: 'BadEndpoints' })
  })
})
