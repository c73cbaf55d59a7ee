import { Command } from 'commander'
import { importEmployeesCommand } from './import-employees.ts'
import { importProgrammeCommand } from './import-programme.ts'

export const importCommand = new Command('import')
  .description('employees and programmes from files')
  .addCommand(importEmployeesCommand)
  .addCommand(importProgrammeCommand)
  .addHelpText(
    'after',
    `
  $ npm run -s jejak -- import employees pegawai.csv --token token.txt
  $ npm run -s jejak -- import programme mrs-2026.json --token token.txt`,
  )
