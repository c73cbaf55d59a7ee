import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import type { ExportKind } from '@jejak/export/kind'
import {
  checkManifest,
  type Manifest,
  manifestName,
  manifestSha256,
  noteName,
} from '@jejak/export/manifest'
import { verifyExport } from '@jejak/export/verify'
import { terminalText } from '@jejak/texts/terminal'
import type { Text } from '@jejak/texts/text'
import { v7 } from 'uuid'
import { requestIdOf } from '../files/request-id.ts'
import type { AskReports } from './connection.ts'
import { CommandFailed, CommandRefused } from './exit.ts'
import { withProgress } from './progress.ts'

export type ExportParameters = {
  readonly format: string
  readonly unit?: string | undefined
  readonly year?: number | undefined
}

export type MadeExport = {
  readonly exportId: string
  readonly manifest: Manifest
  readonly leftOut: Readonly<Record<string, number>>
  readonly lacking: readonly {
    readonly field: string
    readonly rows: number
    readonly from: Text
  }[]
}

/** Requests an export, and downloads it to a folder, which is there once it is verified. */
export const makeExport = async (
  ask: AskReports,
  kind: ExportKind,
  query: ExportParameters,
  out: string,
): Promise<MadeExport> => {
  const { requestId, isKept } = requestFor(out, query)
  try {
    const made = await requestExport(ask, kind, { requestId, ...query }, out)
    forgetRequest(out)
    return made
  } catch (error) {
    const isGone = error instanceof CommandFailed && error.problem === 'export-gone'
    if (!isKept || !isGone) throw error
    forgetRequest(out) // The service has deleted what an earlier run requested.
    return makeExport(ask, kind, query, out)
  }
}

const requestExport = async (
  ask: AskReports,
  kind: ExportKind,
  request: ExportParameters & { readonly requestId: string },
  out: string,
): Promise<MadeExport> => {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify(request)
  const answer = await ask(`/exports/${kind.name}`, { method: 'POST', body, headers })
  const made = (await answer.json()) as MadeExport
  const problem = checkManifest(made.manifest)
  if (problem) throw badAnswer(terminalText({ key: 'not-a-manifest', values: { problem } }))
  await download(ask, made.manifest, out)
  return made
}

const badAnswer = (detail: string) => new CommandFailed('BadAnswer', detail)

/** Downloads beside the folder, and renames once all is verified: a folder in place is complete. */
const download = async (ask: AskReports, manifest: Manifest, out: string): Promise<void> => {
  const part = `${out}.part`
  await rm(part, { recursive: true, force: true })
  await mkdir(part, { recursive: true, mode: 0o700 })
  try {
    await fetchFiles(ask, manifest, part)
    const downloaded = await verifyExport(part, { vkey: manifest.vkey })
    const [first] = downloaded.problems
    if (downloaded.manifest && manifestSha256(downloaded.manifest) !== manifestSha256(manifest)) {
      const detail = terminalText('another-manifest')
      throw new CommandRefused('Changed', { file: manifestName }, detail)
    }
    if (first) {
      const { file, problem } = first
      throw new CommandRefused('Changed', { file }, `${file} ${problem}`)
    }
    await rename(part, out)
  } catch (error) {
    await rm(part, { recursive: true, force: true })
    throw error
  }
}

const fetchFiles = async (
  ask: AskReports,
  { exportId, files }: Manifest,
  to: string,
): Promise<void> => {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  await withProgress(terminalText('bytes'), async progress => {
    const counting = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        done += chunk.length
        progress(Math.min(done, total), total)
        yield chunk
      }
    }
    for (const file of [...files.map(it => it.file), manifestName, noteName]) {
      const { body } = await ask(`/exports/${exportId}/${file}`)
      if (!body) throw badAnswer(terminalText({ key: 'file-without-bytes', values: { file } }))
      const path = createWriteStream(join(to, file), { mode: 0o600, flush: true })
      await pipeline(Readable.fromWeb(body as ReadableStream), counting, path)
    }
  })
}

/**
 * The id of the request for an export into a folder. Its seed is kept beside the folder until the
 * export is there: after a failure, the same command has the same id, and gets the same export.
 */
const requestFor = (out: string, query: ExportParameters) => {
  const path = requestFile(out)
  const kept = existsSync(path) ? readFileSync(path, 'utf8').trim() : ''
  const isKept = /^[0-9a-f-]{36}$/.test(kept)
  const seed = isKept ? kept : v7()
  if (!isKept) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(path, `${seed}\n`, { mode: 0o600, flush: true })
  }
  return { requestId: requestIdOf('export', seed, JSON.stringify(query)), isKept }
}

/** From now on, the same query is a new request. */
export const forgetRequest = (out: string): void => rmSync(requestFile(out), { force: true })

const requestFile = (out: string) => `${out}.request`
