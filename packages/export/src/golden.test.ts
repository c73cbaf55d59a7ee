import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { exportKinds } from './kinds.ts'
import { siasnKursus } from './siasn-kursus.ts'
import { hospital, scratch, signer, written } from './testing/signer.ts'
import { verifyExport } from './verify.ts'

const golden = join(import.meta.dirname, '../golden')
const { folder, remove } = scratch()
afterAll(remove)

const rows = [
  siasnKursus.rowOf(hospital),
  siasnKursus.rowOf({
    ...hospital,
    nip: '198512312010012902',
    course: '=HYPERLINK("http://jahat.example";"Layanan Publik")',
    organizer: 'Dinas Kesehatan, "Bidang SDM"',
    certificateNumber: 'LPK-2026/2026/2',
    form: 4,
    bkn: { record: 'A5EB03E2DC7A4D0AE050640A3C036B36', person: 'A8ACA7' },
  }),
]

const filesOf = (dir: string) =>
  Object.fromEntries(readdirSync(dir).map(file => [file, readFileSync(join(dir, file), 'utf8')]))

// A workbook has the time of its making in it.
describe.each(['csv', 'jsonl'] as const)('a golden export of %s', format => {
  test('is made the same to the byte', async () => {
    const dir = folder()
    await written(dir, rows, { format })
    expect(filesOf(dir)).toEqual(filesOf(join(golden, format)))
  })

  test('has a golden file of every kind', () => {
    const files = readdirSync(join(golden, format)).filter(file => file.endsWith(`.${format}`))
    expect(files.sort()).toEqual(exportKinds.map(({ name }) => `${name}.${format}`).sort())
  })

  test('is verified for ever', async () => {
    const { problems } = await verifyExport(join(golden, format), { vkey: signer.vkey })
    expect(problems).toEqual([])
  })
})
