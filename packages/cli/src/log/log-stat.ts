import { signedHeads } from '@jejak/audit/log/signed-heads'
import { servicesToVerify } from '@jejak/audit/log/verify-data'
import { parseEvent } from '@jejak/replay/event-json'
import { logKey } from '@jejak/replay/heads'
import { type LogSource, openDataSource, openMongoSource } from '@jejak/replay/source'
import { keysFolder } from '@jejak/storage/data-folder'
import { helpOf, optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { CommandFailed, print } from '../terminal/exit.ts'
import { dataOption, keysOption, mongoOption, optionalPath } from '../terminal/options.ts'
import { userPath } from '../terminal/paths.ts'

type Options = {
  readonly service?: string
  readonly data: string
  readonly mongo?: string
  readonly keys?: string
  readonly json?: boolean
}

const help = helpOf('log stat')

export const logStatCommand = new Command('stat')
  .description(help.description)
  .option('--service <name>', help.inputs.service)
  .addOption(dataOption())
  .addOption(mongoOption())
  .addOption(keysOption())
  .option('--json', optionText('result-as-json'))
  .addHelpText('after', help.after)
  .action(async (options: Options) => {
    for await (const source of sources(options)) {
      try {
        const keys = options.mongo ? undefined : keysFolder(userPath(options.data))
        const stat = await statOf(source, optionalPath(options.keys) ?? keys)
        if (options.json) print(stat)
        else console.log(terminalText({ key: 'stat', values: stat }))
      } finally {
        await source.close()
      }
    }
  })

async function* sources({ service, data, mongo }: Options): AsyncGenerator<LogSource> {
  if (mongo === undefined) {
    const folder = userPath(data)
    for (const name of servicesToVerify(folder, service)) yield await openDataSource(folder, name)
  } else if (service === undefined) {
    throw new CommandFailed('Usage', terminalText('mongo-needs-service'))
  } else yield await openMongoSource(mongo, service)
}

const statOf = async (source: LogSource, keys: string | undefined) => {
  const { service, file, identity } = source
  const heads = await signedHeads(source, logKey(identity.vkey, file), keys)
  const head = heads.reduce((one, other) => (other.size > one.size ? other : one))
  const last = await source.last()
  const { commits, streams } = await source.statistics()
  const size = last ? last.position + last.count : 0
  return {
    service,
    log: file,
    ...identity,
    size,
    head: head.size,
    root: Buffer.from(head.root).toString('base64'),
    checkpoint: head.note,
    lastCommit: await lastTime(source, last?.number ?? 0),
    commits,
    streams,
  }
}

/** Of the last commit that has events: a fence has none. */
const lastTime = async (source: LogSource, last: number): Promise<string | undefined> => {
  for (let number = last; number > 0; number--) {
    const [commit] = await source.commits(number)
    if (!commit || commit.count === 0) continue
    const entries = Buffer.from(commit.entries)
    const event = parseEvent(entries.subarray(2, 2 + entries.readUInt16BE()))
    return typeof event === 'string' ? undefined : event.time
  }
  return undefined
}
