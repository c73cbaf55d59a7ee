// tidy: one table of what is wrong with files, from their bytes to their cells.

import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseNip } from '@jejak/competency/nip'
import { assessorId } from '@jejak/embedded/testing/testbed'
import { parse } from 'csv-parse/sync'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assessments } from './files/assessment-rows.ts'
import { employees } from './files/employee-rows.ts'
import { sendFile } from './files/send-file.ts'
import { delimiterOf } from './files/table.ts'
import type { CommandFailed } from './terminal/exit.ts'
import { inputFixture, nip } from './testing/input-fixture.ts'

const { who, open, close } = inputFixture()
beforeAll(open, 30_000)
afterAll(close)

const names = [
  ...['referensi', 'nip', 'kamus', 'kompetensi', 'level', 'metode', 'fase', 'asesor', 'tanggal'],
  ...['bukti_sha256', 'arsip', 'nomor_arsip', 'bukti_uri', 'pendaftaran'],
] as const
type Cells = Partial<Record<(typeof names)[number], string>>

let references = 0
/** A row in which nothing is wrong, but for what is changed. */
const rowOf = (change: Cells = {}): string[] => {
  const good: Cells = {
    referensi: `R-${references++}`,
    nip,
    kamus: 'permenpanrb-38-2017',
    kompetensi: 'Integritas',
    level: '3',
    metode: 'Uji kompetensi',
    fase: 'awal',
    asesor: assessorId,
    tanggal: '31-03-2026',
    bukti_sha256: 'ab'.repeat(32),
  }
  const cells = { ...good, ...change }
  return names.map(name => cells[name] ?? '')
}
const csv = (...rows: readonly (readonly string[])[]) =>
  `${[names, ...rows].map(row => row.join(';')).join('\r\n')}\r\n`

const pathOf = (name: string) => join(who.system.folder, name)
const write = (name: string, content: string | Uint8Array) => {
  writeFileSync(pathOf(name), content)
  return name
}
const workbook = async (...rows: readonly (readonly unknown[])[]) => {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet('asesmen')
  for (const row of [names, ...rows]) sheet.addRow([...row])
  return Buffer.from(await book.xlsx.writeBuffer())
}

const options = (name: string) => ({
  file: pathOf(name),
  receipts: pathOf(`${name}.receipts.jsonl`),
  rejects: pathOf(`${name}.rejects.csv`),
  bearer: 'agency',
  connection: who.agency.connection,
})
const submitted = (name: string) => sendFile(assessments, options(name))
const imported = (name: string) => sendFile(employees, options(name))
const rejectsOf = (name: string): Record<string, string>[] => {
  const text = readFileSync(pathOf(`${name}.rejects.csv`), 'utf8')
  return parse(text, { bom: true, columns: true, delimiter: delimiterOf(text) })
}
const assessed = async () => (await who.system.sizes())[1] ?? 0

const bookOf = () => {
  const book = new ExcelJS.Workbook()
  book.addWorksheet('kosong')
  return book
}
/** With one file, `a.txt`, which is empty. */
const emptyZip = Buffer.from(
  '504b03041400000000000000210000000000000000000000000005000000612e747874504b010214' +
    '03140000000000000021000000000000000000000000000500000000000000000000008001000000' +
    '00612e747874504b0506000000000100010033000000230000000000',
  'hex',
)

type Broken = readonly [
  sentence: string,
  name: string,
  content: () => string | Uint8Array | Promise<Uint8Array>,
  problem: string,
  says: string,
]

