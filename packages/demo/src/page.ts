import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { exportSiasn } from '@jejak/cli/commands/export'
import { near } from '@jejak/cli/terminal/paths'
import { asking } from '@jejak/cli/terminal/reports'
import { agencies as known } from '@jejak/competency/agencies'
import { verifyExport } from '@jejak/export/verify'
import { vkeyFile } from '@jejak/storage/log/signer'
import type { Actor } from './cohort.ts'
import type { DemoTarget } from './demo.ts'
import { rowId } from './follow-up.ts'
import { gapLines } from './gap-lines.ts'
import { historyLines } from './history-section.ts'
import { agencies, type Played, planIn, type SentFile } from './play.ts'
import { keepReceipt } from './receipt.ts'
import { type FollowUp, scenarioFolder } from './scenario.ts'
import { ownTokenFile } from './tokens.ts'

export type PageContent = {
  readonly played: Played
  readonly callerOf: (name: string) => Actor
  /** What agencies have: receipts, and rows to correct. */
  readonly files: string
  readonly place: DemoTarget
  /** As they are now: who shows the page reads, and that makes logs grow. */
  readonly headsNow: () => Promise<SignedHeads>
}

/** The last signed head of each log, and the key that has signed it. */
export type SignedHeads = ReadonlyMap<
  string,
  { readonly checkpoint: string; readonly vkey: string }
>

/** What came of the scenario, for a person to read. */
export const demoPage = async (story: PageContent): Promise<string> => {
  const { played, callerOf, files, place } = story
  const { correction } = planIn<FollowUp>('tindak-lanjut.json')
  const asnId = rowId('employee', callerOf(correction.agency), correction.employee)
  const auditor = callerOf('auditor').connection
  const trained = played.participants.filter(({ agency }) => agency === correction.agency)
  const [history, gaps] = await Promise.all([
    historyLines(asking(place.http, callerOf('auditor').token), asnId),
    gapLines(
      auditor,
      trained.map(participant => participant.asnId),
    ),
  ])
  const folder = await exportOnce(story)
  const heads = await story.headsNow()
  const receipt = keepReceipt(
    join(files, correction.agency, 'asesmen-akhir.receipts.jsonl'),
    join(files, 'receipt'),
    heads.get('assessment')?.vkey ?? '',
  )
  const sections = [
    'Jejak: the competency history of civil servants, in logs that prove themselves.\n' +
      'Everybody here is invented (contoh): no real NIP has a sequence from 901.',
    titled(`Came in, from ${near(scenarioFolder)}`, cameIn(played)),
    titled('Refused, with what to do in the files of refused rows', refused(played.files)),
    titled(`One civil servant (ASN ${asnId})`, history),
    titled(`Gap at ${nameOf(correction.agency)}: before and after the training`, gaps),
    titled('Certificates (STTPP), which nobody had to ask for', certificates(played)),
    titled('A file for BKN (riwayat kursus), signed', await exported(folder, heads)),
    titled('The logs and their signed heads: keep a copy where nobody who runs them can reach it', [
      ...headLines(heads),
      `receipt verified: ${receipt.log} has ${near(receipt.entry)} at index ${receipt.index}`,
    ]),
    titled('Next, in another terminal', next(story, receipt)),
  ]
  return `\n${sections.join('\n\n')}\n`
}

const titled = (title: string, lines: readonly string[]): string =>
  [title, ...lines.map(line => `  ${line}`)].join('\n')

const nameOf = (code: string): string => known.find(agency => agency.code === code)?.name ?? code

const cameIn = ({ files, programmes, participants }: Played): string[] => {
  const stored = (agency: string, name: string) =>
    files
      .filter(file => file.agency === agency && file.name.startsWith(name))
      .reduce((sum, file) => sum + file.stored, 0)
  const row = (name: string, numbers: readonly (number | string)[]) =>
    name.padEnd(62) + numbers.map(number => String(number).padStart(9)).join('')
  return [
    row('', ['pegawai', 'peserta', 'asesmen']),
    ...agencies.map(agency =>
      row(nameOf(agency), [
        stored(agency, 'pegawai'),
        participants.filter(participant => participant.agency === agency).length,
        stored(agency, 'asesmen'),
      ]),
    ),
    `programmes: ${programmes.join(', ')}; one correction, one contest (keberatan)`,
  ]
}

