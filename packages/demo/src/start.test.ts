import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { Bench } from '@jejak/cli/testing/process'
import { openSystem } from '@jejak/embedded/system'
import { readModels } from '@jejak/embedded/testing/testbed'
import { readFolder } from '@jejak/storage/data-folder'
import { afterAll, describe, expect, test, vi } from 'vitest'

// Each command is a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const bench = new Bench()
afterAll(() => bench.remove())

const start = (data: string) =>
  ['--data', data, '--grpc', '127.0.0.1:0', '--http', '127.0.0.1:0'] as const

/** The events of each log, without the read audit: each showing of the page adds to it. */
const sizesOf = (data: string) =>
  ['enrollment', 'assessment', 'certification'].map(service => {
    const db = new DatabaseSync(bench.path(`${data}/${service}/log.db`), { readOnly: true })
    const events = db.prepare("select sum(n) as n from commits where s not like 'access/%'").get()
    db.close()
    return events?.['n']
  })

const main = fileURLToPath(new URL('./main.ts', import.meta.url))

const begin = (...args: readonly string[]) =>
  spawn(process.execPath, [main, ...args], { cwd: bench.folder, stdio: 'pipe' })

const run = async (...args: readonly string[]) => {
  const child = begin(...args)
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', text => {
    output.stdout += text
  })
  child.stderr.on('data', text => {
    output.stderr += text
  })
  const [status] = await once(child, 'close')
  return { status, ...output }
}

/** All that it prints until it can be called. */
const untilServing = (child: ReturnType<typeof begin>) =>
  new Promise<string>(resolve => {
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', more => {
        text += more
        if (text.includes('Ctrl-C ends it')) resolve(text)
      })
    }
  })

/** The words of the command of the page that erases somebody, without quotes and line ends. */
const erasingIn = (page: string): readonly string[] => {
  const [, command = ''] = /jejak -- (erase (?:.+\\\n)*.+?) +# /.exec(page) ?? []
  return [...command.matchAll(/"([^"]*)"|([^\s\\]+)/g)].map(([, quoted, word]) =>
    String(quoted ?? word),
  )
}

const played = [1_821, 1_120, 103]

