import { readFileSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import type { CompetencyName } from '@jejak/competency/dictionary'
import {
  caseBytesMax,
  type HeaderOptions,
  type ImportedDictionary,
  importCase,
  isPackage,
} from '@jejak/frameworks/case'
import { type FileFault, faultText, parseDictionaryFile } from '@jejak/frameworks/dictionary-file'
import { type DictionaryRow, dictionaryOfRows } from '@jejak/frameworks/rows'
import { fileText } from '@jejak/texts/files'
import { type Columns, cellFaults, codeOf, columnsIn } from '../files/columns.ts'
import { openTable } from '../files/table.ts'
import { CommandFailed } from '../terminal/exit.ts'

/** The columns of a table of a dictionary: a row for each thing that is seen at a level. */
export const frameworkColumns = {
  code: {
    headings: ['kode', 'code'],
    required: true,
    example: 'triase',
    fix: 'fix-dictionary-code',
    field: 'code',
  },
  title: {
    headings: ['kompetensi', 'competency', 'judul', 'title'],
    required: false,
    example: 'Triase',
    fix: 'fix-dictionary-text',
    field: 'title',
  },
  kind: {
    headings: ['jenis', 'kind'],
    required: false,
    example: 'teknis',
    fix: 'fix-dictionary-kind',
    field: 'kind',
  },
  group: {
    headings: ['kelompok', 'group'],
    required: false,
    example: 'Gawat Darurat',
    fix: 'fix-dictionary-text',
    field: 'group',
  },
  description: {
    headings: ['uraian', 'description'],
    required: false,
    example: 'Memilah pasien menurut kegawatannya',
    fix: 'fix-dictionary-text',
    field: 'description',
  },
  level: {
    headings: ['tingkat', 'level'],
    required: false,
    example: '1',
    fix: 'fix-level',
    field: 'level',
  },
  levelDescription: {
    headings: ['uraian_tingkat', 'level_description'],
    required: false,
    example: 'Mengenal triase',
    fix: 'fix-dictionary-text',
    field: 'levelDescription',
  },
  indicator: {
    headings: ['indikator', 'indicator'],
    required: false,
    example: 'Menyebutkan warna triase',
    fix: 'fix-dictionary-text',
    field: 'indicator',
  },
} as const satisfies Columns

/** What the command says of the dictionary, beside its file. */
export type ImportOptions = HeaderOptions & {
  readonly kind?: 'manajerial' | 'sosial-kultural' | 'teknis'
  readonly under?: string
  /** Competencies that were imported before, by their identifiers: asked for only by CASE. */
  readonly elsewhere: () => Promise<ReadonlyMap<string, CompetencyName>>
}

/** A dictionary of a file: CASE, YAML or JSON, CSV or XLSX. Throws with all that is wrong. */
export const dictionaryIn = async (
  path: string,
  options: ImportOptions,
): Promise<ImportedDictionary> => {
  const ending = extname(path).toLowerCase()
  if (ending === '.csv' || ending === '.xlsx') return ofTable(path, options)
  const source = textIn(path)
  if (isCase(source)) {
    return orThrow(path, importCase(source, { ...options, elsewhere: await options.elsewhere() }))
  }
  const { dictionary } = orThrow(path, parseDictionaryFile(source))
  const { id, elsewhere: _, kind: __, under: ___, ...others } = options
  const given = { ...others, ...(id !== undefined && { frameworkId: id }) }
  const series = options.series ?? (dictionary.series === dictionary.frameworkId ? id : undefined)
  const named = { ...dictionary, ...given, ...(series !== undefined && { series }) }
  return { dictionary: named, retirements: [], equivalents: [], dropped: [] }
}

const orThrow = <T extends object>(
  path: string,
  parsed: T | { readonly faults: readonly FileFault[] },
): T => {
  if (!('faults' in parsed)) return parsed
  const faults = parsed.faults.map(fault => `\n  ${faultText(fault)}`).join('')
  throw new CommandFailed('BrokenFile', `${path}:${faults}`)
}

const textIn = (path: string): string => {
  try {
    const { size } = statSync(path)
    if (size > caseBytesMax) {
      const values = { path, bytes: size }
      throw new CommandFailed('TooLarge', fileText({ key: 'too-large', values }))
    }
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof CommandFailed) throw error
    const values = { path, why: (error as Error).message }
    throw new CommandFailed('NoFile', fileText({ key: 'unreadable', values }))
  }
}

const isCase = (source: string): boolean => {
  try {
    return isPackage(JSON.parse(source.replace(/^\uFEFF/, '')))
  } catch {
    return false
  }
}

const ofTable = async (path: string, options: ImportOptions): Promise<ImportedDictionary> => {
  const { id } = options
  if (id === undefined) throw new CommandFailed('Usage', fileText('framework-id-missing'))
  const table = await openTable(path)
  const columns = columnsIn(frameworkColumns, table.headings)
  const rows: DictionaryRow[] = []
  const faults: string[] = []
  for await (const row of table.rows()) {
    const cells = columns.read(row)
    for (const { field, reason, fix } of cellFaults(frameworkColumns, cells)) {
      faults.push(`\n  ${row.line}.${columns.headingOf(field)}: ${reason}: ${fix}`)
    }
    const texts = Object.entries(cells).map(([name, cell]) => [name, cell?.text])
    const { code = '', ...rest } = Object.fromEntries(texts) as Partial<DictionaryRow>
    rows.push({ ...rest, line: row.line, code: codeOf(code) })
  }
  if (faults.length > 0) throw new CommandFailed('BrokenFile', `${path}:${faults.join('')}`)
  const { dictionary } = orThrow(path, dictionaryOfRows(rows, { ...options, id }))
  return { dictionary, retirements: [], equivalents: [], dropped: [] }
}
