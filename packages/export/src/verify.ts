import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openCheckpoint } from '@jejak/transparency/checkpoint'
import { unicode } from '@jejak/transparency/encoding'
import { parseVerifier } from '@jejak/transparency/key'
import { VerificationError } from '@jejak/transparency/verification-error'
import {
  canonicalJson,
  checkManifest,
  type Manifest,
  type ManifestHead,
  manifestName,
  noteName,
} from './manifest.ts'
import { noteProblem } from './note.ts'
import { countRows } from './read.ts'
import { sumOf } from './write.ts'

export type ExportProblem = { readonly file: string; readonly problem: string }

export type VerifiedExport = {
  /** Undefined if the manifest can't be read. */
  readonly manifest?: Manifest
  /** None: the folder is what the key signed. */
  readonly problems: readonly ExportProblem[]
}

/**
 * Whether a folder is the export that its manifest describes. Without a `vkey` that the caller
 * trusts, the key is the one that the manifest names, and anybody can have made all of it.
 */
export const verifyExport = async (
  dir: string,
  options: { readonly vkey?: string | undefined } = {},
): Promise<VerifiedExport> => {
  const trusted = options.vkey?.trim()
  // A malformed key must not look like a bad export: it throws.
  if (trusted !== undefined) parseVerifier(trusted)
  const there = await readdir(dir)
  const missing = [manifestName, noteName].filter(file => !there.includes(file))
  if (missing.length > 0) {
    return { problems: missing.map(file => ({ file, problem: 'is missing: not complete' })) }
  }
  const read = parse(await readFile(join(dir, manifestName)))
  if (typeof read === 'string') return { problems: [{ file: manifestName, problem: read }] }
  const note = unicode(await readFile(join(dir, noteName)))
  const problems = [
    ...keyProblems(read, note, trusted),
    ...read.heads.flatMap(headProblems),
    ...strangers(read, there),
  ]
  for (const file of read.files) problems.push(...(await fileProblems(dir, file, read.fields)))
  return { manifest: read, problems }
}

const parse = (bytes: Buffer): Manifest | string => {
  const text = unicode(bytes)
  if (text === undefined) return 'is not UTF-8'
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'is not JSON'
  }
  const problem = checkManifest(value)
  if (problem) return `is not a manifest: ${problem}`
  // The hash is of the canonical form: in another one, the file would say more than was signed.
  return canonicalJson(value) === text ? (value as Manifest) : 'is not canonical JSON (RFC 8785)'
}

const keyProblems = (manifest: Manifest, note: string | undefined, trusted?: string) => {
  const problems: ExportProblem[] = []
  if (trusted !== undefined && trusted !== manifest.vkey) {
    problems.push({ file: manifestName, problem: `names another key: ${manifest.vkey}` })
  }
  const found = refusal(() => {
    if (note === undefined) return 'is not UTF-8'
    return noteProblem(note, manifest, parseVerifier(trusted ?? manifest.vkey))
  })
  if (found) problems.push({ file: noteName, problem: found })
  return problems
}

const headProblems = ({ log, vkey, checkpoint }: ManifestHead): readonly ExportProblem[] => {
  const found = refusal(() => void openCheckpoint(checkpoint, [parseVerifier(vkey)]))
  return found ? [{ file: manifestName, problem: `the head of ${log}: ${found}` }] : []
}

const refusal = (check: () => string | undefined): string | undefined => {
  try {
    return check()
  } catch (error) {
    if (error instanceof VerificationError) return error.message
    throw error
  }
}

const strangers = (manifest: Manifest, there: readonly string[]): readonly ExportProblem[] => {
  const known = [manifestName, noteName, ...manifest.files.map(({ file }) => file)]
  return there
    .filter(file => !known.includes(file))
    .map(file => ({ file, problem: 'is not in the manifest' }))
}

const fileProblems = async (
  dir: string,
  { file, format, bytes, sha256, rows }: Manifest['files'][number],
  fields: readonly string[],
): Promise<readonly ExportProblem[]> => {
  const path = join(dir, file)
  const found = await lstat(path).catch(() => undefined)
  if (!found) return [{ file, problem: 'is missing' }]
  if (!found.isFile()) return [{ file, problem: 'is not a file' }]
  const sum = await sumOf(path)
  if (sum.bytes !== bytes || sum.sha256 !== sha256) {
    return [{ file, problem: `has been changed: SHA-256 ${sum.sha256}, ${sum.bytes} bytes` }]
  }
  const counted = await countRows(format, path, fields)
  if (typeof counted === 'string') return [{ file, problem: counted }]
  if (counted === rows) return []
  return [{ file, problem: `has ${counted} rows: the manifest says ${rows}` }]
}
