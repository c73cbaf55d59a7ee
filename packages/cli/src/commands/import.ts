import { Command } from 'commander'
import { importProgrammeCommand } from './import-programme.ts'
import { importEmployeesCommand } from './submit.ts'

export const importsCommand = new Command('import')
  .description('employees and programmes from files')
  .addCommand(importEmployeesCommand)
  .addCommand(importProgrammeCommand)
  .addHelpText(
    'after',
    `
  $ npm run -s jejak -- import employees pegawai.csv --token token.txt
  $ npm run -s jejak -- import programme mrs-2026.json --token token.txt`,
  )
