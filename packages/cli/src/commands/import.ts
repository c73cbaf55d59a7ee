import { helpOf } from '@jejak/texts/help'
import { Command } from 'commander'
import { importProgrammeCommand } from '../training/import-programme.ts'
import { importEmployeesCommand } from './import-employees.ts'

const help = helpOf('import')

export const importCommand = new Command('import')
  .description(help.description)
  .addCommand(importEmployeesCommand)
  .addCommand(importProgrammeCommand)
  .addHelpText('after', help.after)