const broken: readonly Broken[] = [
  ['is empty', 'empty.csv', () => '', 'Empty', 'the first one is for headings'],
  [
    'has blank lines only',
    'blank.csv',
    () => '\r\n ; \r\n',
    'Empty',
    'the first one is for headings',
  ],
  ['has no headings', 'none.csv', () => `${rowOf().join(';')}\r\n`, 'NoHeading', 'jejak template'],
  [
    'lacks a heading',
    'lacks.csv',
    () => csv(rowOf()).replace('kompetensi', 'komp'),
    'NoHeading',
    'kompetensi (competency)',
  ],
  [
    'has a heading twice',
    'double.csv',
    () => csv(rowOf()).replace('pendaftaran', 'NIP'),
    'HeadingTwice',
    'nip and NIP',
  ],
  [
    'has another delimiter',
    'pipe.csv',
    () => csv(rowOf()).replaceAll(';', '|'),
    'NoHeading',
    'jejak template',
  ],
  [
    'has a quote that never ends',
    'quote.csv',
    () => `${csv(rowOf())}"R-x;1\r\n`,
    'BrokenFile',
    'Look at its quotes',
  ],
  [
    'is UTF-16 without a mark',
    'utf16.csv',
    () => Buffer.from(csv(rowOf()), 'utf16le'),
    'BrokenFile',
    'CSV UTF-8',
  ],
  [
    'is a picture',
    'picture.csv',
    () => Buffer.from('89504e470d0a1a0a0000000d49484452ff', 'hex'),
    'BrokenFile',
    'CSV UTF-8',
  ],
  [
    'is a workbook of the old form',
    'old.xls',
    () => Buffer.from('d0cf11e0a1b11ae1', 'hex'),
    'BrokenFile',
    'save it as .xlsx',
  ],
  ['is CSV by another name', 'csv.xlsx', () => csv(rowOf()), 'BrokenFile', 'name it .csv'],
  [
    'is half a workbook',
    'half.xlsx',
    async () => (await workbook(rowOf())).subarray(0, 3_000),
    'BrokenFile',
    'save it again',
  ],
  [
    'is a workbook without its end',
    'end.xlsx',
    async () => (await workbook(rowOf())).subarray(0, -200),
    'BrokenFile',
    'save it again',
  ],
  ['is a zip, and no workbook', 'zip.xlsx', () => emptyZip, 'BrokenFile', 'save it again'],
  [
    'is a workbook with an empty sheet',
    'sheet.xlsx',
    async () => Buffer.from(await bookOf().xlsx.writeBuffer()),
    'Empty',
    'the first one is for headings',
  ],
]

describe('a file that', () => {
  test.each(broken)(
    '%s is refused with its own text, and none of it is sent',
    async (_, name, content, problem, says) => {
      write(name, await content())
      const before = await who.system.sizes()
      const error = await submitted(name).then(
        () => undefined,
        (error: CommandFailed) => error,
      )
      expect([error?.problem, error?.message]).toEqual([problem, expect.stringContaining(says)])
      expect(error?.message).not.toMatch(/\p{Cc}/u) // It goes to a terminal.
      expect(await who.system.sizes()).toEqual(before)
    },
    10_000,
  )

  test('is a folder, or not there, is refused as no file', async () => {
    mkdirSync(pathOf('folder.csv'))
    for (const name of ['folder.csv', 'nowhere.csv']) {
      await expect(submitted(name)).rejects.toMatchObject({ problem: 'NoFile' })
    }
  })
})

type Wrong = readonly [sentence: string, cells: Cells, field: string, reason: string, fix: string]

