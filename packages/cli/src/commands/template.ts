import { existsSync, writeFileSync } from 'node:fs'
import { extname } from 'node:path'
import { helpOf } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Argument, Command } from 'commander'
import { stringify } from 'csv-stringify/sync'
import { assessments } from '../files/assessment-rows.ts'
import { careers } from '../files/career-rows.ts'
import type { Columns } from '../files/columns.ts'
import { employees } from '../files/employee-rows.ts'
import { frameworkColumns } from '../framework/framework-file.ts'
import { CommandFailed } from '../terminal/exit.ts'
import { userPath } from '../terminal/paths.ts'

const kinds: Readonly<Record<string, Columns>> = {
  assessments: assessments.columns,
  careers: careers.columns,
  employees: employees.columns,
  framework: frameworkColumns,
}

const help = helpOf('template')

export const templateCommand = new Command('template')
  .description(help.description)
  .addArgument(new Argument('<kind>', help.inputs.kind).choices(Object.keys(kinds)))
  .argument('<file>', help.inputs.file)
  .option('--english', help.inputs.english)
  .addHelpText('after', help.after)
  .action(async (kind: string, file: string, { english }: { readonly english?: true }) => {
    const path = userPath(file)
    const ending = extname(path).toLowerCase()
    if (ending !== '.csv' && ending !== '.xlsx') {
      throw new CommandFailed(
        'Usage',
        terminalText({ key: 'template-ending', values: { path: file } }),
      )
    }
    if (existsSync(path))
      throw new CommandFailed(
        'Exists',
        terminalText({ key: 'path-exists', values: { path: file } }),
      )
    const columns = Object.values(kinds[kind] ?? {}).filter(({ former }) => !former)
    const rows = [
      columns.map(({ headings }) => headings[english ? 1 : 0]),
      columns.map(({ example }) => example),
    ]
    if (ending === '.xlsx') await writeWorkbook(path, kind, rows)
    else writeFileSync(path, `\uFEFF${stringify(rows, { delimiter: ';' })}`)
    console.log(terminalText({ key: 'template-written', values: { path: file } }))
    if (kind === 'assessments') {
      const id = assessments.columns.assessor.example
      console.log(terminalText({ key: 'template-assessor', values: { id } }))
    }
  })

const writeWorkbook = async (path: string, name: string, rows: readonly string[][]) => {
  const { default: ExcelJS } = await import('exceljs')
  const workbook = new ExcelJS.Workbook()
  const sheet = workbook.addWorksheet(name)
  for (const row of rows) sheet.addRow(row)
  for (let i = 1; i <= (rows[0]?.length ?? 0); i++) {
    Object.assign(sheet.getColumn(i), { numFmt: '@', width: 24 })
  }
  await workbook.xlsx.writeFile(path)
}
