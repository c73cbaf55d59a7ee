import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Bench } from '../testing/process.ts'

// Each command is a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const golden = join(import.meta.dirname, '../../../frameworks/golden')
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

const framework = (...args: string[]) => bench.json('framework', ...args, ...called)
const named = (id: string) => [
  ...['--id', id, '--title', 'Kamus IGD', '--basis', 'Perwali 12/2026'],
  ...['--valid-from', '2026-07-01', '--sample'],
]

describe('a dictionary', () => {
  test('comes in from a table, is checked first, and shown with its levels', async () => {
    await bench.run('template', 'framework', 'kamus.csv')
    const importing = ['import', 'kamus.csv', ...named('kamus-igd-2026')]
    const checked = await framework(...importing, '--dry-run')
    expect(checked).toMatchObject({ status: 0, published: false, dropped: [] })
    expect(await framework('show', 'kamus-igd-2026')).toMatchObject({ status: 2 })
    expect(await framework(...importing)).toMatchObject({ status: 0, published: true })
    expect(await framework(...importing)).toMatchObject({ status: 0, published: true })
    const shown = await bench.run('framework', 'show', 'kamus-igd-2026', ...called)
    expect(shown.stdout).toContain('  triase  Triase\n    1  Menyebutkan warna triase\n')
    const { frameworks } = await framework('list')
    const ids = frameworks.map(({ frameworkId }: { readonly frameworkId: string }) => frameworkId)
    expect(ids).toEqual(expect.arrayContaining(['kamus-igd-2026', 'sampel-perilaku-berakhlak']))
  })

  test('comes in from CASE with what was dropped, retired and equated', async () => {
    bench.write('kamus.json', [readFileSync(join(golden, 'own-1p1.case.json'), 'utf8')])
    const imported = await framework('import', 'kamus.json', '--id', 'kamus-gd-2026')
    expect(imported).toMatchObject({ status: 0, published: true })
    expect(imported.dropped).toContainEqual({
      path: 'CFAssociations[5]',
      identifier: '5a4c0000-0000-4000-8000-000000000035',
      why: 'it would close a circle: an item can not be under itself',
    })
    const resolved = await framework('resolve', 'kamus-gd-2026', 'gd-3', '--on', '2026-07-01')
    expect(resolved.steps).toMatchObject([{ because: 'retired' }])
  })

  test('has versions, of which the newest is found from the one before', async () => {
    const versions = ['--series', 'kamus-ugd', '--version-name']
    const file = join(golden, '../dictionaries/sampel-pencatatan-sipil.yaml')
    await framework('import', file, '--id', 'kamus-ugd-1', ...versions, '1')
    const second = ['--replaces', 'kamus-ugd-1', '--valid-from', '2026-01-01']
    await framework('import', file, '--id', 'kamus-ugd-2', ...versions, '2', ...second)
    const same = ['pelayanan-daring', 'kamus-ugd-1/pelayanan-daring', '--reason', 'Sama']
    expect(await framework('equate', 'kamus-ugd-2', ...same)).toMatchObject({ status: 0 })
    const resolving = ['resolve', 'kamus-ugd-1', 'pelayanan-daring']
    const resolved = await framework(...resolving, '--on', '2026-02-01')
    expect(resolved).toMatchObject({ current: { framework: 'kamus-ugd-2' } })
    const retiring = ['kamus-ugd-2', 'pelayanan-daring', '--since', '2027-01-01']
    await framework('retire', ...retiring, '--reason', 'Digabung')
    const gone = await framework(...resolving, '--on', '2027-01-01')
    expect(gone).toMatchObject({ retirement: { retirement: { reason: 'Digabung' } } })
  })
})

describe('a file that is wrong', () => {
  test.each([
    ['no file', 'tidak-ada.yaml', undefined, 'NoFile'],
    ['no YAML', 'rusak.yaml', 'id: [', 'BrokenFile'],
    ['CASE without items', 'kosong.json', '{"CFDocument":{},"CFItems":[]}', 'BrokenFile'],
    ['a table without a code', 'tabel.csv', 'kompetensi;jenis\nTriase;teknis', 'NoHeading'],
    [
      'a table with a wrong level',
      'level.csv',
      'kode;kompetensi;jenis;tingkat\na;A;teknis;9',
      'BrokenFile',
    ],
  ])('is refused: %s', async (_, name, content, problem) => {
    if (content !== undefined) bench.write(name, [content])
    const refused = await framework('import', name, ...named('kamus-salah'))
    expect(refused).toMatchObject({ status: 2, problem })
  })

  test('is refused with the fields of the service', async () => {
    bench.write('judul.csv', ['kode;kompetensi;jenis\na;198609262015051001;teknis'])
    const refused = await framework('import', 'judul.csv', ...named('kamus-salah'))
    expect(refused.detail).toContain('framework.competencies[0].title: must not have a NIP')
  })
})