const wrong: readonly Wrong[] = [
  [
    'a NIP of 30 February',
    { nip: '199502302020122001' },
    'nip',
    'a day of the calendar',
    'decree (SK)',
  ],
  ['a NIP of sex 3', { nip: '199502282020123001' }, 'nip', 'digit 15', 'decree (SK)'],
  ['a NIP of number 000', { nip: '199502282020122000' }, 'nip', 'rounded', 'column as text'],
  ['a NIP as Excel shows it', { nip: '1.98609E+17' }, 'nip', 'rounded', 'column as text'],
  [
    'a NIP as Excel shows it in Indonesia',
    { nip: '1,98609E+17' },
    'nip',
    'rounded',
    'column as text',
  ],
  ['half a NIP', { nip: '1990' }, 'nip', '18 digits', 'decree (SK)'],
  ['no NIP', { nip: '' }, 'nip', 'is empty', 'fill it in: 1990'],
  [
    'the NIP of nobody',
    { nip: '199001012015012999' },
    'nip',
    'nobody has',
    'register the person first',
  ],
  ['the NIP of another agency', { nip: '199001012015012902' }, '', 'right', 'token of the agency'],
  [
    'the NIP of a person who was erased',
    { nip: '199001012015012903' },
    'nip',
    'nobody has',
    'register',
  ],
  ['a formula', { level: '=1+2' }, 'level', 'is a formula', 'paste the value itself'],
  ['level 0', { level: '0' }, 'level', '0 is no level', 'whole number from 1 to 5'],
  ['level 6', { level: '6' }, 'level', '6 is no level', 'whole number from 1 to 5'],
  ['level 2.5', { level: '2.5' }, 'level', '2.5 is no level', 'whole number from 1 to 5'],
  ['level 2,5', { level: '2,5' }, 'level', '2,5 is no level', 'whole number from 1 to 5'],
  ['a level in words', { level: 'tiga' }, 'level', 'tiga is no level', 'whole number from 1 to 5'],
  [
    'an unknown competency',
    { kompetensi: 'Integritass' },
    'kompetensi',
    'did you mean integritas?',
    'of the dictionary',
  ],
  [
    'an unknown dictionary',
    { kamus: 'permenpanrb-38-2018' },
    'kamus',
    'did you mean permenpanrb-38-2017',
    'that was published',
  ],
  ['an unknown phase', { fase: 'tengah' }, 'fase', 'tengah is no phase', 'setelah pelatihan'],
  ['30 February', { tanggal: '30-02-2026' }, 'tanggal', 'no day of the calendar', '2026-03-31'],
  [
    'a month in words',
    { tanggal: '31 Maret 2026' },
    'tanggal',
    'no day of the calendar',
    '2026-03-31',
  ],
  [
    'the month before the day',
    { tanggal: '03/31/2026' },
    'tanggal',
    'no day of the calendar',
    '2026-03-31',
  ],
  [
    'a day in the future',
    { tanggal: '2026-06-02' },
    'tanggal',
    'not be in the future',
    '2026-03-31',
  ],
  ['no digest', { bukti_sha256: '' }, 'bukti_sha256', 'is empty', 'fill it in: 11bf'],
  ['half a digest', { bukti_sha256: 'ab'.repeat(16) }, 'bukti_sha256', '64 digits', 'sha256sum'],
  ['an address', { bukti_uri: 'https://x/1' }, 'bukti_uri', 'in identifier', 'leave it empty'],
  [
    'a NIP in the number of a document',
    { arsip: 'Srikandi', nomor_arsip: `UJI/${nip}` },
    'nomor_arsip',
    'NIP',
    'no address',
  ],
  [
    'an archive that nobody has registered',
    { arsip: 'Srikandy', nomor_arsip: '1' },
    'arsip',
    'did you mean srikandi',
    'registered archive',
  ],
  ['an assessor by name', { asesor: 'Budi' }, 'asesor', 'UUID', "the assessor's UUID"],
  ['an enrollment by number', { pendaftaran: '12' }, 'pendaftaran', 'UUID', 'leave it empty'],
  ['a method of signs', { metode: '***' }, 'metode', '1 to 64', 'in a few words'],
  [
    'a cell of 10,001 characters',
    { nomor_arsip: 'x'.repeat(10_001) },
    'nomor_arsip',
    '10001',
    'shorten it',
  ],
  ['no reference', { referensi: '' }, 'referensi', 'is empty', 'fill it in'],
  [
    'the reference of the row before',
    { referensi: 'SAME' },
    'referensi',
    'that of line 2 too',
    'of its own',
  ],
]

describe('a row with', () => {
  test.each(wrong)(
    '%s comes back with the field and the fix, and the others are stored',
    async (_, cells, field, reason, fix) => {
      const first = rowOf(cells.referensi === 'SAME' ? { referensi: 'SAME' } : {})
      write('row.csv', csv(first, rowOf(cells), rowOf()))
      const before = await assessed()
      expect(await submitted('row.csv')).toMatchObject({ rows: 3, accepted: 2, refused: 1 })
      expect(await assessed()).toBe(before + 2)
      const [refused, ...others] = rejectsOf('row.csv')
      expect(others).toEqual([])
      expect(refused).toMatchObject({
        line: '3',
        field,
        reason: expect.stringContaining(reason),
        fix: expect.stringContaining(fix),
      })
    },
  )

  test('more cells than headings comes back whole, and is not read askew', async () => {
    const [reference, ...rest] = rowOf()
    write('wide.csv', csv(rowOf(), [`${reference}`, 'Dinas; Kota', ...rest]))
    const before = await assessed()
    expect(await submitted('wide.csv')).toMatchObject({ rows: 2, accepted: 1, refused: 1 })
    expect(await assessed()).toBe(before + 1)
    const text = readFileSync(pathOf('wide.csv.rejects.csv'), 'utf8')
    expect(text).toContain('in double quotes')
    expect(text.split('\n')[1]?.split(';').slice(0, 3)).toEqual([reference, 'Dinas', 'Kota'])
  })

  test('the reference of another that is stored is refused, and that stays', async () => {
    const row = rowOf()
    write('first.csv', csv(row))
    await submitted('first.csv')
    const before = await assessed()
    write('reused.csv', csv(row.with(names.indexOf('level'), '4')))
    expect(await submitted('reused.csv')).toMatchObject({ accepted: 0, refused: 1 })
    expect(await assessed()).toBe(before)
    expect(rejectsOf('reused.csv')).toEqual([
      expect.objectContaining({
        field: 'referensi',
        fix: expect.stringContaining('a new reference'),
      }),
    ])
  })

  test('several faults gets all of them', async () => {
    write('several.csv', csv(rowOf({ level: '9', tanggal: 'kemarin' })))
    await submitted('several.csv')
    expect(rejectsOf('several.csv')[0]).toMatchObject({ field: 'level | tanggal' })
  })
})

