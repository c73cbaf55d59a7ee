import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Bench } from './testing/process.ts'

// Each command is a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const bench = new Bench()
let system: Awaited<ReturnType<Bench['up']>>
let called: readonly string[]
let asDinkes: readonly string[]
beforeAll(async () => {
  system = await bench.up()
  called = ['--grpc', system.grpc, '--token', 'data.keys/tokens']
  const { token } = await bench.json('token', 'issue', '--role', 'agency', '--agency', 'dinkes')
  bench.write('dinkes.token', [token])
  asDinkes = ['--grpc', system.grpc, '--token', 'dinkes.token']
})
afterAll(async () => {
  await system.end('SIGTERM')
  bench.remove()
})

test('HR registers, accredits, ends and erases an assessor, whom agencies see', async () => {
  const id = '019b8bab-0680-75be-8eaf-427ee0bfcd1a'
  bench.write('asesor.json', ['{ "name": "Dr. Halim" }'])
  const days = ['--since', '2024-03-01', '--id', id]
  const put = await bench.json('assessors', 'register', 'asesor.json', ...days, ...called)
  expect(put).toMatchObject({ status: 0, assessorId: id })
  const given = ['--title', 'Asesor', '--issuer', 'BKN', '--level', '4', '--since', '2024-03-01']
  const accredited = await bench.json('assessors', 'accredit', id, ...given, ...called)
  expect(accredited).toMatchObject({ status: 0 })
  const basis = ['--basis', 'UU 27/2022 Pasal 43']
  const early = await bench.json('assessors', 'erase', id, ...basis, ...called)
  expect(early).toMatchObject({ status: 2, problem: 'ASSESSOR_SERVES' })

  const end = ['--until', '2025-12-31', '--reason', 'Pindah jabatan']
  expect(await bench.json('assessors', 'end', id, ...end, ...called)).toMatchObject({ status: 0 })
  const wrong = ['--reason', 'Salah orang', '--correction']
  expect(await bench.json('assessors', 'end', id, ...wrong, ...called)).toMatchObject({ status: 0 })
  expect(await bench.json('assessors', 'list', ...asDinkes)).toMatchObject({
    assessors: [{ assessorId: id, until: '' }],
  })
  expect(await bench.json('assessors', 'end', id, ...end, ...called)).toMatchObject({ status: 0 })
  const { assessors } = await bench.json('assessors', 'list', ...asDinkes)
  expect(assessors).toMatchObject([
    {
      ...{ assessorId: id, name: 'Dr. Halim', since: '2024-03-01', until: '2025-12-31' },
      accreditations: [{ title: 'Asesor', issuer: 'BKN', level: 4 }],
    },
  ])
  expect(await bench.json('assessors', 'erase', id, ...basis, ...called)).toMatchObject({
    status: 0,
  })
  const { stdout } = await bench.run('assessors', 'list', ...asDinkes)
  expect(stdout).toContain(`${id}  2024-03-01..2025-12-31  Asesor (BKN)`)
})
