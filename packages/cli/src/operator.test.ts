import { readFileSync } from 'node:fs'
import { EnrollmentService } from '@jejak/proto/jejak/enrollment/v1/enrollment'
import { connect } from '@jejak/rpc/client'
import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { registerAssessorOfRows } from './testing/agency-files.ts'
import { Bench } from './testing/process.ts'

// Each command is a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const bench = new Bench()
let system: Awaited<ReturnType<Bench['up']>>
let called: readonly string[]

beforeAll(async () => {
  system = await bench.up()
  called = ['--grpc', system.grpc, '--token', 'data.keys/tokens']
})
afterAll(async () => {
  await system.end('SIGTERM')
  bench.remove()
})

const id = '019b8bab-0680-75be-8eaf-427ee0bfcd1a'
const erasing = (basis: string) => ['--basis', basis, '--disposition', 'musnah']
const programme = {
  program: {
    code: 'mrs-2026',
    title: 'Manajemen Rumah Sakit',
    field: 'kesehatan',
    targets: [{ framework: 'permenpanrb-38-2017', competency: 'integritas', level: 3 }],
    modules: [{ code: 'mutu', title: 'Mutu layanan', jp: 4, practiceJp: 2 }],
    validityMonths: 36,
  },
  cohorts: [{ title: 'Angkatan I', startsOn: '2026-02-02', endsOn: '2026-03-31', capacity: 2 }],
}
const importing = (change: object) => {
  bench.write('mrs.json', [JSON.stringify({ ...programme, ...change })])
  return bench.json('import', 'programme', 'mrs.json', ...called)
}

describe('a programme', () => {
  test('is published once, with its cohorts', async () => {
    const first = await importing({})
    expect(first).toMatchObject({ status: 0, cohorts: [{ title: 'Angkatan I' }] })
    expect(await importing({})).toEqual(first)
  })

  test.each([
    [
      'two modules of one code',
      { modules: [...programme.program.modules, ...programme.program.modules] },
      'program.modules: has the code',
    ],
    ['an unknown field', { module: [] }, 'unknown'],
    ['other content than was published', { title: 'Lain' }, 'this request id was used'],
  ])('with %s is refused with its own text', async (_, change, says) => {
    const refused = await importing({ program: { ...programme.program, ...change } })
    expect(refused.status).toBe(2)
    expect(refused.detail).toContain(says)
  })

  test('with unknown targets is not published, and all of them are listed', async () => {
    const targets = [
      { framework: 'permenpanrb-38-2017', competency: 'integrtas', level: 3 },
      { framework: 'permenpanrb-38-2017', competency: 'kerja-sama', level: 3 },
      { framework: 'permenpan-38-2017', competency: 'integritas', level: 3 },
    ]
    const program = { ...programme.program, code: 'mrs-2027', targets }
    const refused = await importing({ program })
    expect(refused).toMatchObject({ status: 2, problem: 'UnknownTarget' })
    expect(refused.detail.split('\n')).toEqual([
      'nothing is published:',
      expect.stringMatching(/targets\[0\]\.competency: .* no integrtas; it has integritas, /),
      expect.stringMatching(/targets\[2\]\.framework: .* permenpan-38-2017; .*permenpanrb-38-2017/),
    ])
    // Nothing of it was sent: the id that the code makes is still to be had.
    const { targets: known } = programme.program
    expect(await importing({ program: { ...program, targets: known } })).toMatchObject({
      status: 0,
    })
  })

  test('that is no JSON is refused as a broken file', async () => {
    bench.write('broken.json', ['{"program":'])
    const refused = await bench.json('import', 'programme', 'broken.json', ...called)
    expect(refused).toMatchObject({ status: 2, problem: 'BrokenFile' })
  })
})

test('a service that is not there is reported within seconds, by its address', async () => {
  const nobody = ['--grpc', '127.0.0.1:9', '--token', 'data.keys/tokens']
  const refused = await bench.json('why-not', id, ...nobody)
  expect(refused).toMatchObject({ status: 2, problem: 'NoService' })
  expect(refused.detail).toMatch(/nobody answers at 127\.0\.0\.1:9.*jejak up/s)
})

test.each([
  ['nowhere', 'there is no'],
  ['empty', 'has no token of the role hr'],
])('a token file that is %s is reported', async (file, says) => {
  bench.write('empty', ['# nothing yet'])
  const args = ['erase', id, ...erasing('UU'), '--grpc', system.grpc, '--token', file]
  const refused = await bench.json(...args)
  expect(refused).toMatchObject({ status: 2, problem: 'NoToken' })
  expect(refused.detail).toContain(says)
})

