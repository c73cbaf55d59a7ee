import { looksRounded, parseNip } from '@jejak/competency/nip'
import { type ColumnFix, fileText } from '@jejak/texts/files'
import { CommandFailed } from '../terminal/exit.ts'
import type { Cell, TableRow } from './table.ts'

/** A column of a file, with its headings in Indonesian and English. */
export type Column = {
  readonly headings: readonly [indonesian: string, english: string, ...also: string[]]
  readonly required: boolean
  /** A value as an example for the template. */
  readonly example: string
  /** Files of before have it: it is read, to be refused in words, and is in no template. */
  readonly former?: true
  /** How to correct a cell. */
  readonly fix: ColumnFix
  /** The field of the request, as a violation names it. */
  readonly field: string
}

export type Columns = Readonly<Record<string, Column>>

/** What each file about people begins with; `nipField` is what a violation calls the NIP. */
export const columnsOfPeople = (reference: string, nipField: string) =>
  ({
    reference: {
      headings: ['referensi', 'reference', 'no_referensi', 'ref'],
      required: true,
      example: reference,
      fix: 'fix-reference',
      field: 'request_id',
    },
    nip: {
      headings: ['nip', 'nip', 'ni_pppk'],
      required: true,
      example: '199001012015012901',
      fix: 'fix-nip',
      field: nipField,
    },
  }) as const satisfies Columns

/** A fault of a row, and how to correct it. */
export type RowFault = {
  /** Name of the column; empty if the fault is of the row. */
  readonly field: string
  readonly reason: string
  readonly fix: string
}

/** The cells of a row by the names of the columns; a missing or empty cell is absent. */
export type Named<C extends Columns> = { readonly [Name in keyof C]?: Cell }

/** The columns of one file. */
export type FileColumns<C extends Columns> = {
  readonly read: (row: TableRow) => Named<C>
  /** A column's heading in this file. */
  readonly headingOf: (name: string) => string
}

/** Finds the columns of a file by its headings. Throws if a required one is missing. */
export const columnsIn = <C extends Columns>(
  columns: C,
  headings: readonly string[],
): FileColumns<C> => {
  const positions = new Map<string, number>()
  for (const [name, { headings: known }] of Object.entries(columns)) {
    const found = headings.flatMap((heading, at) =>
      known.some(it => plain(it) === plain(heading)) ? [at] : [],
    )
    if (found.length > 1) throw twice(found.map(at => headings[at] ?? ''))
    if (found[0] !== undefined) positions.set(name, found[0])
  }
  const missing = Object.entries(columns)
    .filter(([name, { required }]) => required && !positions.has(name))
    .map(([, { headings }]) => `${headings[0]} (${headings[1]})`)
  if (missing.length > 0) throw lacking(missing, headings)
  return {
    read: ({ cells }) =>
      Object.fromEntries(
        [...positions].flatMap(([name, at]) => (cells[at]?.text ? [[name, cells[at]]] : [])),
      ) as Named<C>,
    headingOf: name => headings[positions.get(name) ?? -1] ?? columns[name]?.headings[0] ?? name,
  }
}

const twice = (headings: readonly string[]) =>
  new CommandFailed('HeadingTwice', fileText({ key: 'heading-twice', values: { headings } }))

const lacking = (missing: readonly string[], headings: readonly string[]) => {
  const there = headings.join(', ').replaceAll(/\p{C}/gu, '').slice(0, 500)
  const values = { missing: missing.join(', '), there }
  return new CommandFailed('NoHeading', fileText({ key: 'headings-missing', values }))
}

/** More than any field of a request takes. */
const cellCharactersMax = 10_000

/** Faults that any kind of file may have: empty, computed, rounded or far too long cells. */
export const cellFaults = <C extends Columns>(columns: C, cells: Named<C>): readonly RowFault[] =>
  Object.entries(columns).flatMap(([field, { required, example }]) => {
    const cell = cells[field]
    if (cell?.formula) {
      return [{ field, reason: fileText('cell-formula'), fix: fileText('paste-value') }]
    }
    if (cell?.rounded) return [{ field, ...roundedNumber() }]
    if (cell && cell.text.length > cellCharactersMax) {
      const values = { characters: cell.text.length }
      const fix = fileText({ key: 'shorten', values: { below: cellCharactersMax } })
      return [{ field, reason: fileText({ key: 'cell-long', values }), fix }]
    }
    if (!required || cell) return []
    const fix = fileText({ key: 'fill-in', values: { example } })
    return [{ field, reason: fileText('cell-empty'), fix }]
  })

const roundedNumber = () => ({
  reason: fileText('cell-rounded'),
  fix: fileText('format-as-text'),
})

/** Collects the faults of a row. The fix is the column's unless another is given. */
export const faultList = <C extends Columns>(columns: C) => {
  const faults: RowFault[] = []
  const refuse = (field: keyof C & string, reason: string, fix = fixOfColumn(columns, field)) =>
    void faults.push({ field, reason, fix })
  return { faults, refuse }
}

/** The column of a field of the request; the field itself if no column has it. */
export const columnOf = (columns: Columns, field: string): string =>
  Object.keys(columns).find(name => columns[name]?.field === field) ?? field

/** How to correct a cell of a column; empty if there is no such column. */
export const fixOfColumn = (columns: Columns, name: string): string => {
  const column = columns[name]
  return column ? fileText(column.fix) : ''
}

/** Faults of a NIP. It is personal data: the reasons don't contain it. */
export const nipFaults = (
  nip: string,
  refuse: (field: 'nip', reason: string, fix?: string) => void,
): void => {
  const parsed = parseNip(nip)
  const { reason, fix } = roundedNumber()
  if (looksRounded(nip)) refuse('nip', reason, fix)
  else if ('violations' in parsed) {
    for (const { description } of parsed.violations) refuse('nip', description)
  }
}

/** A heading without case, signs and spaces. */
const plain = (heading: string): string => heading.toLowerCase().replace(/[^a-z0-9]+/g, '')

/** A published term as its code: `Kerja Sama` is `kerja-sama`. */
export const codeOf = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

/** Reads 2026-01-31, 31-01-2026 or 31/01/2026; undefined if it is no day of the calendar. */
export const parseDay = (text: string): string | undefined => {
  const written = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text)
  // The day comes first, as Indonesian writes it.
  const spoken = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text)
  const [year, month, day] = written?.slice(1) ?? spoken?.slice(1).reverse() ?? []
  if (!year || !month || !day) return undefined
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const date = new Date(`${iso}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : undefined
}
