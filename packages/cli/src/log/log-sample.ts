import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ExportedLog, exportLog } from '@jejak/audit/log/export-log'
import { verifyData } from '@jejak/audit/log/verify-data'
import { logKey } from '@jejak/replay/heads'
import { openDataSource } from '@jejak/replay/source'
import { keysFolder } from '@jejak/storage/data-folder'
import type { ProvenLog } from '@jejak/storage/log/open'
import { vkeyFile } from '@jejak/storage/log/signer'
import { helpOf } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { formatReceipt, verifyReceipt } from '@jejak/transparency/receipt'
import { Command } from 'commander'
import { type Imported, importFile } from '../events/import-file.ts'
import { samplePath } from '../events/sample.ts'
import { keysOption, optionalPath } from '../terminal/options.ts'
import { relativePath } from '../terminal/paths.ts'
import { withProgress } from '../terminal/progress.ts'
import { showVerification } from '../terminal/verification.ts'
import { sayKey } from './log-import.ts'

const service = 'assessment'
const project = fileURLToPath(new URL('../../../..', import.meta.url))

type Options = { readonly data?: string; readonly keys?: string }
type Reject = { readonly line: number; readonly reason: string }

const help = helpOf('log sample')

export const logSampleCommand = new Command('sample')
  .description(help.description)
  .option('--data <dir>', help.inputs.data)
  .addOption(keysOption())
  .addHelpText('after', help.after)
  .action(async (options: Options) => {
    const data = optionalPath(options.data) ?? join(project, 'data', 'sample')
    const keys = keysFolder(data, optionalPath(options.keys))
    const rejects: Reject[] = []
    const imported = await importFile({
      service,
      data,
      keys,
      file: samplePath,
      rejects: join(data, 'assessments.rejects.jsonl'),
      onKey: sayKey,
      onReject: (line, reason) => void rejects.push({ line, reason }),
      onVerification: showVerification(line => console.error(line)),
      after: log => keepReceipt(log, join(data, 'receipt')),
    })
    const verified = await withProgress(
      terminalText({ key: 'verifying-log', values: { service } }),
      progress => verifyData({ data, service, keys, vkey: imported.vkey, against: [], progress }),
    )
    const source = await openDataSource(data, service)
    try {
      const exported = await withProgress(terminalText('exporting'), progress =>
        exportLog(source, join(data, 'export'), { keys, progress }),
      )
      console.log(page({ data, keys, imported, rejects, exported, streams: verified.streams }))
    } finally {
      await source.close()
    }
  })

/** The first event with its receipt, as files: verified before anybody is told of them. */
const keepReceipt = async (log: ProvenLog, folder: string): Promise<void> => {
  const head = log.head()
  const { value: first } = await log.read(0)[Symbol.asyncIterator]().next()
  if (!head || !first) return
  const [entry] = first.entries
  const proof = await log.inclusion(0, head.size)
  const receipt = formatReceipt({ index: 0, proof, checkpoint: head.checkpoint })
  verifyReceipt(receipt, entry, [logKey(log.vkey, 'the log')])
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'event.json'), entry)
  writeFileSync(join(folder, 'event.tlog-proof'), receipt)
}

type Page = {
  readonly data: string
  readonly keys: string
  readonly imported: Imported
  readonly rejects: readonly Reject[]
  readonly exported: ExportedLog
  readonly streams: number
}

const page = (sample: Page): string => {
  const { data, exported } = sample
  const folder = at(data, 'export')
  const vkey = at(vkeyFile(sample.keys, service))
  const receipt = at(data, 'receipt')
  const first = at(folder, 'tile/entries/000')
  return `
${resultOf(sample)}

${terminalText('sample-head')}

${exported.checkpoint.replace(/^(?=.)/gm, '    ')}
${terminalText('sample-next')}

  npm run -s jejak -- log verify ${folder} --vkey ${vkey}
  npm run -s jejak -- log verify --data ${at(data)}
  npm run -s jejak -- log receipt ${receipt}/event.tlog-proof \\
    --entry ${receipt}/event.json --vkey ${vkey}
  npm run -s jejak -- log stat --data ${at(data)}

${terminalText('sample-tamper')}

  printf X | dd of=${first} bs=1 seek=99 conv=notrunc status=none
  npm run -s jejak -- log verify ${folder} --vkey ${vkey}
`
}

const resultOf = ({ data, imported, rejects, exported, streams }: Page): string => {
  const receipt = at(data, 'receipt')
  const cameIn = { ...imported, streams, path: at(samplePath) }
  const refused = { count: rejects.length, path: at(imported.rejects ?? data) }
  const files = { ...exported, folder: at(data, 'export') }
  const proof = { proof: `${receipt}/event.tlog-proof`, event: `${receipt}/event.json` }
  return [
    terminalText({ key: 'sample-came-in', values: cameIn }),
    terminalText({ key: 'sample-refused', values: refused }),
    rejects.map(values => terminalText({ key: 'sample-rejected-line', values })).join('\n'),
    terminalText({ key: 'sample-verified', values: { path: at(data, service, 'log.db') } }),
    terminalText({ key: 'sample-exported', values: files }),
    terminalText({ key: 'sample-receipt', values: proof }),
  ].join('\n')
}

const at = (...path: string[]): string => relativePath(join(...path))
