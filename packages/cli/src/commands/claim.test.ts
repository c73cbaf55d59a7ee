import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Bench } from '../testing/process.ts'

// Each command is a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const bench = new Bench()
let system: Awaited<ReturnType<Bench['up']>>
let called: readonly string[]
let asDinkes: readonly string[]
/** The person of the template, at rsud-daya. */
let asnId: string
const nip = '199001012015012901'
beforeAll(async () => {
  system = await bench.up()
  called = ['--grpc', system.grpc, '--token', 'data.keys/tokens']
  const { token } = await bench.json('token', 'issue', '--role', 'agency', '--agency', 'dinkes')
  bench.write('dinkes.token', [token])
  asDinkes = ['--grpc', system.grpc, '--token', 'dinkes.token']
  await bench.run('template', 'employees', 'pegawai.csv')
  await bench.json('import', 'employees', 'pegawai.csv', ...called)
  asnId = JSON.parse(readFileSync(bench.path('pegawai.csv.receipts.jsonl'), 'utf8')).id
})
afterAll(async () => {
  await system.end('SIGTERM')
  bench.remove()
})

const person = { nip, name: 'Andi Tenri', birth_date: '1990-01-01' }
const posting = { agency: 'dinkes', position: 'perawat-ahli-muda', since: '2026-02-01' }
/** As a file has them, and as a request does. */
const employed = { employment: 'pppk', contract_since: '2025-01-01', office: 'ahli-muda' }
const seenAs = { employment: 'pppk', contractSince: '2025-01-01', office: 'ahli-muda' }
const why = ['--reason', 'SK 824/2026']

/** Types a text where the command asks for it. */
const piped = async (line: string, ...args: readonly string[]) => {
  const child = bench.start(...args)
  child.stdin?.end(line)
  const [stdout, [status]] = await Promise.all([
    text(child.stdout as NodeJS.ReadableStream & AsyncIterable<string>),
    once(child, 'close'),
  ])
  return { status, stdout }
}

test('an agency claims a person, HR decides, and the person is posted with it', async () => {
  const sent = { ...person, ...posting, ...employed, assignment: 'plt' }
  bench.write('klaim.json', [JSON.stringify(sent)])
  const { status, claimId } = await bench.json('claim', 'file', 'klaim.json', ...why, ...asDinkes)
  expect(status).toBe(0)
  const twice = await bench.json('claim', 'file', 'klaim.json', ...why, ...asDinkes)
  expect(twice).toMatchObject({ status: 2, problem: 'CLAIM_OPEN' })
  const claimed = { ...posting, ...seenAs, assignment: 'plt' }
  const own = { claimId, status: 'open', posting: claimed, reason: 'SK 824/2026' }
  const { claims } = await bench.json('claim', 'list', ...asDinkes)
  expect(claims).toMatchObject([own])
  expect(claims[0]).not.toHaveProperty('person')
  const seen = await bench.json('claim', 'list', ...called)
  expect(seen.claims).toMatchObject([{ ...own, asnId, person: { nip, name: 'Andi Tenri' } }])
  const { stdout } = await bench.run('claim', 'list', ...called)
  expect(stdout).toMatch(new RegExp(`^open  ${claimId}  .*dinkes .*${asnId}  SK 824/2026\n$`))
  expect(stdout).not.toContain(nip)

  const deciding = ['claim', 'decide', claimId, '--reason', 'Sesuai SK', ...called]
  expect(await bench.run(...deciding, '--outcome', 'upheld')).toMatchObject({
    ...{
      status: 0,
      stdout: `claim ${claimId} is upheld: the person is posted with the claimant\n`,
    },
  })
  expect(await bench.json(...deciding, '--outcome', 'dismissed')).toMatchObject({
    ...{ status: 2, problem: 'CLAIM_DECIDED' },
  })
  expect((await bench.run('claim', 'list', ...called)).stdout).toBe('there is no claim\n')
  const ended = await bench.json('claim', 'list', ...asDinkes)
  expect(ended.claims).toMatchObject([{ claimId, status: 'upheld', decisionReason: 'Sesuai SK' }])

  bench.write('salah.json', ['{ "nama": "Siti" }'])
  const broken = await bench.json('claim', 'file', 'salah.json', ...why, ...asDinkes)
  expect(broken).toMatchObject({ status: 2, problem: 'BrokenFile' })
})

