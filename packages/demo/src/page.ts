import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TokenStore } from '@jejak/access/tokens'
import { askingReports } from '@jejak/cli/terminal/connection'
import { makeExport } from '@jejak/cli/terminal/export-fetch'
import { relativePath } from '@jejak/cli/terminal/paths'
import { agencies } from '@jejak/competency/agencies'
import { siasnKursus } from '@jejak/export/siasn-kursus'
import { verifyExport } from '@jejak/export/verify'
import {
  AssessmentService,
  ContestStatus,
  Phase,
} from '@jejak/proto/jejak/assessment/v1/assessment'
import { logKey } from '@jejak/replay/heads'
import type { Connection } from '@jejak/rpc/client'
import type { ServiceAddresses } from '@jejak/rpc/endpoints'
import { vkeyFile } from '@jejak/storage/log/signer'
import { auditText } from '@jejak/texts/audit'
import { pageText } from '@jejak/texts/page'
import { verifyReceipt } from '@jejak/transparency/receipt'
import type { Actor } from './cohort.ts'
import { rowId } from './follow-up.ts'
import { historySection } from './history-section.ts'
import { agencyCodes } from './people.ts'
import { type Played, planIn, type SentFile } from './play.ts'
import { type FollowUp, scenarioFolder } from './scenario.ts'
import { ownTokenFile } from './tokens.ts'

/** The services that the scenario is played to, in this process or elsewhere. */
export type DemoTarget = {
  readonly tokens: Pick<TokenStore, 'find' | 'issueAll'>
  /** Has a line for each office: its role and its token. */
  readonly tokensFile: string
  /** Folder of the marker file that says that the scenario was played. */
  readonly data: string
  /** Folder of the tokens of agencies and of the public keys of the logs. */
  readonly keys: string
  readonly grpc: string | ServiceAddresses
  readonly http: string
  /** Whether consumers have caught up and nothing is left to do. */
  readonly idle: () => Promise<boolean>
  readonly signal: AbortSignal
  readonly say: (line: string) => void
  readonly commands: CommandParts
}

/** Parts of the commands that the page suggests. */
type CommandParts = {
  /** The environment variable for the address, with its value. */
  readonly connection: string
  /** Arguments of `jejak` that verify the logs. */
  readonly verify: readonly string[]
  /** The option for the store of tokens. */
  readonly tokenStore: string
}

export type PageContent = {
  readonly played: Played
  readonly actorOf: (name: string) => Actor
  /** Folder of receipts and refused rows, with a folder for each agency. */
  readonly files: string
  readonly target: DemoTarget
  /** Read last: making the page reads personal data, which is logged. */
  readonly headsNow: () => Promise<SignedHeads>
}

/** The last signed head of each log, and the public key for its signature. */
export type SignedHeads = ReadonlyMap<
  string,
  { readonly checkpoint: string; readonly vkey: string }
>

/** The results of the scenario as a page of text. */
export const demoPage = async (content: PageContent): Promise<string> => {
  const { played, actorOf, files, target } = content
  const { correction } = planIn<FollowUp>('tindak-lanjut.json')
  const asnId = rowId('employee', actorOf(correction.agency), correction.employee)
  const auditor = actorOf('auditor').connection
  const trained = played.participants.filter(({ agency }) => agency === correction.agency)
  const [history, gaps] = await Promise.all([
    historySection(askingReports(target.http, actorOf('auditor').token), asnId),
    gapLines(
      auditor,
      trained.map(participant => participant.asnId),
    ),
  ])
  const folder = await exportOnce(content)
  const heads = await content.headsNow()
  const receipt = keepReceipt(
    join(files, correction.agency, 'asesmen-akhir.receipts.jsonl'),
    join(files, 'receipt'),
    heads.get('assessment')?.vkey ?? '',
  )
  const entry = relativePath(receipt.entry)
  const sections = [
    pageText('title'),
    titled({ key: 'came-in', values: { folder: relativePath(scenarioFolder) } }, cameIn(played)),
    titled('refused', refused(played.files)),
    titled({ key: 'person', values: { asnId } }, history),
    titled({ key: 'gap', values: { agency: nameOf(correction.agency) } }, gaps),
    titled('certificates', certificates(played)),
    titled('export', await exported(folder, heads)),
    titled('heads', [
      ...headLines(heads),
      pageText({ key: 'receipt-verified', values: { ...receipt, entry } }),
    ]),
    titled('next', next(content, receipt)),
  ]
  return `\n${sections.join('\n\n')}\n`
}