describe('npm start', () => {
  test('plays the scenario, and shows what came of it', async () => {
    const { status, stdout, stderr } = await run(...start('first'), '--once')
    expect(status, stderr).toBe(0)
    expect(stdout).toMatch(/Rumah Sakit Umum Daerah Daya +90 +40 +320\n/)
    for (const reason of [
      'nip: is rounded',
      'level: is a formula',
      'level: 6 is no level',
      'kompetensi: is not in sampel-manajemen-rumah-sakit',
      'nip: nobody has or had this NIP',
      'has no right to assessment.SubmitAssessments',
      'has no right to enrollment.RegisterEmployee',
    ])
      expect(stdout).toContain(reason)
    expect(stdout).toMatch(
      /keselamatan-pasien level 2, after-training +assessment \d+; corrected: /,
    )
    expect(stdout).toContain('20 events, each proven to stand in its log at that position')
    expect(stdout).toMatch(/certificate MRS-2026\/\d{4}\/\S+, valid until/)
    expect(stdout).toMatch(/keselamatan-pasien +awal +█+·+ 1\.\d\d\n +akhir █+·+ 2\.\d\d/)
    expect(stdout).toContain('103 of 130 participants have one')
    expect(stdout).toContain('receipt verified: jejak.localhost/assessment')
    expect(sizesOf('first')).toEqual(played)
    expect(await bench.run('log', 'verify', '--data', 'first')).toMatchObject({ status: 0 })
    expect(statSync(bench.path('first.keys/rsud-daya.token')).mode & 0o777).toBe(0o600)
  })

  test('shows it again the next time, and does not play it again', async () => {
    const { status, stdout, stderr } = await run(...start('first'), '--once')
    expect(status, stderr).toBe(0)
    expect(stderr).not.toContain('pegawai.csv')
    expect(stdout).toContain('103 of 130 participants have one')
    expect(sizesOf('first')).toEqual(played)
    expect(readFileSync(bench.path('first/scenario.done'), 'utf8')).not.toMatch(/\d{15}9\d\d/)
  })

  test('has read models that the logs make again, row for row', async () => {
    const data = bench.path('first')
    const caughtUp = async () => {
      const system = await openSystem({ data })
      await vi.waitFor(async () => expect(await system.idle()).toBe(true), 30_000)
      await system.close()
      return readModels(data)
    }
    const live = await caughtUp()
    expect(live.map(({ file, documents }) => [file, documents.length > 100])).toEqual([
      ['enrollment-lists-4.db', true],
      ['certification-2.db', true],
      ['reporting-v7-1.db', true],
    ])
    for (const service of ['enrollment', 'certification', 'reporting']) {
      rmSync(readFolder(data, service), { recursive: true })
    }
    expect(await caughtUp()).toEqual(live)
  })

  test('serves it: a file for BKN, reports built anew, an audit of a person', async () => {
    const child = begin(...start('first'))
    const closed = once(child, 'close')
    const output = await untilServing(child)
    const [, http = ''] = /HTTP on (\S+)/.exec(output) ?? []
    const [, asnId = ''] = /One civil servant \(ASN (\S+)\)/.exec(output) ?? []
    const asked = ['--http', http, '--token', 'first.keys/tokens']
    const exported = await bench.json(
      ...['export', 'siasn-kursus', '--format', 'csv', '--out', 'kursus', '--unit', 'rsud-daya'],
      ...asked,
    )
    expect(exported).toMatchObject({ status: 0, manifest: { query: { unit: 'rsud-daya' } } })
    const verified = ['export', 'verify', 'kursus', '--vkey', 'first.keys/reporting.vkey']
    expect(await bench.run(...verified)).toMatchObject({ status: 0 })
    appendFileSync(bench.path('kursus/siasn-kursus.csv'), 'x')
    expect(await bench.run(...verified)).toMatchObject({ status: 1 })
    expect(await bench.json('rebuild', ...asked)).toMatchObject({ status: 0, rebuilt: true })
    for (const service of ['enrollment', 'assessment', 'certification']) {
      const log = ['--data', 'first', '--service', service]
      expect(await bench.run('log', 'export', `logs/${service}`, ...log)).toMatchObject({
        status: 0,
      })
    }
    const folders = ['enrollment', 'assessment', 'certification'].map(name => `logs/${name}`)
    const audit = await bench.run('audit', 'person', asnId, '--from', ...folders)
    expect(audit, audit.stdout + audit.stderr).toMatchObject({ status: 0 })
    // As the page says it, and last: it takes the person's data for good.
    const [, grpc = ''] = /gRPC on (\S+),/.exec(output) ?? []
    const called = ['--grpc', grpc, '--token', 'first.keys/tokens']
    const erased = await bench.run(...erasingIn(output), ...called)
    expect(erased, erased.stderr).toMatchObject({ status: 0 })
    child.kill('SIGINT')
    expect((await closed)[0]).toBe(0)
  })

  test('ends with 0 when it is interrupted in the middle of the scenario', async () => {
    const child = begin(...start('interrupted'))
    const closed = once(child, 'close')
    await new Promise(resolve =>
      child.stderr?.on('data', text => {
        if (String(text).includes('training:')) resolve(undefined)
      }),
    )
    child.kill('SIGINT')
    expect((await closed)[0]).toBe(0)
    expect(existsSync(bench.path('interrupted/scenario.done'))).toBe(false)
  })

  test('plays it elsewhere only with the addresses of everything', async () => {
    const at = Object.fromEntries(
      ['enrollment', 'assessment', 'certification', 'reporting'].map(it => [it, '127.0.0.1:1']),
    )
    const map = JSON.stringify({ grpc: at, http: 'http://127.0.0.1:1' })
    const apart = ['--endpoints', bench.write('apart.json', [map])]
    const { status, stderr } = await run(...apart)
    expect([status, stderr]).toEqual([2, expect.stringContaining('add --mongo URL')])
    expect((await run(...apart, '--mongo', 'mongodb://127.0.0.1:1')).stderr).toContain('ops: must')
  })

  test('plays nothing with --empty', async () => {
    const { status, stdout } = await run(...start('empty'), '--empty', '--once')
    expect([status, stdout]).toEqual([0, ''])
  })
})