const refused = (files: readonly SentFile[]): string[] =>
  files.flatMap(({ agency, name, refused, rejects = '' }) =>
    refused.length === 0
      ? []
      : [
          `${agency}/${name}: ${near(rejects)}`,
          ...refused.map(({ line, why }) => `  line ${line}  ${why}`),
        ],
  )

const certificates = ({ participants, missing }: Played): string[] => {
  const issued = participants.length - missing.length
  const [some] = missing
  return [
    `${issued} of ${participants.length} participants have one`,
    ...(some ? [`${some.enrollmentId} has none:`, ...some.why.map(why => `  ${why}`)] : []),
  ]
}

/** Made once: it is there to be looked at. */
const exportOnce = async ({ callerOf, files, place }: PageContent): Promise<string> => {
  const folder = join(files, 'bkn', 'siasn-kursus')
  const ask = asking(place.http, callerOf('ministry').token)
  if (!existsSync(folder)) await exportSiasn(ask, { format: 'xlsx' }, folder)
  return folder
}

const exported = async (folder: string, heads: SignedHeads): Promise<string[]> => {
  const vkey = heads.get('reporting')?.vkey
  const { manifest, problems } = await verifyExport(folder, { vkey })
  return [
    ...(manifest?.files ?? []).map(({ file, rows }) => `${near(join(folder, file))}: ${rows} rows`),
    ...problems.map(({ file, problem }) => `${file} ${problem}`),
    `${problems.length === 0 ? 'verified' : 'refused'} by the key of the log of reporting`,
  ]
}

const headLines = (heads: SignedHeads): string[] =>
  [...heads].flatMap(([service, { checkpoint }]) => {
    const [origin, size, root] = checkpoint.split('\n')
    return [`${service.padEnd(14)} ${size} events, root ${root}`, `${''.padEnd(14)} ${origin}`]
  })

const jejak = 'npm run -s jejak --'

type Receipt = ReturnType<typeof keepReceipt>

const next = ({ played, files, place }: PageContent, { entry, file }: Receipt): string[] => {
  const { keys, ways } = place
  const http = place.http.replace(/^https?:\/\//, '')
  const tokens = near(place.tokensFile)
  const [some] = played.missing
  const [asked] = played.participants
  const rsud = near(ownTokenFile(keys, 'rsud-daya'))
  const again = near(join(scenarioFolder, 'rsud-daya', 'asesmen-akhir.csv'))
  const receipts = near(join(files, 'rsud-daya', 'asesmen-akhir.receipts.jsonl'))
  const rejects = near(join(files, 'rsud-daya', 'asesmen-akhir.rejects.csv'))
  return [
    `export ${ways.calls} JEJAK_TOKEN=${tokens}`,
    `curl -s -H "authorization: Bearer $(sed -n 's/^auditor //p' ${tokens})" \\`,
    `  "http://${http}/v1/people/${asked?.asnId}/history?asOf=2026-03-31"   # /reads: who read them`,
    `${jejak} why-not ${some?.enrollmentId ?? asked?.enrollmentId}`,
    `${jejak} submit ${again} --token ${rsud} \\`,
    `  --receipts ${receipts} \\`,
    `  --rejects ${rejects}   # nothing is stored twice`,
    `${jejak} export verify ${near(join(files, 'bkn', 'siasn-kursus'))}`,
    ...ways.verify.map(words => `${jejak} ${words}`),
    `${jejak} log receipt ${near(file)} \\`,
    `  --entry ${near(entry)} --vkey ${near(vkeyFile(keys, 'assessment'))}`,
    `${jejak} token list ${ways.store}`,
    `${jejak} erase ${asked?.asnId} --basis "UU 27/2022 Pasal 43"   # for good`,
  ]
}
