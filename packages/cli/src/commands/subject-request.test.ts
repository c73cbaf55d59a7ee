import { readFileSync, statSync } from 'node:fs'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Bench } from '../testing/process.ts'

// Each command is a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const bench = new Bench()
let system: Awaited<ReturnType<Bench['up']>>
let called: readonly string[]
let asked: readonly string[]
beforeAll(async () => {
  system = await bench.up()
  called = ['--grpc', system.grpc, '--token', 'data.keys/tokens']
  asked = ['--http', system.http, '--token', 'data.keys/tokens']
})
afterAll(async () => {
  await system.end('SIGTERM')
  bench.remove()
})

const registered = async (): Promise<string> => {
  await bench.run('template', 'employees', 'pegawai.csv')
  await bench.json('import', 'employees', 'pegawai.csv', ...called)
  const receipts = readFileSync(bench.path('pegawai.csv.receipts.jsonl'), 'utf8')
  return JSON.parse(receipts.split('\n')[0] ?? '').id
}

test('a person asks for a correction and a copy, and gets both', async () => {
  const asnId = await registered()
  bench.write('minta.txt', ['Nama saya salah.'])
  const filing = ['subject-request', 'file', asnId, 'correction', 'minta.txt', ...called]
  const { status, subjectRequestId, dueAt } = await bench.json(...filing)
  expect([status, Date.parse(dueAt) - Date.now() > 71 * 3_600_000]).toEqual([0, true])
  const open = await bench.run('subject-request', 'list', ...called)
  expect(open.stdout).toBe(`71 h left  ${subjectRequestId}  correction  ${asnId}\n`)

  bench.write('betul.json', ['{ "name": "Siti A.", "phone": "" }'])
  const why = ['--reason', 'Akta kelahiran 7371', '--request', subjectRequestId]
  expect(await bench.json('correct', asnId, 'betul.json', ...why, ...called)).toMatchObject({
    ...{ status: 0, corrected: true, before: false },
  })
  expect((await bench.run('subject-request', 'list', ...called)).stdout).toBe(
    'no request is open\n',
  )

  const copying = ['subject-request', 'copy', asnId, 'salinan.json', ...asked]
  const copied = await vi.waitUntil(
    async () => {
      const answer = await bench.run(...copying)
      return answer.status === 0 && answer
    },
    { timeout: 20_000, interval: 200 },
  )
  expect(copied.stdout).toContain('salinan.json: all that is held of the person')
  expect(statSync(bench.path('salinan.json')).mode & 0o777).toBe(0o600)
  const { person, history, reads } = JSON.parse(readFileSync(bench.path('salinan.json'), 'utf8'))
  expect(person.person).toMatchObject({ name: 'Siti A.' })
  expect(person.person).not.toHaveProperty('phone')
  const types = history.lines.map(({ type }: { readonly type: string }) => type)
  expect(types).toContain('PersonalDataCorrected')
  expect(reads).toContainEqual(expect.objectContaining({ role: 'hr' }))
  expect(await bench.run(...copying)).toMatchObject({ status: 2 })
})

test('a correction that is odd is made, and says what to look at', async () => {
  const asnId = await registered()
  bench.write('lahir.json', ['{ "birth_date": "1980-01-02" }'])
  const correcting = ['correct', asnId, 'lahir.json', '--reason', 'Akta kelahiran 7371', ...called]
  const odd = { warnings: [expect.stringContaining('person.birth_date')] }
  expect(await bench.json(...correcting)).toMatchObject({ status: 0, ...odd })
  expect((await bench.run(...correcting)).stdout).toContain('look at person.birth_date: ')
})

test.each([
  ['no JSON', '{'],
  ['an unknown field', '{ "nip": "1" }'],
  ['a number', '{ "name": 7 }'],
  ['nothing', '{}'],
])('a correction with %s is refused as a broken file', async (_, text) => {
  bench.write('rusak.json', [text])
  const args = ['correct', '019b8bab-0680-75be-8eaf-427ee0bfcd1a', 'rusak.json', '--reason', 'x']
  expect(await bench.json(...args, ...called)).toMatchObject({ status: 2, problem: 'BrokenFile' })
})
