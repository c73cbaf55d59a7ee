import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { type ScenarioFile, scenarioFiles, scenarioFolder } from './scenario.ts'

/** CSV as Excel in Indonesia saves it: with semicolons and a byte order mark. */
const fileText = (file: ScenarioFile): string =>
  'json' in file
    ? `${JSON.stringify(file.json, undefined, 2)}\n`
    : `\uFEFF${stringify(file.rows as unknown[][], { delimiter: ';' })}`

/** Writes the scenario's files: `node packages/demo/src/make-files.ts`. */
export const makeScenario = async (folder: string): Promise<void> => {
  for (const file of scenarioFiles()) {
    const path = join(folder, file.path)
    mkdirSync(dirname(path), { recursive: true })
    if (!file.path.endsWith('.xlsx') || 'json' in file) {
      writeFileSync(path, fileText(file))
      continue
    }
    const { default: ExcelJS } = await import('exceljs')
    const workbook = new ExcelJS.Workbook()
    const sheet = workbook.addWorksheet('asesmen')
    for (const row of file.rows) sheet.addRow([...row])
    await workbook.xlsx.writeFile(path)
  }
}

if (import.meta.main) await makeScenario(scenarioFolder)
