import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A row of a table in Markdown: its cells by the names of their columns. */
export type GoldenRow = Readonly<Record<string, string>>

/** What stands below a heading: lines such as `As of: 2026-12-31`, and tables. */
export type GoldenSection = {
  readonly title: string
  readonly values: Readonly<Record<string, string>>
  readonly tables: readonly (readonly GoldenRow[])[]
}

/** The sections of a file in `golden`; what stands before the first heading of level 2 is one. */
export const goldenSections = (name: string): readonly GoldenSection[] => {
  const file = fileURLToPath(new URL(`../../golden/${name}.md`, import.meta.url))
  return readFileSync(file, 'utf8').split(/^## /m).map(sectionOf)
}

const sectionOf = (text: string): GoldenSection => {
  const [title = '', ...lines] = text.split('\n')
  const blocks = lines.join('\n').split(/\n\s*\n/)
  const tables = blocks.filter(block => block.trimStart().startsWith('|'))
  const values = lines.flatMap(line => {
    const [, name, value] = /^(\w[\w ]*): (.+)$/.exec(line) ?? []
    return name && value ? [[name, value]] : []
  })
  return { title, values: Object.fromEntries(values), tables: tables.map(rowsOf) }
}

const rowsOf = (table: string): readonly GoldenRow[] => {
  const [columns = [], , ...rows] = table.trim().split('\n').map(cellsOf)
  return rows.map(cells =>
    Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ''])),
  )
}

const cellsOf = (line: string): readonly string[] =>
  line
    .replace(/^\||\|$/g, '')
    .split('|')
    .map(cell => cell.trim())
