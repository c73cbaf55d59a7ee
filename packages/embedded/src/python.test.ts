import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cached } from '@jejak/local/cache'
import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { connect } from '@jejak/rpc/client'
import { serve } from '@jejak/rpc/serve'
import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSystem, type System } from './system.ts'

const run = promisify(execFile)
const source = join(import.meta.dirname, '../third-party')
const hasPython = spawnSync('python3', ['-m', 'pip', '--version']).status === 0
// A build server that lost its Python must not stay green.
const skipped = !hasPython && process.env['CI'] !== 'true'
if (skipped) console.warn('Skipped: there is no python3 with pip to run a client that is not ours.')

const agency = 'rsud-daya'

describe.skipIf(skipped)('a Python client that knows nothing of Jejak', () => {
  let folder = ''
  let packages = ''
  let system: System
  let server: Awaited<ReturnType<typeof serve>>

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'jejak-python-'))
    packages = await cached('python-grpc-1.85.1', async target => {
      const requirements = join(source, 'requirements.txt')
      await run('python3', [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--target',
        target,
        '-r',
        requirements,
      ])
    })
    system = await openSystem({ data: join(folder, 'data') })
    server = await serve({
      address: '127.0.0.1:0',
      implementations: system.implementations,
      authenticate: bearer => (bearer ? system.tokens.find(bearer) : undefined),
    })
  }, 180_000)

  afterAll(async () => {
    await server.drain(1_000)
    await system.close()
    rmSync(folder, { recursive: true })
  })

  /** So many people of the agency, by their ids. */
  const register = async (address: string, token: string, count: number) => {
    const connection = connect(address, { token })
    const { registerEmployee } = connection.client(EmployeeService)
    const posting = { agency, position: 'perawat-ahli-pertama', since: '2015-01-01' }
    const answers = await Promise.all(
      Array.from({ length: count }, (_, i) => {
        const nip = `199001012015011${901 + i}`
        const person = { nip, name: `Pegawai ${i}`, birthDate: '1990-01-01' }
        return registerEmployee({ requestId: v7(), person, posting })
      }),
    )
    connection.close()
    return answers.map(({ asnId }) => asnId)
  }

  test('finds the services, submits, reads refusals, and verifies every receipt', async () => {
    const address = `127.0.0.1:${server.port}`
    const { token } = system.tokens.issue({ role: 'agency', agency })
    const people = await register(address, token, 50)
    const vkey = system.logs.get('assessment')?.vkey ?? ''
    const client = join(source, 'client.py')
    const { stdout } = await run('python3', [client, address, token, vkey, ...people], {
      env: { ...process.env, PYTHONPATH: packages },
    })
    const seen = JSON.parse(stdout)
    expect(seen.services).toEqual(
      expect.arrayContaining([
        'grpc.health.v1.Health',
        'jejak.assessment.v1.AssessmentService',
        'jejak.certification.v1.CertificateService',
        'jejak.enrollment.v1.EmployeeService',
      ]),
    )
    expect(seen.event).toMatchObject({
      specversion: '1.0',
      type: 'jejak.assessment.AssessmentRecorded.v1',
      subject: `competency/${people[0]}`,
      agency,
    })
    expect(seen).toMatchObject({ repeated: true, answered: 1_000, recorded: 999 })
    expect(seen.refused).toContain('level')
    expect(seen.wrong).toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'INVALID' })
    expect(seen.wrong.fields.sort()).toEqual([
      'assessment.competency',
      'assessment.level',
      'assessment.occurred_on',
    ])
    expect(seen.nobody).toEqual({ code: 'UNAUTHENTICATED', reason: 'NO_TOKEN', fields: [] })
  }, 120_000)
})
