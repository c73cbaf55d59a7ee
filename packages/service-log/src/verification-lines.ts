import { logFault } from '@jejak/texts/log-faults'
import type { VerificationBefore } from './service-log.ts'

const everyMs = 10_000

/** Says when a log is verified before it is used: at its begin, every ten seconds, and its end. */
export const verificationLines = (say: (line: string) => void, now = Date.now) => {
  let saidAtMs = 0
  return (verification: VerificationBefore): void => {
    const { progress, isOver = false } = verification
    if (progress && !isOver && now() - saidAtMs < everyMs) return
    saidAtMs = now()
    say(lineOf(verification))
  }
}

const lineOf = ({ service, cause, progress, isOver }: VerificationBefore): string => {
  if (!progress) return logFault({ key: `verify-${cause}`, values: { service } })
  return logFault({
    key: isOver ? 'verify-ends' : 'verify-goes-on',
    values: { service, ...progress },
  })
}