test('a person is found by their NIP, which no shell keeps', async () => {
  expect(await piped(`${nip}\n`, 'find', ...called)).toEqual({ status: 0, stdout: `${asnId}\n` })
  expect(await piped('', 'find', ...called)).toMatchObject({ status: 2 })
  bench.write('nip.txt', [nip])
  const found = await bench.json('find', 'nip.txt', ...called)
  const held = { ...posting, ...seenAs }
  expect(found).toMatchObject({ asnId, status: 'active', postings: [{}, held] })
  bench.write('nip.txt', ['198609262015051001'])
  const unknown = await bench.json('find', 'nip.txt', ...called)
  expect(unknown).toMatchObject({ status: 2, problem: 'NIP_UNKNOWN' })
  expect(JSON.stringify(unknown)).not.toContain('198609262015051001')
  expect(await bench.json('find', nip, ...called)).toMatchObject({ status: 2, problem: 'NipTyped' })
})

test('a person is transferred, and a duplicate merged', async () => {
  const rows = readFileSync(bench.path('pegawai.csv'), 'utf8')
  const other = rows.replace('PEG-0001', 'PEG-0002').replace(nip, '199001012015011902')
  bench.write('ganda.csv', [other.trim()])
  await bench.json('import', 'employees', 'ganda.csv', ...called)
  const receipts = readFileSync(bench.path('ganda.csv.receipts.jsonl'), 'utf8')
  const duplicateId = JSON.parse(receipts).id
  const to = ['--agency', 'disdukcapil', '--position', 'operator', '--since', '2026-03-01']
  const posted = ['post', duplicateId, ...to, ...called]
  expect(await bench.json(...posted)).toMatchObject({ status: 0, before: false, warnings: [] })
  expect(await bench.json(...posted)).toMatchObject({ status: 0, before: true })
  const early = await bench.json('post', duplicateId, ...to, ...called, '--since', '2005-01-01')
  expect(early.warnings).toEqual([expect.stringContaining('posting.since')])

  const merging = ['merge', duplicateId, '--into', asnId, '--reason', 'Ganda', ...called]
  expect(await bench.run(...merging)).toMatchObject({
    ...{ status: 0, stdout: `${duplicateId} is merged into ${asnId}\n` },
  })
  expect(await bench.json(...merging)).toMatchObject({ status: 0, before: true })
  const found = await piped('199001012015011902', 'find', ...called)
  expect(found).toEqual({ status: 0, stdout: `${asnId}\n` })
})

test('a person gets another NIP, which no shell keeps, and the former one finds them', async () => {
  const changed = '199001012015011904'
  const why = ['--since', '2026-01-01', '--reason', 'SK BKN 12/2026', ...called]
  const typed = await bench.json('change-nip', asnId, changed, ...why)
  expect(typed).toMatchObject({ status: 2, problem: 'NipTyped' })
  expect(await piped(`${changed}\n`, 'change-nip', asnId, ...why)).toMatchObject({ status: 0 })
  bench.write('nip.txt', [changed])
  const again = await bench.json('change-nip', asnId, 'nip.txt', ...why)
  expect(again).toMatchObject({ status: 0, asnId, before: true })
  for (const known of [nip, changed]) {
    expect(await piped(known, 'find', ...called)).toEqual({ status: 0, stdout: `${asnId}\n` })
  }
})

test('a person is posted with how they are employed, and hold their office', async () => {
  const to = ['--agency', 'disdukcapil', '--position', 'operator']
  const now = { ...seenAs, since: '2026-05-01', assignment: 'tugas-tambahan' }
  const stated = ['--employment', 'pppk', '--contract-since', '2025-01-01', '--office', 'ahli-muda']
  const how = [...stated, '--assignment', 'tugas-tambahan']
  const later = await bench.json('post', asnId, ...to, ...called, '--since', now.since, ...how)
  expect(later).toMatchObject({ status: 0, posting: now })
  bench.write('nip.txt', [nip])
  const { postings } = await bench.json('find', 'nip.txt', ...called)
  expect(postings.at(-1)).toMatchObject(now)
  const wrong = await bench.run('post', asnId, ...to, ...called, '--employment', 'honorer')
  expect(wrong).toMatchObject({ status: 2 })
  expect(wrong.stderr).toContain('pppk-paruh-waktu')
})
