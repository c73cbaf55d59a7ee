import { Command } from 'commander'
import { logExportCommand } from './log-export.ts'
import { logImportCommand } from './log-import.ts'
import { logReceiptCommand } from './log-receipt.ts'
import { logSampleCommand } from './log-sample.ts'
import { logStatCommand } from './log-stat.ts'
import { logVerifyCommand } from './log-verify.ts'

export const logCommand = new Command('log')
  .description('export, verify and fill the tamper-evident log of a service')
  .addCommand(logExportCommand)
  .addCommand(logVerifyCommand)
  .addCommand(logReceiptCommand)
  .addCommand(logStatCommand)
  .addCommand(logImportCommand)
  .addCommand(logSampleCommand)
  .addHelpText(
    'after',
    `
  $ npm run -s jejak -- log sample --data sample
  $ npm run -s jejak -- log verify --data sample`,
  )