const titled = (title: Parameters<typeof pageText>[0], lines: readonly string[]): string =>
  [pageText(title), ...lines.map(line => `  ${line}`)].join('\n')

const nameOf = (code: string): string => agencies.find(agency => agency.code === code)?.name ?? code

const cameIn = ({ files, programmes, participants }: Played): string[] => {
  const stored = (agency: string, name: string) =>
    files
      .filter(file => file.agency === agency && file.name.startsWith(name))
      .reduce((sum, file) => sum + file.stored, 0)
  const row = (name: string, numbers: readonly (number | string)[]) =>
    name.padEnd(62) + numbers.map(number => String(number).padStart(9)).join('')
  return [
    row('', ['pegawai', 'peserta', 'asesmen']),
    ...agencyCodes.map(agency =>
      row(nameOf(agency), [
        stored(agency, 'pegawai'),
        participants.filter(participant => participant.agency === agency).length,
        stored(agency, 'asesmen'),
      ]),
    ),
    pageText({ key: 'programmes', values: { programmes } }),
  ]
}

const refused = (files: readonly SentFile[]): string[] =>
  files.flatMap(({ agency, name, refused, rejects = '' }) =>
    refused.length === 0
      ? []
      : [
          `${agency}/${name}: ${relativePath(rejects)}`,
          ...refused.map(values => `  ${pageText({ key: 'refused-line', values })}`),
        ],
  )

/** The width of a bar for level 5. */
const barColumns = 30

/** The mean level of those who were trained, by competency, before and after. */
const gapLines = async (connection: Connection, asnIds: readonly string[]): Promise<string[]> => {
  const client = connection.client(AssessmentService)
  const pages = await Promise.all(asnIds.map(asnId => client.listAssessments({ asnId })))
  const counting = pages
    .flatMap(({ assessments }) => assessments)
    .filter(({ supersededBy, contest }) => !supersededBy && contest !== ContestStatus.UPHELD)
    .flatMap(({ assessment }) => assessment ?? [])
  const byCompetency = [...Map.groupBy(counting, ({ competency }) => competency)]
  return byCompetency.toSorted().flatMap(([competency, all]) => {
    const mean = (of: Phase) => {
      const levels = all.filter(({ phase }) => phase === of).map(({ level }) => level)
      return levels.reduce((sum, level) => sum + level, 0) / (levels.length || 1)
    }
    const bar = (name: string, level: number) =>
      `${name} ${'█'.repeat(Math.round((level * barColumns) / 5)).padEnd(barColumns, '·')} ` +
      level.toFixed(2)
    return [
      bar(`${competency.padEnd(22)} awal `, mean(Phase.BASELINE)),
      bar(`${''.padEnd(22)} akhir`, mean(Phase.AFTER_TRAINING)),
    ]
  })
}

const certificates = ({ participants, missing }: Played): string[] => {
  const issued = participants.length - missing.length
  const [some] = missing
  return [
    pageText({ key: 'have-certificates', values: { issued, all: participants.length } }),
    ...(some
      ? [pageText({ key: 'has-no-certificate', values: some }), ...some.why.map(why => `  ${why}`)]
      : []),
  ]
}

/** Made once: later starts show the same file. */
const exportOnce = async ({ actorOf, files, target }: PageContent): Promise<string> => {
  const folder = join(files, 'bkn', siasnKursus.name)
  const ask = askingReports(target.http, actorOf('ministry').token)
  if (!existsSync(folder)) await makeExport(ask, siasnKursus, { format: 'xlsx' }, folder)
  return folder
}

