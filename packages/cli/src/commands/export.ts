import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import type { ExportKind } from '@jejak/export/kind'
import { exportKinds } from '@jejak/export/kinds'
import {
  checkManifest,
  type Manifest,
  manifestName,
  manifestSha256,
  noteName,
} from '@jejak/export/manifest'
import { verifyExport } from '@jejak/export/verify'
import { Command, InvalidArgumentError, Option } from 'commander'
import { tokenIn, tokenOption } from '../terminal/connection.ts'
import { endpointsOption } from '../terminal/endpoints.ts'
import { CommandFailed, CommandRefused, print } from '../terminal/exit.ts'
import { forgetRequest, requestAt, type Wanted } from '../terminal/export-request.ts'
import { userPath } from '../terminal/paths.ts'
import { progressBar } from '../terminal/progress.ts'
import {
  type Ask,
  asking,
  httpOption,
  type ReportsOptions,
  reportsAt,
} from '../terminal/reports.ts'
import { verifyExportCommand } from './export-verify.ts'

type Options = ReportsOptions & {
  readonly format: string
  readonly out: string
  readonly unit?: string
  readonly year?: number
  readonly json?: true
}

type Made = {
  readonly exportId: string
  readonly manifest: Manifest
  readonly leftOut: Readonly<Record<string, number>>
}

const yearIn = (text: string): number => {
  if (/^\d{4}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a year, as 2026.')
}

/** Makes an export of the kind. */
const commandOf = (kind: ExportKind) =>
  new Command(kind.name)
    .description(kind.description)
    .addOption(
      new Option('--format <format>', 'of the file').choices(kind.formats).makeOptionMandatory(),
    )
    .requiredOption('--out <dir>', 'a folder that is not there yet')
    .option('--unit <code>', 'of those who served at this agency that day, as rsud-daya')
    .option('--year <year>', 'of courses that were completed in this year', yearIn)
    .addOption(httpOption())
    .addOption(endpointsOption())
    .addOption(tokenOption())
    .option('--json', 'print the manifest as JSON')
    .addHelpText(
      'after',
      `
The folder gets the rows, manifest.json, which says what was asked and how far each log was known,
and manifest.json.note, by which the key of the reporting log vouches for it. All of it is verified
before the folder is there. Whose data it has is recorded before it is given out.

Until it is there, DIR.request lies beside it: run again after a failure, the same command fetches
what was made already, for as long as the service keeps its rows (a day). Run again once it is
there, with another --out, it makes a new one, which takes the place of the one before it.

  $ npm run -s jejak -- export ${kind.name} --format xlsx --out kursus-2026 --year 2026
  $ npm run -s jejak -- export verify kursus-2026 --vkey data.keys/reporting.vkey`,
    )
    .action(async (options: Options) => {
      const out = userPath(options.out)
      if (existsSync(out)) {
        forgetRequest(out) // It was killed between the last two steps.
        throw new CommandFailed('Exists', `${out} is there already: name another`)
      }
      const ask = asking(reportsAt(options), tokenIn(options.token, ['hr', 'ministry', 'auditor']))
      const { format, unit, year } = options
      const made = await makeExport(ask, kind, { format, unit, year }, out)
      if (options.json) print({ out, ...made })
      else console.log(describe(out, made))
    })

export const exportCommand = new Command('export')
  .description('files for ministries, and whether they are what was signed')
  .addHelpText(
    'after',
    `
  $ npm run -s jejak -- export siasn-kursus --format csv --out kursus --unit rsud-daya
  $ npm run -s jejak -- export verify kursus`,
  )
for (const command of [...exportKinds.map(commandOf), verifyExportCommand]) {
  exportCommand.addCommand(command)
}

/** Has an export made, and fetches it into a folder that is there only once it is verified. */
export const makeExport = async (
  ask: Ask,
  kind: ExportKind,
  wanted: Wanted,
  out: string,
): Promise<Made> => {
  const { requestId, isKept } = requestAt(out, wanted)
  try {
    const made = await fetchExport(ask, kind, { requestId, ...wanted }, out)
    forgetRequest(out)
    return made
  } catch (error) {
    const isGone = error instanceof CommandFailed && error.problem === 'export-gone'
    if (!isKept || !isGone) throw error
    forgetRequest(out) // What an earlier run had made is not kept any more.
    return makeExport(ask, kind, wanted, out)
  }
}

type Asked = Wanted & { readonly requestId: string }

const fetchExport = async (
  ask: Ask,
  { name }: ExportKind,
  asked: Asked,
  out: string,
): Promise<Made> => {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify(asked)
  const answer = await ask(`/exports/${name}`, { method: 'POST', body, headers })
  const made = (await answer.json()) as Made
  const problem = checkManifest(made.manifest)
  if (problem) throw new CommandFailed('BadAnswer', `it is no manifest that came: ${problem}`)
  await download(ask, made.manifest, out)
  return made
}

/** Beside its place until all of it is verified: what is in its place is whole. */
const download = async (ask: Ask, manifest: Manifest, out: string): Promise<void> => {
  const part = `${out}.part`
  await rm(part, { recursive: true, force: true })
  await mkdir(part, { recursive: true, mode: 0o700 })
  try {
    await fetchFiles(ask, manifest, part)
    const came = await verifyExport(part, { vkey: manifest.vkey })
    const [first] = came.problems
    if (came.manifest && manifestSha256(came.manifest) !== manifestSha256(manifest)) {
      throw new CommandRefused(
        'Changed',
        { file: manifestName },
        'it is the manifest of another export',
      )
    }
    if (first)
      throw new CommandRefused('Changed', { file: first.file }, `${first.file} ${first.problem}`)
    await rename(part, out)
  } catch (error) {
    await rm(part, { recursive: true, force: true })
    throw error
  }
}

const fetchFiles = async (ask: Ask, { exportId, files }: Manifest, to: string): Promise<void> => {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const bar = progressBar('bytes', total)
  let done = 0
  const counting = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      done += chunk.length
      bar.to(Math.min(done, total))
      yield chunk
    }
  }
  try {
    for (const file of [...files.map(it => it.file), manifestName, noteName]) {
      const { body } = await ask(`/exports/${exportId}/${file}`)
      if (!body) throw new CommandFailed('BadAnswer', `${file} came without its bytes`)
      const path = createWriteStream(join(to, file), { mode: 0o600, flush: true })
      await pipeline(Readable.fromWeb(body as ReadableStream), counting, path)
    }
  } finally {
    bar.stop()
  }
}

const describe = (out: string, { manifest, leftOut }: Made): string =>
  [
    `exported ${manifest.name} ${manifest.exportId}, made ${manifest.madeAt}`,
    ...manifest.files.map(({ file, rows, bytes, sha256 }) =>
      [`  file   ${join(out, file)}: ${rows} rows, ${bytes} bytes`, `  sha256 ${sha256}`].join(
        '\n',
      ),
    ),
    `  logs   ${manifest.heads.map(({ log }) => log).join(', ')}: their heads are in the manifest`,
    ...(manifest.supersedes ? [`  takes the place of ${manifest.supersedes}`] : []),
    ...Object.entries(leftOut)
      .filter(([, count]) => count > 0)
      .map(([why, count]) => `  left out: ${count} ${why}`),
  ].join('\n')
