import { readFileSync } from 'node:fs'
import { describeMongo } from '@jejak/local/suites'
import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
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

describe('a token', () => {
  const listed = async () => {
    const { stdout } = await bench.run('token', 'list')
    return stdout.trim().split('\n')
  }
  const issue = (...grant: readonly string[]) => bench.json('token', 'issue', ...grant)

  test('is issued, listed and revoked while the system runs', async () => {
    const { id, token } = await issue('--role', 'auditor', '--label', 'BPK 2026')
    expect(await listed()).toContainEqual(expect.stringMatching(`^${id}  auditor .*BPK 2026$`))
    bench.write('auditor', [token])
    const asking = ['why-not', v7(), '--grpc', system.grpc, '--token', 'auditor']
    expect(await bench.json(...asking)).toMatchObject({ status: 2, problem: 'ENROLLMENT_UNKNOWN' })
    expect(await bench.run('token', 'revoke', id)).toMatchObject({ status: 0 })
    expect(await bench.json(...asking)).toMatchObject({ status: 2, problem: 'UNKNOWN_TOKEN' })
    expect(await listed()).toContainEqual(expect.stringMatching(`^${id} .*revoked$`))
  })

  test('is of an agency on the register, also of one that HR has added', async () => {
    const days = ['--since', '2023-01-01', '--basis', 'Perda 8/2022', '--grpc', system.grpc]
    const added = await bench.run('agencies', 'register', 'brida', ...days, '--title', 'Brida')
    expect(added).toMatchObject({ status: 0, stdout: 'brida is recorded\n' })
    await issue('--role', 'agency', '--agency', 'brida')
    const end = ['--since', '2024-01-01', '--basis', 'Perda 1/2023', '--grpc', system.grpc]
    await bench.run('agencies', 'close', 'brida', ...end, '--successor', 'bappeda')
    const { stdout } = await bench.run('agencies', 'list', '--grpc', system.grpc)
    expect(stdout).toMatch(/^brida .*Brida {2}merged into bappeda on 2024-01-01$/m)
    const { status, stderr } = await bench.run(
      ...['token', 'issue', '--role', 'agency', '--agency', 'brida'],
    )
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining('did you mean bappeda?'),
    })
  })

  test('is itself in no file of the data folder', async () => {
    const { token } = await issue('--role', 'hr')
    for (const file of ['tokens.db', 'tokens.db-wal']) {
      expect(readFileSync(bench.path('data', file)).includes(token)).toBe(false)
    }
  })

  test.each([
    [['issue', '--role', 'agency'], '--agency goes with'],
    [['issue', '--role', 'hr', '--agency', 'rsud-daya'], '--agency goes with'],
    [['issue', '--role', 'agency', '--agency', 'RSUD Daya'], '--agency must be'],
    [['issue', '--role', 'agency', '--agency', 'rsud-dya'], 'did you mean rsud-daya?'],
    [['issue', '--role', 'asn', '--asn', '7'], '--asn must be a UUID'],
    [['issue', '--role', 'admin'], 'Allowed choices'],
    [['revoke', '7'], 'jejak token list'],
    [['list', '--data', 'nowhere'], 'jejak up makes it'],
    [['list', '--data', 'data', '--mongo', 'mongodb://127.0.0.1'], 'cannot be used with'],
    [['list', '--mongo', 'nonsense'], 'error: --mongo: '],
  ])('%j is wrong usage, and told', async (args, says) => {
    const { status, stderr } = await bench.run('token', ...args)
    expect(status).toBe(2)
    expect(stderr).toContain(says)
    expect(stderr).not.toContain('    at ')
  })
})

describeMongo('a token on MongoDB', ({ url }) => {
  test('is issued, listed and revoked', async () => {
    const mongo = ['--mongo', url]
    const issued = await bench.json('token', 'issue', '--role', 'auditor', ...mongo)
    expect(issued).toMatchObject({ status: 0, token: expect.stringMatching(/^jejak_auditor_/) })
    const listed = async () => (await bench.run('token', 'list', ...mongo)).stdout.split('\n')
    expect(await listed()).toContainEqual(`${issued.id}  auditor`)
    expect(await bench.run('token', 'revoke', issued.id, ...mongo)).toMatchObject({ status: 0 })
    expect(await listed()).toContainEqual(expect.stringMatching(`^${issued.id} .*revoked$`))
  })
})
