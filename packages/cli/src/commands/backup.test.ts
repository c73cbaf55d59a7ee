// tidy: one system that runs and is written to serves all of it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { registerAssessorOfRows, writeAssessments, writePeople } from '../testing/agency-files.ts'
import { Bench } from '../testing/process.ts'

// Each command is a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const bench = new Bench()
const rows = 4_000
let system: Awaited<ReturnType<Bench['up']>>

const assessments = (name: string) => writeAssessments(bench, name, rows)

const called = () => ['--grpc', system.grpc, '--token', 'data.keys/tokens']

beforeAll(async () => {
  system = await bench.up()
  const imported = await bench.json(
    'import',
    'employees',
    writePeople(bench, 'pegawai.csv'),
    ...called(),
  )
  expect(imported).toMatchObject({ status: 0, accepted: 50 })
  await registerAssessorOfRows(bench, called())
  await bench.json('submit', assessments('before.csv'), ...called())
})
afterAll(async () => {
  await system.end('SIGKILL')
  bench.remove()
})

const sizeOf = (log: string): number => {
  const db = new DatabaseSync(bench.path(log), { readOnly: true })
  const { size } = db.prepare('select max(p + n) as size from commits').get() ?? {}
  db.close()
  return Number(size)
}

const until = async (there: () => boolean) => {
  while (!there()) await sleep(1)
}

/** Kills a command once something is there that it makes on its way; false where it was quicker. */
const killAt = async (child: ChildProcess, file: string): Promise<boolean> => {
  const closed = once(child, 'close')
  const over = closed.then(() => true)
  await Promise.race([over, until(() => existsSync(bench.path(file)) || child.exitCode !== null)])
  child.kill('SIGKILL')
  const [, signal] = await closed
  return signal === 'SIGKILL'
}