describe('a person in training', () => {
  /** Registered, nominated, approved and present; the training is completed. */
  const trained = async () => {
    await bench.run('template', 'employees', 'pegawai.csv')
    await bench.json('import', 'employees', 'pegawai.csv', ...called)
    const [receipt = ''] = readFileSync(bench.path('pegawai.csv.receipts.jsonl'), 'utf8').split(
      '\n',
    )
    const asnId: string = JSON.parse(receipt).id
    const { cohorts } = await importing({})
    const tokens = readFileSync(bench.path('data.keys/tokens'), 'utf8')
    const token = /^hr (\S+)$/m.exec(tokens)?.[1] ?? ''
    const connection = connect(system.grpc, { token })
    const client = connection.client(EnrollmentService)
    const nomination = { requestId: v7(), cohortId: cohorts[0].cohortId, asnId }
    const { enrollmentId } = await client.nominate(nomination)
    const about = () => ({ requestId: v7(), enrollmentId })
    await client.approve(about())
    const attend = ['--module', 'mutu', '--on', '2026-02-02', '--minutes', '180']
    const attended = await bench.json('attend', enrollmentId, ...attend, ...called)
    expect(attended).toMatchObject({ status: 0, enrollmentId, warnings: [] })
    await client.complete({ ...about(), completedOn: '2026-03-31' })
    connection.close()
    return { asnId, enrollmentId }
  }

  const isErasedByOverride = async (asnId: string) => {
    const erase = ['erase', asnId, ...erasing('UU 27/2022 Pasal 43'), ...called]
    const forbidden = await bench.json(...erase)
    expect(forbidden).toMatchObject({ status: 2, problem: 'RETAINED' })
    expect(forbidden.detail).toMatch(/jra-\S+ keeps .* until \d{4}-\d\d-\d\d .*--override/s)
    const why = [...erase, '--override', 'Putusan PTUN 12/G/2026']
    expect(await bench.json(...why)).toMatchObject({ status: 0, erased: true, before: false })
    expect(await bench.json(...erase)).toMatchObject({ status: 0, erased: true, before: true })
  }

  test('sees what is missing, then has the certificate, then is erased', async () => {
    const { asnId, enrollmentId } = await trained()
    const asked = () => bench.json('why-not', enrollmentId, ...called)
    const missing = await vi.waitUntil(
      async () => {
        const answer = await asked()
        return answer.completed && answer
      },
      { timeout: 20_000, interval: 200 },
    )
    expect(missing).toMatchObject({ status: 1, certificateId: '' })
    expect(missing.missing).toEqual([expect.stringContaining('integritas: level 3 is required')])
    const words = await bench.run('why-not', enrollmentId, ...called)
    expect(words.stdout).toContain('There is no certificate yet:\n- integritas')

    await registerAssessorOfRows(bench, called)
    await bench.run('template', 'assessments', 'asesmen.csv')
    expect(await bench.json('submit', 'asesmen.csv', ...called)).toMatchObject({ accepted: 1 })
    const certified = await vi.waitUntil(
      async () => {
        const answer = await asked()
        return answer.status === 0 && answer
      },
      { timeout: 20_000, interval: 200 },
    )
    expect(certified.certificateId).toMatch(/^[0-9a-f-]{36}$/)

    await isErasedByOverride(asnId)
    // Nothing can be recorded of them any more; what is there stays, and the logs verify.
    bench.write(
      'lagi.csv',
      readFileSync(bench.path('asesmen.csv'), 'utf8').replace('-0001;', '-0002;').split('\n'),
    )
    expect(await bench.json('submit', 'lagi.csv', ...called)).toMatchObject({
      status: 1,
      refused: 1,
    })
    expect(await asked()).toMatchObject({ status: 0, certificateId: certified.certificateId })
    expect(await bench.run('log', 'verify', '--data', 'data')).toMatchObject({ status: 0 })
  })

  test.each([
    [['why-not', '7'], 'enrollment_id: must be a UUID'],
    [['why-not', id], 'no enrollment with this id'],
    [['erase', '7', ...erasing('UU')], 'asn_id: must be a UUID'],
    [['erase', id, ...erasing('199001012015012901')], 'basis: must not have a NIP'],
    [['erase', id, ...erasing('UU')], 'no civil servant'],
    [['erase', id], '--basis'],
    [['erase', id, '--basis', 'UU'], '--disposition'],
  ])('%j is refused with what is wrong', async (args, says) => {
    const { status, stderr } = await bench.run(...args, ...called)
    expect(status).toBe(2)
    expect(stderr).toContain(says)
    expect(stderr).not.toContain('    at ')
  })
})
