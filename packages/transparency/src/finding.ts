import type { VerificationProblem } from './verification-error.ts'

/** Why an exported log is not what its key vouched for. */
export type LogProblem =
  | Extract<VerificationProblem, 'MalformedNote' | 'Unsigned' | 'BadSignature' | 'WrongOrigin'>
  /** A file that a log of the checkpoint's size must have is not there. */
  | 'Missing'
  /** A bundle or tile of the wrong length. */
  | 'Malformed'
  /** An entry does not hash to its leaf in the tile: one of them was altered. */
  | 'LeafMismatch'
  /** A tile does not hold the hashes of the level below it. */
  | 'TileMismatch'
  /** The entries do not hash to the root that the log signed. */
  | 'RootMismatch'
  /** The log is smaller than an older checkpoint says. */
  | 'Shrunk'
  /** At an older size the log does not have the root that it signed then: it was rewritten. */
  | 'Rewritten'
  /** The caller's own check refused an entry. */
  | 'EntryRefused'

/** Why verification could not begin: no log, or no key to verify it with. */
export type UnusableReason = 'NoCheckpoint' | 'NoKey' | 'MalformedKey' | 'Unreadable'

export type PlaceInLog = {
  /** Position of the entry. For a tile above level 0: of the first entry under the hash. */
  readonly index?: number
  readonly tile?: string
  readonly file?: string
}

export type LogFinding = { readonly where: PlaceInLog; readonly detail: string } & (
  | { readonly unusable: false; readonly problem: LogProblem }
  | { readonly unusable: true; readonly problem: UnusableReason }
)

/** Ends the verification of a log at its first finding; `audit` catches it. */
export class LogFindingError extends Error {
  readonly finding: LogFinding

  constructor(finding: LogFinding) {
    super(finding.detail)
    this.finding = finding
  }
}

export const refused = (problem: LogProblem, where: PlaceInLog, detail: string) =>
  new LogFindingError({ unusable: false, problem, where, detail })

/** A file that is not read, for it can't be what its name says. */
export const malformedFile = (file: string, why: string) =>
  refused('Malformed', { file }, `${file} is not a file of a log: ${why}`)

export const unusable = (problem: UnusableReason, file: string, detail: string) =>
  new LogFindingError({ unusable: true, problem, where: { file }, detail })
