import type { Fact } from './fact.ts'

/** The validity of a fact on a day. */
export type Validity = {
  readonly state:
    | 'counts'
    /** Another was recorded in its place: it never was right. */
    | 'superseded'
    /** The civil servant says that it is wrong. It counts until that is decided. */
    | 'contested'
    /** The contest was upheld: it counts no more, and never should have. */
    | 'upheld'
    | 'revoked'
    /** It was right, for as long as it was valid. */
    | 'expired'
    /** It was right, until something else took its place. */
    | 'over'
  /** Id of the event because of which it does not count, or counts no more. */
  readonly by?: string
  readonly note?: string
}

/** The validity of each fact that does not simply count. */
export type Validities = ReadonlyMap<Fact, Validity>