const exported = async (folder: string, heads: SignedHeads): Promise<string[]> => {
  const vkey = heads.get('reporting')?.vkey
  const { manifest, problems } = await verifyExport(folder, { vkey })
  return [
    ...(manifest?.files ?? []).map(({ file, rows }) => {
      const values = { path: relativePath(join(folder, file)), rows }
      return pageText({ key: 'exported-rows', values })
    }),
    ...problems.map(({ file, problem }) => `${file} ${problem}`),
    pageText(problems.length === 0 ? 'export-verified' : 'export-refused'),
  ]
}

const headLines = (heads: SignedHeads): string[] =>
  [...heads].flatMap(([service, { checkpoint }]) => {
    const [origin, size = '', root = ''] = checkpoint.split('\n')
    const head = auditText({ key: 'audited-log', values: { size, root } })
    return [`${service.padEnd(14)} ${head}`, `${''.padEnd(14)} ${origin}`]
  })

type Receipted = { readonly entries: readonly string[]; readonly receipts: readonly string[] }

/** Verifies the first receipt of a file, and writes it as two files that anybody can verify. */
const keepReceipt = (receipts: string, folder: string, vkey: string) => {
  const [line = '{}'] = readFileSync(receipts, 'utf8').split('\n')
  const { entries, receipts: proofs }: Receipted = JSON.parse(line)
  const [bytes, proof] = [Buffer.from(entries[0] ?? ''), proofs[0] ?? '']
  const key = logKey(vkey, 'the log')
  const { index } = verifyReceipt(proof, bytes, [key])
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const [entry, file] = [join(folder, 'event.json'), join(folder, 'event.tlog-proof')]
  writeFileSync(entry, bytes)
  writeFileSync(file, proof)
  return { log: key.name, index, entry, file }
}

const jejak = 'npm run -s jejak --'

type Receipt = ReturnType<typeof keepReceipt>

const next = ({ played, files, target }: PageContent, { entry, file }: Receipt): string[] => {
  const { keys, commands } = target
  const http = target.http.replace(/^https?:\/\//, '')
  const tokens = relativePath(target.tokensFile)
  const [some] = played.missing
  const [asked] = played.participants
  const rsud = relativePath(ownTokenFile(keys, 'rsud-daya'))
  const again = relativePath(join(scenarioFolder, 'rsud-daya', 'asesmen-akhir.csv'))
  const receipts = relativePath(join(files, 'rsud-daya', 'asesmen-akhir.receipts.jsonl'))
  const rejects = relativePath(join(files, 'rsud-daya', 'asesmen-akhir.rejects.csv'))
  return [
    `export ${commands.connection} JEJAK_TOKEN=${tokens}`,
    `curl -s -H "authorization: Bearer $(sed -n 's/^auditor //p' ${tokens})" \\`,
    `  "http://${http}/v1/people/${asked?.asnId}/history?asOf=2026-03-31"` +
      `   # ${pageText('who-read')}`,
    `${jejak} why-not ${some?.enrollmentId ?? asked?.enrollmentId}`,
    `${jejak} submit ${again} --token ${rsud} \\`,
    `  --receipts ${receipts} \\`,
    `  --rejects ${rejects}   # ${pageText('nothing-twice')}`,
    `${jejak} export verify ${relativePath(join(files, 'bkn', siasnKursus.name))}`,
    ...commands.verify.map(words => `${jejak} ${words}`),
    `${jejak} log receipt ${relativePath(file)} \\`,
    `  --entry ${relativePath(entry)} --vkey ${relativePath(vkeyFile(keys, 'assessment'))}`,
    `${jejak} token list ${commands.tokenStore}`,
    `${jejak} erase ${asked?.asnId} --basis "UU 27/2022 Pasal 43" \\`,
    '  --disposition dinilai-kembali --override "Putusan PTUN 12/G/2026"' +
      `   # ${pageText('for-good')}`,
  ]
}
