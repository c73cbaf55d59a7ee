import { Unusable } from './outcome.ts'
import type { Cell, Row } from './table.ts'

/** A column of a file: its heading in Indonesian and English, and what belongs into it. */
export type Column = {
  readonly headings: readonly [indonesian: string, english: string, ...also: string[]]
  readonly required: boolean
  /** A value as an example for the template. */
  readonly example: string
}

export type Columns = Readonly<Record<string, Column>>

/** What is wrong with a row, in words that its author can act on. */
export type Fault = { readonly field: string; readonly reason: string; readonly fix: string }

/** The cells of a row by the names of the columns; a missing or empty cell is absent. */
export type Named<C extends Columns> = { readonly [Name in keyof C]?: Cell }

/** Finds the columns of a file by its headings, or says which are missing. */
export const columnReader = <const C extends Columns>(columns: C, headings: readonly string[]) => {
  const positions = new Map<keyof C, number>()
  for (const [name, { headings: known }] of Object.entries(columns)) {
    const at = headings.findIndex(heading => known.some(it => plain(it) === plain(heading)))
    if (at >= 0) positions.set(name, at)
  }
  const missing = Object.entries(columns)
    .filter(([name, { required }]) => required && !positions.has(name))
    .map(([, { headings }]) => `${headings[0]} (${headings[1]})`)
  if (missing.length > 0) {
    throw new Unusable(
      'NoHeading',
      `the first row lacks the headings ${missing.join(', ')}: it has ${headings.join(', ')}. ` +
        'jejak template writes a file with all of them',
    )
  }
  return ({ cells }: Row): Named<C> =>
    Object.fromEntries(
      [...positions].flatMap(([name, at]) => (cells[at]?.text ? [[name, cells[at]]] : [])),
    ) as Named<C>
}

/** Whatever the columns are for: what must be there, and nothing that is computed. */
export const cellFaults = <C extends Columns>(columns: C, cells: Named<C>): readonly Fault[] =>
  Object.entries(columns).flatMap(
    ([
      name,
      {
        required,
        headings: [field],
      },
    ]) => {
      const cell = cells[name]
      if (cell?.formula) {
        const fix = 'paste the value itself: a formula can show another one tomorrow'
        return [{ field, reason: 'is a formula', fix }]
      }
      return required && !cell ? [{ field, reason: 'is empty', fix: 'fill it in' }] : []
    },
  )

/** A heading however it is written: without case, signs and spaces. */
const plain = (heading: string): string => heading.toLowerCase().replace(/[^a-z0-9]+/g, '')

/** A published term as its code: `Kerja Sama` is `kerja-sama`. */
export const codeOf = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

/** A day as 2026-01-31, 31-01-2026 or 31/01/2026; undefined where it is none of a calendar. */
export const dayOf = (text: string): string | undefined => {
  const written = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text)
  // The day comes first, as in Indonesian.
  const spoken = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text)
  const [year, month, day] = written?.slice(1) ?? spoken?.slice(1).reverse() ?? []
  if (!year || !month || !day) return undefined
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const date = new Date(`${iso}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : undefined
}
