/** Why a key, checkpoint or receipt that somebody handed us is not accepted. */
export type Refused =
  | 'MalformedKey'
  | 'MalformedNote'
  | 'MalformedReceipt'
  /** No signature by a log key that the caller knows. */
  | 'Unsigned'
  /** A known key's signature that doesn't verify. */
  | 'BadSignature'
  /** Signed by a known log key, but not for that key's log. */
  | 'WrongOrigin'
  /** The proof doesn't lead from the entry to the checkpoint's root. */
  | 'NotIncluded'

/** Thrown by what parses or verifies bytes from outside; the message says which part and why. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly refused: Refused

  constructor(refused: Refused, detail: string) {
    super(detail)
    this.refused = refused
  }
}
