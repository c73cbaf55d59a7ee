import { createHash } from 'node:crypto'
import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { boundedChunks, openRegular, readBounded } from '@jejak/storage/bounded-file'
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
  const there = await namesIn(dir)
  const missing = [manifestName, noteName].filter(file => !there.includes(file))
  if (missing.length > 0) {
    return { problems: missing.map(file => ({ file, problem: 'is missing: not complete' })) }
  }
  const text = await textOf(join(dir, manifestName))
  const read = typeof text === 'string' ? parse(text) : text.problem
  if (typeof read === 'string') return { problems: [{ file: manifestName, problem: read }] }
  const note = await textOf(join(dir, noteName))
  const problems = [
    ...keyProblems(read, note, trusted),
    ...read.heads.flatMap(headProblems),
    ...strangers(read, there),
  ]
  for (const file of read.files) problems.push(...(await fileProblems(dir, file, read.fields)))
  return { manifest: read, problems }
}

/** An export has a few files. With so many names a folder is none, and the rest is not listed. */
const namesMax = 1_000

const namesIn = async (dir: string): Promise<readonly string[]> => {
  const names: string[] = []
  for await (const { name } of await opendir(dir)) if (names.push(name) === namesMax) break
  return names
}

/** Sixteen heads of a hundred thousand characters, and the rest. */
const textBytesMax = 4 * 1024 * 1024

type ReadText = string | { readonly problem: string }

const textOf = async (path: string): Promise<ReadText> => {
  try {
    return unicode(await readBounded(path, textBytesMax)) ?? { problem: 'is not UTF-8' }
  } catch (error) {
    return { problem: unreadable(error) }
  }
}

const unreadable = (error: unknown) => `can't be read: ${(error as Error).message}`

const parse = (text: string): Manifest | string => {
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

const keyProblems = (manifest: Manifest, note: ReadText, trusted?: string) => {
  const problems: ExportProblem[] = []
  if (trusted !== undefined && trusted !== manifest.vkey) {
    problems.push({ file: manifestName, problem: `names another key: ${manifest.vkey}` })
  }
  const found = refusal(() => {
    if (typeof note !== 'string') return note.problem
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
  try {
    const found = await sizeOf(path)
    if (found !== bytes) return [{ file, problem: `has been changed: it has ${found} bytes` }]
    const sum = createHash('sha256')
    for await (const chunk of boundedChunks(path, bytes)) sum.update(chunk)
    const digest = sum.digest('hex')
    if (digest !== sha256) return [{ file, problem: `has been changed: SHA-256 ${digest}` }]
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return [{ file, problem: isMissing ? 'is missing' : unreadable(error) }]
  }
  const counted = await countRows({ format, path, bytes }, fields, rows)
  return typeof counted === 'string' ? [{ file, problem: counted }] : []
}

const sizeOf = async (path: string): Promise<number> => {
  const file = await openRegular(path)
  try {
    return (await file.stat()).size
  } finally {
    await file.close()
  }
}
