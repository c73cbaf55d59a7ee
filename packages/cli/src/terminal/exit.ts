import { describeLocation, type Location, LogRefused, LogUnusable } from '@jejak/replay/error'
import { terminalText } from '@jejak/texts/terminal'
import { CommanderError } from 'commander'

/** Exit codes: 0 all is well, and these. */
export const refusedExit = 1
export const failedExit = 2

/** What the command examined is not what it claims to be: exit code 1. */
export class CommandRefused extends Error {
  readonly problem: string
  readonly where: Location

  constructor(problem: string, where: Location, detail: string) {
    super(detail)
    this.problem = problem
    this.where = where
  }
}

/** Wrong usage, unusable input, no service: exit code 2. The message says what to do. */
export class CommandFailed extends Error {
  readonly problem: string

  constructor(problem: string, detail: string) {
    super(detail)
    this.problem = problem
  }
}

/** A mistake in our own code: only then does a stack trace help. */
const isBug = (error: unknown) =>
  !(error instanceof Error) ||
  ['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError', 'AssertionError'].includes(
    error.name,
  )

/** Prints why a command failed, as JSON if asked for, and returns the exit code. */
export const fail = (error: unknown, json: boolean): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : failedExit
  if (error instanceof LogRefused || error instanceof CommandRefused) {
    const { problem, where, message: detail } = error
    if (json) print({ verified: false, problem, where, detail })
    const refusal = terminalText({ key: 'refused', values: { detail } })
    console.error(`${refusal}\n  ${problem}, ${describeLocation(where)}`)
    return refusedExit
  }
  const detail = error instanceof Error ? error.message : String(error)
  const known = error instanceof LogUnusable || error instanceof CommandFailed
  const problem = known ? error.problem : reasonOf(error)
  if (json) print({ problem, detail })
  console.error(
    isBug(error) && error instanceof Error
      ? error.stack
      : terminalText({ key: 'error', values: { detail } }),
  )
  return failedExit
}

/** A service names the reason of its refusal. */
const reasonOf = (error: unknown): string =>
  (error as { readonly reason?: string } | undefined)?.reason || 'Failed'

export const print = (result: unknown): void => {
  process.stdout.write(`${JSON.stringify(result)}\n`)
}
