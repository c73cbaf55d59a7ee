/** Why a key, checkpoint or receipt from outside is not accepted. */
export type VerificationProblem =
  | 'MalformedKey'
  | 'MalformedNote'
  | 'MalformedReceipt'
  /** No signature by a log key that the caller knows. */
  | 'Unsigned'
  /** The signature of a known key doesn't verify. */
  | 'BadSignature'
  /** Signed by a known log key, but not for that key's log. */
  | 'WrongOrigin'
  /** The proof doesn't lead from the entry to the checkpoint's root. */
  | 'NotIncluded'

/** Thrown when bytes from outside don't parse or verify; the message says which part, and why. */
export class VerificationError extends Error {
  override readonly name = 'VerificationError'
  readonly problem: VerificationProblem

  constructor(refused: VerificationProblem, detail: string) {
    super(detail)
    this.problem = refused
  }
}
