import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { exportKinds } from './kinds.ts'
import { hospital, scratch, signer, written } from './testing/signer.ts'
import { verifyExport } from './verify.ts'

/** `<kind>/<format>`: an export of each kind in each format, never to be changed. */
const golden = join(import.meta.dirname, '../golden')
const { folder, remove } = scratch()
afterAll(remove)

const courses = [
  hospital,
  {
    ...hospital,
    nip: '198512312010012902',
    course: '=HYPERLINK("http://jahat.example";"Layanan Publik")',
    organizer: 'Dinas Kesehatan, "Bidang SDM"',
    certificateNumber: 'LPK-2026/2026/2',
    form: 4,
    bkn: { record: 'A5EB03E2DC7A4D0AE050640A3C036B36', person: 'A8ACA7' },
  },
]

const filesOf = (dir: string) =>
  Object.fromEntries(readdirSync(dir).map(file => [file, readFileSync(join(dir, file), 'utf8')]))

const foldersOf = (dir: string) =>
  readdirSync(dir, { withFileTypes: true })
    .filter(one => one.isDirectory())
    .map(({ name }) => name)

// A workbook has the time of its making in it.
describe.each(['csv', 'jsonl'] as const)('a golden export of %s', format => {
  const kinds = exportKinds.filter(({ formats }) => formats.includes(format))

  test.each(kinds)('is made the same to the byte: $name', async kind => {
    const rows = courses.map(kind.rowOf)
    const expected = join(golden, kind.name, format)
    const isNew = process.env['UPDATE_GOLDEN'] === '1' && !existsSync(expected)
    if (isNew) await written(expected, rows, { kind, format })
    const dir = folder()
    await written(dir, rows, { kind, format })
    expect(filesOf(dir)).toEqual(filesOf(expected))
  })

  test('has a golden file of every kind', () => {
    const files = foldersOf(golden)
      .map(kind => join(golden, kind, format))
      .filter(existsSync)
      .flatMap(dir => readdirSync(dir))
      .filter(file => file.endsWith(`.${format}`))
    expect(files.sort()).toEqual(kinds.map(({ name }) => `${name}.${format}`).sort())
  })

  test.each(kinds)('is verified for ever: $name', async ({ name }) => {
    const { problems } = await verifyExport(join(golden, name, format), { vkey: signer.vkey })
    expect(problems).toEqual([])
  })
})
