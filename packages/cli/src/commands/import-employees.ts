import { helpOf } from '@jejak/texts/help'
import { employees } from '../files/employee-rows.ts'
import { fileCommand } from '../files/file-command.ts'

const help = helpOf('import employees')

export const importEmployeesCommand = fileCommand('employees', ['hr', 'agency'], employees)
  .description(help.description)
  .addHelpText('after', help.after)