describe('a workbook', () => {
  const at = (name: (typeof names)[number], value: unknown) =>
    rowOf().with(names.indexOf(name), value as string)

  test('with numbers, formulas and odd cells is stored but for their rows', async () => {
    const rows = [
      rowOf(),
      at('nip', Number(nip)),
      at('nip', { formula: 'A1', result: nip }),
      at('level', 3),
      at('tanggal', new Date('2026-03-31T00:00:00Z')),
      at('kompetensi', { richText: [{ text: 'Integ' }, { text: 'ritas' }] }),
      at('tanggal', new Date('2026-06-02T00:00:00Z')),
    ]
    write('cells.xlsx', await workbook(...rows))
    const before = await assessed()
    expect(await submitted('cells.xlsx')).toMatchObject({ rows: 7, accepted: 4, refused: 3 })
    expect(await assessed()).toBe(before + 4)
    const refused = rejectsOf('cells.xlsx').map(({ line, field, reason }) => [line, field, reason])
    expect(refused.toSorted((a, b) => Number(a[0]) - Number(b[0]))).toEqual([
      ['3', 'nip', expect.stringContaining('is rounded')],
      ['4', 'nip', 'is a formula'],
      ['8', 'tanggal', expect.stringContaining('future')],
    ])
  })

  test('with a NIP that was rounded to one of somebody else is not believed', async () => {
    // As a number it ends in 040, which is a NIP as well.
    const rounded = Number('198609262015051038')
    expect('nip' in parseNip(String(rounded))).toBe(true)
    write('near.xlsx', await workbook(at('nip', rounded)))
    expect(await submitted('near.xlsx')).toMatchObject({ accepted: 0, refused: 1 })
    expect(rejectsOf('near.xlsx')[0]).toMatchObject({ field: 'nip', nip: '' })
  })

  test('has refused rows in a workbook, whose NIPs are still text', async () => {
    write('book.xlsx', await workbook(rowOf({ level: '9', metode: '=1+1' }), rowOf()))
    const rejects = pathOf('book.rejects.xlsx')
    const sent = { ...options('book.xlsx'), rejects }
    const report = await sendFile(assessments, sent)
    expect(report).toMatchObject({ accepted: 1, refused: 1, rejects })
    expect(statSync(rejects).mode & 0o777).toBe(0o600)

    const book = new ExcelJS.Workbook()
    await book.xlsx.readFile(rejects)
    const sheet = book.worksheets[0] as ExcelJS.Worksheet
    const of = (name: (typeof names)[number]) => sheet.getRow(2).getCell(1 + names.indexOf(name))
    expect(of('nip')).toMatchObject({ value: nip, numFmt: '@' })
    expect(of('metode').value).toBe('=1+1') // A text, which computes nothing.
    expect(sheet.getRow(2).values).toContain('9 is no level')
    of('level').value = '4'
    of('metode').value = 'Wawancara'
    await book.xlsx.writeFile(pathOf('mended.xlsx'))
    expect(await submitted('mended.xlsx')).toMatchObject({ rows: 1, accepted: 1, refused: 0 })
  })

  test('leaves nothing of it behind elsewhere', async () => {
    const there = () => readdirSync(tmpdir()).filter(name => name.startsWith('tmp-'))
    const before = there()
    write('traces.xlsx', await workbook(rowOf()))
    await submitted('traces.xlsx')
    expect(there()).toEqual(before)
  })
})

