import { Command } from 'commander'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'
import { receiptCommand } from './receipt.ts'
import { sampleCommand } from './sample.ts'
import { statCommand } from './stat.ts'
import { verifyCommand } from './verify.ts'

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
