import { existsSync } from 'node:fs'
import { BackupRefused } from '@jejak/embedded/backup-manifest'
import { type Restored, type RestoredLog, restore } from '@jejak/embedded/restore'
import { erasuresFile } from '@jejak/privacy/erasures'
import { keysFolder } from '@jejak/storage/data-folder'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { CommandRefused, print } from '../terminal/exit.ts'
import { dataOption, keysOption, optionalPath } from '../terminal/options.ts'
import { userPath } from '../terminal/paths.ts'

type Options = {
  readonly data: string
  readonly keys?: string
  readonly newOrigin?: boolean
  readonly json?: boolean
}

export const restoreCommand = new Command('restore')
  .description('make a data folder from a backup')
  .argument('<dir>', 'what jejak backup has made')
  .addOption(dataOption())
  .addOption(keysOption())
  .option('--new-origin', 'where more was signed than was backed up, go on as another log')
  .option('--json', 'print the result as JSON')
  .addHelpText(
    'after',
    `
The data folder must be empty, or not there yet. Every file is checked by its SHA-256.

Where a log has signed for more than the backup has, jejak up does not start with it: somebody may
hold a receipt for what is missing. Look for a newer backup first. Where there is none, --new-origin
goes on all the same: such a log becomes another, with another name and key. Its events stay as they
are; the next one names the log they are of and the head that is given up. The former key and head
are put aside in the folder of keys. There is no way back.

Exit status: 0 restored, 1 the backup was altered, 2 nothing could be done.

  $ npm run -s jejak -- restore backups/2026-11-24 --data data`,
  )
  .action(async (dir: string, { data, keys, newOrigin = false, json = false }: Options) => {
    const from = userPath(dir)
    const to = { data: userPath(data), keys: optionalPath(keys) }
    const restored = await restore({ from, ...to, newOrigin }).catch(error => {
      if (!(error instanceof BackupRefused) || error.reason !== 'Altered') throw error
      throw new CommandRefused('Altered', { file: from }, error.message)
    })
    if (json) print({ data: to.data, ...restored })
    else console.log(describe(restored, data, keysFolder(to.data, to.keys)))
  })

const describe = ({ manifest, logs, archive }: Restored, data: string, keys: string): string =>
  [
    terminalText({ key: 'restored', values: { folder: data, begun: manifest.begun } }),
    ...logs.map(describeLog),
    ...(archive ? ['', terminalText({ key: 'archived', values: { path: archive } })] : []),
    ...(logs.some(one => one.service === 'enrollment' && one.continuedAs) ? [ofErased(keys)] : []),
    ...(logs.some(({ lost, continuedAs }) => lost && !continuedAs)
      ? ['', terminalText('restore-advice')]
      : []),
  ].join('\n')

const ofErased = (keys: string): string =>
  terminalText(existsSync(erasuresFile(keys)) ? 'erasures-not-in-log' : 'erasures-undone')

const describeLog = ({ service, size, lost, signed = 0, continuedAs }: RestoredLog): string => {
  const log = { service, size }
  if (continuedAs) {
    return terminalText({ key: 'log-continued', values: { ...log, name: continuedAs } })
  }
  if (lost === 'head') return terminalText({ key: 'head-lost', values: { ...log, signed } })
  return terminalText({ key: lost === 'key' ? 'key-lost' : 'log-size', values: log })
}
