import { describeWhere, Refused, Unusable } from '@jejak/audit/error'
import { CommanderError } from 'commander'

/** What a command ends with: 0 all is well, and these. */
export const refusedExit = 1
export const unusableExit = 2

/** A mistake in our own code: only there is a stack trace of use. */
const isBug = (error: unknown) =>
  !(error instanceof Error) ||
  ['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError', 'AssertionError'].includes(
    error.name,
  )

/** Says how a command failed, as JSON where that was asked for, and answers the exit code. */
export const fail = (error: unknown, json: boolean): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : unusableExit
  if (error instanceof Refused) {
    const { problem, where, message: detail } = error
    if (json) print({ verified: false, problem, where, detail })
    console.error(`refused: ${detail}\n  ${problem}, ${describeWhere(where)}`)
    return refusedExit
  }
  const detail = error instanceof Error ? error.message : String(error)
  const problem = error instanceof Unusable ? error.problem : reasonOf(error)
  if (json) print({ problem, detail })
  console.error(isBug(error) && error instanceof Error ? error.stack : `error: ${detail}`)
  return unusableExit
}

/** A service's refusal says by a name what it is. */
const reasonOf = (error: unknown): string =>
  (error as { readonly reason?: string } | undefined)?.reason || 'Failed'

export const print = (result: unknown): void => {
  process.stdout.write(`${JSON.stringify(result)}\n`)
}
