import { fail } from './outcome.ts'
import { startCommand } from './start.ts'

try {
  await startCommand.exitOverride().parseAsync()
} catch (error) {
  process.exitCode = fail(error, false)
}
