import type { Refused } from './refusal.ts'

/** Why a log is not what its key vouched for. */
export type Problem =
  | Extract<Refused, 'MalformedNote' | 'Unsigned' | 'BadSignature' | 'WrongOrigin'>
  /** A file that the checkpoint calls for is not there. */
  | 'Missing'
  /** A bundle or tile of the wrong length. */
  | 'Malformed'
  /** An entry does not hash to its leaf in the tile: one of them was altered. */
  | 'LeafMismatch'
  /** A tile is not what the level below it hashes to. */
  | 'TileMismatch'
  /** The entries do not hash to the root that the log signed. */
  | 'RootMismatch'
  /** The log is smaller than it once signed that it was. */
  | 'Shrunk'
  /** The log at an older size is not what it once signed: it was rewritten. */
  | 'Rewritten'
  /** The caller's own check refused an entry. */
  | 'EntryRefused'

/** There was nothing to verify, or nothing to verify it with. */
export type Unusable = 'NoCheckpoint' | 'NoKey' | 'MalformedKey' | 'Unreadable'

export type Where = {
  /** An entry; with a tile above level 0, the first entry under the hash. */
  readonly index?: number
  readonly tile?: string
  readonly file?: string
}

export type Finding = { readonly where: Where; readonly detail: string } & (
  | { readonly unusable: false; readonly problem: Problem }
  | { readonly unusable: true; readonly problem: Unusable }
)

/** Ends an audit from wherever it stands; never leaves `audit`. */
export class Found extends Error {
  readonly finding: Finding

  constructor(finding: Finding) {
    super(finding.detail)
    this.finding = finding
  }
}

export const refused = (problem: Problem, where: Where, detail: string) =>
  new Found({ unusable: false, problem, where, detail })

export const unusable = (problem: Unusable, file: string, detail: string) =>
  new Found({ unusable: true, problem, where: { file }, detail })
