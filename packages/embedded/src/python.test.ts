import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { pythonPackages } from '@jejak/local/downloads'
import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assessorId, openTestbed, type Testbed } from './testing/testbed.ts'

const run = promisify(execFile)
const source = join(import.meta.dirname, '../third-party')
const hasPython = spawnSync('python3', ['-m', 'pip', '--version']).status === 0
// A build server that lost its Python must not stay green.
const skipped = !hasPython && process.env['CI'] !== 'true'
if (skipped) console.warn('Skipped: there is no python3 with pip to run a client that is not ours.')

const agency = 'rsud-daya'

describe.skipIf(skipped)('a Python client that knows nothing of Jejak', () => {
  let packages = ''
  let bed: Testbed

  beforeAll(async () => {
    packages = await pythonPackages('python-grpc-1.85.1', join(source, 'requirements.txt'))
    bed = await openTestbed({ clock: Date.now })
  }, 180_000)

  afterAll(() => bed.close())

  /** So many people of the agency, by their ids. */
  const register = async (token: string, count: number) => {
    const { registerEmployee } = bed.as(token).employees
    const posting = { agency, position: 'perawat-ahli-pertama', since: '2015-01-01' }
    const answers = await Promise.all(
      Array.from({ length: count }, (_, i) => {
        const nip = `199001012015011${901 + i}`
        const person = { nip, name: `Pegawai ${i}`, birthDate: '1990-01-01' }
        return registerEmployee({ requestId: v7(), person, posting })
      }),
    )
    return answers.map(({ asnId }) => asnId)
  }

  test('finds the services, submits, reads refusals, and verifies every receipt', async () => {
    const token = bed.issue({ role: 'agency', agency })
    const people = await register(token, 50)
    const vkey = bed.logs.get('assessment')?.vkey ?? ''
    const client = join(source, 'client.py')
    const { stdout } = await run(
      'python3',
      [client, bed.address, token, vkey, assessorId, ...people],
      {
        env: { ...process.env, PYTHONPATH: packages },
      },
    )
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
      type: 'jejak.assessment.AssessmentRecorded.v2',
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
