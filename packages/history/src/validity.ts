import type { Fact } from './fact.ts'

/** What a fact is worth on the day that is asked for. */
export type Standing = {
  readonly state:
    | 'counts'
    /** Another was recorded to stand in its place: it never was right. */
    | 'superseded'
    /** The civil servant says that it is wrong, and nobody has decided yet. It goes on to count. */
    | 'contested'
    /** So it was decided: it counts no more, and never should have. */
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

/** Of facts that something is to be said of; all others count. */
export type Standings = ReadonlyMap<Fact, Standing>