/** The ids that a submit was answered with. */
const idsOf = (file: string): string[] =>
  readFileSync(bench.path(`${file}.receipts.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line).id)

const textIn = (log: string): string => {
  const db = new DatabaseSync(bench.path(log), { readOnly: true })
  const all = db.prepare('select e from commits').all()
  db.close()
  return all.map(({ e }) => Buffer.from(e as Uint8Array).toString('latin1')).join('')
}

describe('a backup of a system that is written to', () => {
  test('has all that was acknowledged before it began, and verifies elsewhere', async () => {
    const before = sizeOf('data/assessment/log.db')
    const submitting = bench.json('submit', assessments('during.csv'), ...called())
    await until(() => sizeOf('data/assessment/log.db') > before + 300)
    const acknowledged = sizeOf('data/assessment/log.db')
    const made = await bench.json('backup', 'under-load')
    const afterwards = sizeOf('data/assessment/log.db')
    expect(await submitting).toMatchObject({ status: 0, refused: 0 })
    expect(made.status).toBe(0)
    const { size } = made.logs.find((log: { service: string }) => log.service === 'assessment')
    expect(size).toBeGreaterThanOrEqual(acknowledged)
    expect(size).toBeLessThanOrEqual(afterwards)
    expect(await bench.run('restore', 'under-load', '--data', 'elsewhere')).toMatchObject({
      status: 0,
    })
    // The public half of the keys is in each log: it needs no folder of keys.
    const verified = await Promise.all(
      ['assessment', 'enrollment'].map(service =>
        bench.json('log', 'verify', '--data', 'elsewhere', '--service', service),
      ),
    )
    expect(verified).toMatchObject([{ status: 0, size }, { status: 0 }])
    const restored = textIn('elsewhere/assessment/log.db')
    for (const id of idsOf('before.csv')) expect(restored).toContain(id)
  })

  test('has the key of every sealed event, while people are being registered', async () => {
    const posted = 'rsud-daya;Perawat Ahli Pertama;2015-01-01'
    const many = Array.from({ length: 3_900 }, (_, i) => {
      const appointed = `20150${1 + (i % 2)}${1 + ((i >> 1) % 2)}`
      const nip = `19910101${appointed}${String(1 + (i >> 2)).padStart(3, '0')}`
      return `m${i};${nip};Budi ${i};1991-01-01;${posted}`
    })
    const head = 'referensi;nip;nama;tanggal_lahir;instansi;jabatan;sejak'
    const before = sizeOf('data/enrollment/log.db')
    const importing = bench.json(
      ...['import', 'employees', bench.write('many.csv', [head, ...many]), ...called()],
    )
    await until(() => sizeOf('data/enrollment/log.db') > before + 100)
    const made = await bench.json('backup', 'while-registering')
    expect(await importing).toMatchObject({ status: 0, accepted: many.length })
    expect(made.status).toBe(0)
    // It was in the middle: else nothing could have been amiss.
    const { size } = made.logs.find((log: { service: string }) => log.service === 'enrollment')
    expect(size).toBeLessThan(sizeOf('data/enrollment/log.db'))
    const created = textIn('while-registering/enrollment/log.db').matchAll(
      /SubjectKeyCreated\.v1".*?"keyId":"([^"]+)"/g,
    )
    const vault = new DatabaseSync(bench.path('while-registering/vault.db'), { readOnly: true })
    const keys = new Set(
      vault
        .prepare('select key_id from keys')
        .all()
        .map(row => row['key_id']),
    )
    vault.close()
    const keyIds = Array.from(created, ([, keyId]) => keyId)
    expect(keyIds.length).toBeGreaterThan(50)
    expect(keyIds.filter(keyId => !keys.has(keyId ?? ''))).toEqual([])
  })

  test('is made again where it was killed', async () => {
    const killed = await killAt(bench.start('backup', 'killed'), 'killed.part/assessment/log.db')
    expect(killed).toBe(true)
    expect(existsSync(bench.path('killed'))).toBe(false)
    expect(await bench.json('backup', 'killed')).toMatchObject({ status: 0 })
    expect(existsSync(bench.path('killed.part'))).toBe(false)
    expect(await bench.run('restore', 'killed', '--data', 'killed-data')).toMatchObject({
      status: 0,
    })
  })

  test('is not made over another, nor of nothing', async () => {
    bench.write('file', ['text'])
    mkdirSync(bench.path('full'))
    writeFileSync(bench.path('full', 'kept'), 'kept')
    for (const to of ['full', 'file']) {
      expect(await bench.json('backup', to)).toMatchObject({ status: 2, problem: 'NotEmpty' })
    }
    expect(readdirSync(bench.path('full'))).toEqual(['kept'])
    expect(await bench.json('backup', 'none', '--data', 'nowhere')).toMatchObject({
      status: 2,
      problem: 'NoData',
    })
  })

  test('says where it can not be written, and leaves nothing of it', async () => {
    bench.write('file', ['text'])
    const inFile = await bench.json('backup', 'file/backup')
    expect(inFile).toMatchObject({ status: 2, problem: 'Unwritable' })
    const main = fileURLToPath(new URL('../main.ts', import.meta.url))
    // No file may have more than 64 KiB: as on a full disk, writing fails in the middle.
    const limited = `trap '' XFSZ; ulimit -f 64; exec "$0" "$@"`
    const command = [process.execPath, main, 'backup', 'limited']
    const child = spawn('bash', ['-c', limited, ...command], { cwd: bench.folder, stdio: 'pipe' })
    let said = ''
    child.stderr.on('data', text => {
      said += text
    })
    const [status] = await once(child, 'close')
    expect(said).toMatch(/limited can't be written/)
    expect(said).not.toContain('    at ')
    expect(status).toBe(2)
    expect(existsSync(bench.path('limited'))).toBe(false)
    expect(existsSync(bench.path('limited.part'))).toBe(false)
  })

  test('is refused where a file of the data folder can not be read', async () => {
    mkdirSync(bench.path('damaged', 'assessment'), { recursive: true })
    writeFileSync(bench.path('damaged', 'assessment', 'log.db'), 'not a database '.repeat(100))
    const refused = await bench.json('backup', 'of-damaged', '--data', 'damaged')
    expect(refused).toMatchObject({ status: 2, problem: 'Unreadable' })
    expect(existsSync(bench.path('of-damaged'))).toBe(false)
  })
})

describe('restoring', () => {
  beforeAll(async () => {
    expect(await bench.json('backup', 'good')).toMatchObject({ status: 0 })
  })

  /** A copy of the backup, changed. */
  const changed = (name: string, change: (path: string) => void) => {
    rmSync(bench.path(name), { recursive: true, force: true })
    const child = spawn('cp', ['-r', bench.path('good'), bench.path(name)])
    return once(child, 'close').then(() => change(bench.path(name)))
  }

  test.each(['assessment/log.db', 'vault.db', 'tokens.db'])(
    'refuses a backup in which a byte of %s was changed',
    async file => {
      await changed('bad', path => {
        const bytes = readFileSync(`${path}/${file}`)
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
        writeFileSync(`${path}/${file}`, bytes)
      })
      const refused = await bench.run('restore', 'bad', '--data', 'from-bad')
      expect(refused.status).toBe(1)
      expect(refused.stderr).toContain(file)
      expect(existsSync(bench.path('from-bad'))).toBe(false)
      expect(existsSync(bench.path('from-bad.part'))).toBe(false)
    },
  )

  test('refuses a backup that lacks a file, or its description', async () => {
    await changed('less', path => rmSync(`${path}/vault.db`))
    expect((await bench.run('restore', 'less', '--data', 'from-less')).status).toBe(1)
    await changed('nameless', path => rmSync(`${path}/backup.json`))
    const refused = await bench.json('restore', 'nameless', '--data', 'from-nameless')
    expect(refused).toMatchObject({ status: 2, problem: 'NotABackup' })
  })

  test('refuses a description that names a place outside', async () => {
    await changed('outside', path => {
      const text = readFileSync(`${path}/backup.json`, 'utf8')
      writeFileSync(`${path}/backup.json`, text.replace('"vault.db"', '"../vault.db"'))
    })
    const refused = await bench.json('restore', 'outside', '--data', 'from-outside')
    expect(refused).toMatchObject({ status: 2, problem: 'NotABackup' })
  })

  test('refuses a folder that is not empty', async () => {
    const refused = await bench.json('restore', 'good', '--data', 'data')
    expect(refused).toMatchObject({ status: 2, problem: 'NotEmpty' })
    mkdirSync(bench.path('empty'))
    expect(await bench.json('restore', 'good', '--data', 'empty')).toMatchObject({ status: 0 })
  })

  test('is begun again where it was killed', async () => {
    const child = bench.start('restore', 'good', '--data', 'again')
    expect(await killAt(child, 'again.part/data')).toBe(true)
    expect(existsSync(bench.path('again'))).toBe(false)
    expect(await bench.json('restore', 'good', '--data', 'again')).toMatchObject({ status: 0 })
    expect(existsSync(bench.path('again.part'))).toBe(false)
    const one = ['--data', 'again', '--service', 'assessment']
    expect((await bench.run('log', 'verify', ...one)).status).toBe(0)
  })

  test('is no choice of a new origin while the services run', async () => {
    const refused = await bench.json(
      ...['restore', 'good', '--data', 'running', '--keys', 'data.keys', '--new-origin'],
    )
    expect(refused).toMatchObject({ status: 2, problem: 'InUse' })
  })

  test('of an old backup ends at the start; a new origin goes on, also after kills', async () => {
    await bench.json('submit', assessments('later.csv'), ...called())
    expect(await system.end('SIGTERM')).toBe(0)
    const db = new DatabaseSync(bench.path('good/assessment/log.db'), { readOnly: true })
    const { value } = db.prepare(`select value from meta where name = 'head'`).get() ?? {}
    db.close()
    const { size: keptAt, checkpoint } = JSON.parse(String(value))
    writeFileSync(bench.path('kept'), checkpoint)
    const old = ['restore', 'good', '--data', 'onward', '--keys', 'data.keys']
    const { stdout, status } = await bench.run(...old)
    expect(status).toBe(0)
    expect(stdout).toContain('jejak up will not start')
    await expect(bench.up('--data', 'onward', '--keys', 'data.keys')).rejects.toThrow(
      'it is an older copy of itself',
    )
    rmSync(bench.path('onward'), { recursive: true })
    for (const moment of ['onward.part/keys/assessment.head', 'onward.part/ready.json']) {
      await killAt(bench.start(...old, '--new-origin'), moment)
    }
    if (!existsSync(bench.path('onward'))) {
      expect((await bench.run(...old, '--new-origin')).status).toBe(0)
    }
    const on = ['--data', 'onward', '--keys', 'data.keys']
    system = await bench.up(...on)
    const again = await bench.json('submit', 'later.csv', ...called())
    expect(again).toMatchObject({ status: 0, rows, accepted: rows, refused: 0 })
    const verified = await bench.run('log', 'verify', ...on)
    expect(verified.status).toBe(0)
    expect(verified.stdout).toMatch(/restored-\w+\/assessment: \d+ events/)
    await bench.json('log', 'export', 'exported', '--service', 'assessment', ...on)
    expect((await bench.run('log', 'verify', 'exported')).status).toBe(0)
    const archives = readdirSync(bench.path('data.keys')).filter(one => one.startsWith('before-'))
    expect(archives).toHaveLength(1)
    const archive = (file: string) => `data.keys/${archives[0]}/assessment.${file}`
    const former = ['log', 'verify', 'exported', '--former', archive('vkey'), '--against']
    // What somebody kept of the former log holds; what was given up is not to be had again.
    expect(await bench.json(...former, 'kept')).toMatchObject({ status: 0, against: [keptAt] })
    const head = archive('head')
    expect(readFileSync(bench.path(head), 'utf8')).toMatch(/^jejak\.localhost\/assessment\n/)
    expect(await bench.json(...former, head)).toMatchObject({ status: 1, problem: 'Rewritten' })
  })
})
