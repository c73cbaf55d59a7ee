import { helpOf } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { commands } from './commands.ts'
import { fail } from './terminal/exit.ts'

const help = helpOf('jejak')
const program = new Command('jejak').description(help.description).addHelpText('after', help.after)

// The one that is named, or all of them for who asks what there is.
const all = Object.entries(commands)
const named = all.filter(([name]) => name === process.argv[2])
for (const [, load] of named.length > 0 ? named : all) program.addCommand(await load())

/** Wrong usage must come out as an exit status of ours, from every command. */
const throwing = (command: Command): void => {
  command.exitOverride().showHelpAfterError(terminalText('see-help'))
  command.commands.forEach(throwing)
}
throwing(program)

// The reader of the pipe has read enough, as `head` does. The exit status is the shell's for a
// closed pipe: output that was not read to its end does not show whether all is well.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(141)
  throw error
})

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = fail(error, process.argv.includes('--json'))
}
