import { type Checkpoint, noteBytesMax, openCheckpoint } from './checkpoint.ts'
import { unicode } from './encoding.ts'
import { type LogFinding, LogFindingError, type LogProblem, refused, unusable } from './finding.ts'
import { keyBytesMax, parseVerifier, type VerifierKey } from './key.ts'
import { VerificationError } from './verification-error.ts'
import { type LogFiles, loadFile, verifyTiles } from './verify-tiles.ts'

/** An exported log: `checkpoint`, `vkey` and the files of c2sp.org/tlog-tiles. */
export type AuditInput = LogFiles & {
  /** The log's key. Without it the key in the directory is trusted, and the result says so. */
  readonly vkey?: string | undefined
  readonly witnesses?: readonly VerifierKey[]
  /** Older checkpoints of this log, from elsewhere: only they can show that a log was rewritten. */
  readonly against?: readonly OldNote[]
}

/** `file` names it in a finding. */
export type OldNote = {
  readonly file: string
  readonly note: string | Uint8Array
  /** The key of the previous log that this log continues, if that log signed the note. */
  readonly key?: VerifierKey
}

export type Audit = VerifiedLog | (LogFinding & { readonly verified: false })

export type VerifiedLog = Omit<Checkpoint, 'text'> & {
  readonly verified: true
  /** With `directory`, whoever made the directory may have made the key as well. */
  readonly keySource: 'given' | 'directory'
  readonly keyId: string
  /** Sizes of the older checkpoints that the log continues. */
  readonly against: readonly number[]
}

/**
 * Verifies an exported log from its bytes alone, in one pass and in the same memory at any size.
 * It shares no code with the writer but the hash, the formats and the names of the files.
 */
export const audit = async (input: AuditInput): Promise<Audit> => {
  try {
    const { key, keySource } = await logKey(input)
    const keys = [key, ...(input.witnesses ?? [])]
    const note = await loadFile(input, 'checkpoint', noteBytesMax)
    if (note === undefined) throw unusable('NoCheckpoint', 'checkpoint', 'there is no checkpoint')
    const { text: _, ...checkpoint } = open({ file: 'checkpoint', note }, keys)
    const older = (input.against ?? []).map(old => openOlder(old, checkpoint.size, key))
    await verifyRoots(input, checkpoint, older)
    const against = older.map(({ size }) => size)
    return { verified: true, ...checkpoint, keySource, keyId: key.id, against }
  } catch (error) {
    if (error instanceof LogFindingError) return { verified: false, ...error.finding }
    throw error
  }
}

const logKey = async (input: AuditInput) => {
  const keySource = input.vkey === undefined ? 'directory' : 'given'
  const key = parseKey(input.vkey ?? (await directoryKey(input)))
  return { key, keySource } as const
}

const directoryKey = async (source: LogFiles): Promise<string> => {
  const bytes = await loadFile(source, 'vkey', keyBytesMax)
  if (bytes === undefined) throw unusable('NoKey', 'vkey', 'no key was given, and there is no vkey')
  return unicode(bytes)?.replace(/\n$/, '') ?? ''
}

const parseKey = (text: string): VerifierKey => {
  try {
    const key = parseVerifier(text)
    if (key.kind === 'ed25519') return key
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error
    throw unusable('MalformedKey', 'vkey', error.message)
  }
  throw unusable('MalformedKey', 'vkey', 'the key is that of a witness and not of a log')
}

type OlderHead = { readonly file: string; readonly size: number; readonly root: Uint8Array }

const openOlder = (old: OldNote, size: number, key: VerifierKey): OlderHead => {
  const older = open(old, [old.key ?? key])
  if (older.size <= size) return { file: old.file, size: older.size, root: older.root }
  const detail = `the log has ${size} entries, and once signed that it had ${older.size}`
  throw refused('Shrunk', { file: old.file, index: size }, detail)
}

const open = ({ file, note }: OldNote, keys: readonly VerifierKey[]): Checkpoint => {
  try {
    return openCheckpoint(note, keys)
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error
    // `openCheckpoint` throws no other problems than those that `LogProblem` has.
    throw refused(error.problem as LogProblem, { file }, error.message)
  }
}

const verifyRoots = async (
  source: LogFiles,
  { size, root }: Pick<Checkpoint, 'size' | 'root'>,
  older: readonly OlderHead[],
): Promise<void> => {
  const roots = await verifyTiles(source, size, [size, ...older.map(head => head.size)])
  const differs = (head: { size: number; root: Uint8Array }) =>
    !roots.get(head.size)?.equals(head.root)
  const rewritten = older.find(differs)
  if (rewritten !== undefined) {
    const detail = `at size ${rewritten.size} the log is not what it once signed`
    throw refused('Rewritten', { file: rewritten.file }, detail)
  }
  if (differs({ size, root })) {
    throw refused('RootMismatch', { file: 'checkpoint' }, 'the entries do not hash to the root')
  }
}
