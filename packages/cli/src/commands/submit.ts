import { helpOf } from '@jejak/texts/help'
import { assessments } from '../files/assessment-rows.ts'
import { fileCommand } from '../files/file-command.ts'

const help = helpOf('submit')

export const submitCommand = fileCommand('submit', ['agency'], assessments)
  .description(help.description)
  .addHelpText('after', help.after)
