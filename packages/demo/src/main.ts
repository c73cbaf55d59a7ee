import { fail } from '@jejak/cli/terminal/exit'
import { startCommand } from './start.ts'

try {
  await startCommand.exitOverride().parseAsync()
} catch (error) {
  process.exitCode = fail(error, false)
}