describe('a file of employees', () => {
  const people = (name: string, number: string) =>
    'referensi;nip;nama;tanggal_lahir;telepon;instansi;jabatan;sejak\r\n' +
    `${number};${number};${name};1990-01-01;'+6281234567890;rsud-daya;Perawat;2015-01-01\r\n`
  const nameOf = async (number: string) =>
    (await who.hr.employees.lookUpEmployee({ nip: number })).employee?.person?.name

  test.each([
    ['UTF-8', '199001012015012801', (text: string) => Buffer.from(text)],
    ['UTF-8 with a mark', '199001012015012802', (text: string) => Buffer.from(`\uFEFF${text}`)],
    ['Windows-1252', '199001012015012803', (text: string) => Buffer.from(text, 'latin1')],
    [
      'UTF-16 of Excel',
      '199001012015012804',
      (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
    ],
  ])('in %s keeps its letters', async (_, number, encode) => {
    write('people.csv', encode(people('Andié Ténri', number)))
    expect(await imported('people.csv')).toMatchObject({ accepted: 1, refused: 0 })
    expect(await nameOf(number)).toBe('Andié Ténri')
  })

  test.each([
    ['commas', '199001012015012805', (text: string) => text.replaceAll(';', ',')],
    ['tabs', '199001012015012806', (text: string) => text.replaceAll(';', '\t')],
    ['blank lines before its headings', '199001012015012807', (text: string) => `\r\n\r\n${text}`],
    ['line feeds alone', '199001012015012808', (text: string) => text.replaceAll('\r', '')],
  ])('with %s is read', async (_, number, change) => {
    write('people.csv', change(people('Andi', number)))
    expect(await imported('people.csv')).toMatchObject({ accepted: 1, refused: 0 })
    expect(await nameOf(number)).toBe('Andi')
  })

  test.each([
    ['M', '199001012015012810', 1],
    ['2', '199001012015012811', 0],
    ['Perempuan', '199001012015012812', 0],
    ['', '199001012015012813', 0],
  ])('with %j as a sex warns if the NIP says another', async (sex, number, warned) => {
    const [headings = '', row = ''] = people('Andi', number).trimEnd().split('\r\n')
    write('people.csv', `${headings};JENIS KELAMIN\r\n${row};${sex}\r\n`)
    const { accepted, warnings } = await imported('people.csv')
    expect([accepted, warnings.length]).toEqual([1, warned])
    const { connection: _, ...dry } = options('people.csv')
    expect((await sendFile(employees, dry)).warnings).toEqual(warnings)
    for (const { field } of warnings) expect(field).toBe('JENIS KELAMIN')
  })

  test('with another sex than these is refused', async () => {
    const [headings = '', row = ''] = people('Andi', '199001012015012814').trimEnd().split('\r\n')
    write('people.csv', `${headings};sex\r\n${row};X\r\n`)
    expect(await imported('people.csv')).toMatchObject({ accepted: 0, refused: 1 })
    expect(rejectsOf('people.csv')).toMatchObject([{ field: 'sex', reason: 'is neither M nor F' }])
  })

  test.each([
    ['TMT', 'akhir tahun', 'tmt_perjanjian'],
    ['JENJANG', 'Raja di Raja', 'jenjang'],
  ])('with another %s than there is refuses its row', async (_, cell, heading) => {
    const [headings = '', row = ''] = people('Andi', '199001012015012815').trimEnd().split('\r\n')
    const own = `${headings};${heading}\r\n${row};${cell}\r\n`
    write('people.csv', own)
    expect(await imported('people.csv')).toMatchObject({ accepted: 0, refused: 1 })
    expect(rejectsOf('people.csv')).toMatchObject([{ field: heading }])
  })

  test('gets faults by its own headings', async () => {
    const number = '199001012015012809'
    const text = people('', number).replace("'+6281234567890", '0812').replace('telepon', 'phone')
    write('people.csv', text.replace(`${number};${number};;`, `${number};${number};A;`))
    const before = await who.system.sizes()
    expect(await imported('people.csv')).toMatchObject({ accepted: 0, refused: 1 })
    expect(await who.system.sizes()).toEqual(before)
    expect(rejectsOf('people.csv')).toEqual([
      expect.objectContaining({ field: 'phone', fix: expect.stringContaining('+62') }),
    ])
  })
})
