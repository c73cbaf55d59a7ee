import { existsSync } from 'node:fs'
import { BackupRefused } from '@jejak/embedded/backup-manifest'
import { type Restored, type RestoredLog, restore } from '@jejak/embedded/restore'
import { erasuresFile } from '@jejak/privacy/erasures'
import { keysFolder } from '@jejak/storage/data-folder'
import { helpOf, optionText } from '@jejak/texts/help'
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

const help = helpOf('restore')

export const restoreCommand = new Command('restore')
  .description(help.description)
  .argument('<dir>', help.inputs.dir)
  .addOption(dataOption())
  .addOption(keysOption())
  .option('--new-origin', help.inputs.newOrigin)
  .option('--json', optionText('result-as-json'))
  .addHelpText('after', help.after)
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

const describeLog = ({ service, size, lost, signed, continuedAs }: RestoredLog): string => {
  const log = { service, size }
  if (continuedAs) {
    return terminalText({ key: 'log-continued', values: { ...log, name: continuedAs } })
  }
  if (lost === 'head' && signed !== undefined) {
    return terminalText({ key: 'head-lost', values: { ...log, signed } })
  }
  return terminalText({ key: lost ? textOfLost[lost] : 'log-size', values: log })
}

const textOfLost = { head: 'head-missing', key: 'key-lost', macs: 'macs-lost' } as const
