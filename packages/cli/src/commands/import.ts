import { helpOf } from '@jejak/texts/help'
import { Command } from 'commander'
import { importEmployeesCommand } from './import-employees.ts'
import { importProgrammeCommand } from '../training/import-programme.ts'

const help = helpOf('import')

export const importCommand = new Command('import')
  .description(help.description)
  .addCommand(importEmployeesCommand)
  .addCommand(importProgrammeCommand)
  .addHelpText('after', help.after)
