import { Command } from 'commander'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'
import { fail } from './outcome.ts'
import { receiptCommand } from './receipt.ts'
import { sampleCommand } from './sample.ts'
import { statCommand } from './stat.ts'
import { verifyCommand } from './verify.ts'

const log = new Command('log')
  .description('export, verify and fill the tamper-evident log of a service')
  .addCommand(exportCommand)
  .addCommand(verifyCommand)
  .addCommand(receiptCommand)
  .addCommand(statCommand)
  .addCommand(importCommand)
  .addCommand(sampleCommand)

const program = new Command('jejak')
  .description('An auditable competency history for every civil servant')
  .addHelpText(
    'after',
    `
Every command explains itself with an example: npm run -s jejak -- log verify --help`,
  )

// What runs and calls services takes longer to load than a log takes to verify.
if (process.argv[2] !== 'log') {
  const { serviceCommands } = await import('./services.ts')
  for (const command of serviceCommands) program.addCommand(command)
}
program.addCommand(log)

/** Wrong usage must come out as an exit status of ours, from every command. */
const throwing = (command: Command): void => {
  command.exitOverride().showHelpAfterError('(add --help for an explanation and an example)')
  command.commands.forEach(throwing)
}
throwing(program)

// Whoever reads has read enough, as `head` has. The exit status is the shell's for a closed pipe:
// what was not read to its end is not known to be well.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(141)
  throw error
})

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = fail(error, process.argv.includes('--json'))
}
