// tidy: of all commands that open a log, beside the bar that it draws
import type { VerificationBefore } from '@jejak/service-log/service-log'
import { verificationLines } from '@jejak/service-log/verification-lines'
import { terminalText } from '@jejak/texts/terminal'
import { type ProgressBar, progressBar } from './progress.ts'

/** Shows that a log is verified before it is opened: with lines, and a bar on a terminal. */
export const showVerification = (say: (line: string) => void) => {
  const tell = verificationLines(say)
  let bar: ProgressBar | undefined
  return (verification: VerificationBefore): void => {
    const { service, progress, isOver } = verification
    if (progress && !isOver && process.stderr.isTTY) {
      bar ??= progressBar(labelOf(service), progress.total)
      bar.to(progress.done)
      return
    }
    bar?.stop()
    bar = undefined
    tell(verification)
  }
}

const labelOf = (service: string) => terminalText({ key: 'verifying-log', values: { service } })
