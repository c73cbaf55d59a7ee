import { Command } from 'commander'
import { exportCommand } from './log-export.ts'
import { importCommand } from './log-import.ts'
import { receiptCommand } from './log-receipt.ts'
import { sampleCommand } from './log-sample.ts'
import { statCommand } from './log-stat.ts'
import { verifyCommand } from './log-verify.ts'

export const logCommand = new Command('log')
  .description('export, verify and fill the tamper-evident log of a service')
  .addCommand(exportCommand)
  .addCommand(verifyCommand)
  .addCommand(receiptCommand)
  .addCommand(statCommand)
  .addCommand(importCommand)
  .addCommand(sampleCommand)
  .addHelpText(
    'after',
    `
  $ npm run -s jejak -- log sample --data sample
  $ npm run -s jejak -- log verify --data sample`,
  )
