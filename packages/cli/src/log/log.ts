import { helpOf } from '@jejak/texts/help'
import { Command } from 'commander'
import { logExportCommand } from './log-export.ts'
import { logImportCommand } from './log-import.ts'
import { logReceiptCommand } from './log-receipt.ts'
import { logSampleCommand } from './log-sample.ts'
import { logStatCommand } from './log-stat.ts'
import { logVerifyCommand } from './log-verify.ts'

const help = helpOf('log')

export const logCommand = new Command('log')
  .description(help.description)
  .addCommand(logExportCommand)
  .addCommand(logVerifyCommand)
  .addCommand(logReceiptCommand)
  .addCommand(logStatCommand)
  .addCommand(logImportCommand)
  .addCommand(logSampleCommand)
  .addHelpText('after', help.after)
