import { auditText } from '@jejak/texts/audit'
import { type Checkpoint, openCheckpoint } from '@jejak/transparency/checkpoint'
import { parseVerifier, type VerifierKey } from '@jejak/transparency/key'
import { VerificationError } from '@jejak/transparency/verification-error'
import { LogRefused, LogUnusable } from './error.ts'

/** A checkpoint whose signature was verified, and the file that it is from. */
export type VerifiedHead = Pick<Checkpoint, 'size' | 'root'> & {
  readonly file: string
  readonly note: string
}

export const logKey = (vkey: string, from: string): VerifierKey => {
  try {
    const key = parseVerifier(vkey.trim())
    if (key.kind === 'ed25519') return key
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error
    const values = { path: from, why: error.message }
    throw new LogUnusable('MalformedKey', auditText({ key: 'no-key-in', values }))
  }
  const detail = auditText({ key: 'witness-key', values: { path: from } })
  throw new LogUnusable('MalformedKey', detail)
}

export const openHead = (note: string, file: string, key: VerifierKey): VerifiedHead => {
  try {
    const { size, root } = openCheckpoint(note, [key])
    return { file, note, size, root }
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error
    const detail = auditText({ key: 'head-refused', values: { why: error.message } })
    throw new LogRefused(error.problem, { file }, detail)
  }
}
