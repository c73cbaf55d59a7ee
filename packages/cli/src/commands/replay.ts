import { once } from 'node:events'
import { publishers } from '@jejak/events/publishers'
import { uuidProblem } from '@jejak/rpc/validate'
import { Command, InvalidArgumentError } from 'commander'
import {
  type ConnectionOptions,
  calling,
  grpcOption,
  tokenIn,
  tokenOption,
} from '../terminal/connection.ts'
import { endpointsOption } from '../terminal/endpoints.ts'
import { CommandFailed } from '../terminal/exit.ts'
import { columnsOf, jsonOf } from './replay-line.ts'
import { type Event, replay } from './replay-source.ts'

type Options = ConnectionOptions & {
  readonly service?: string
  readonly from: number
  readonly subject?: string
  readonly follow?: true
  readonly json?: true
}

const positionOf = (text: string): number => {
  const position = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(position)) return position
  throw new InvalidArgumentError('It must be a whole number from 0.')
}

export const replayCommand = new Command('replay')
  .description('print the events of the logs, as they were stored')
  .option('--service <name>', 'the service whose log it is (default: each in turn)')
  .option('--from <position>', 'start here; it goes with --service', positionOf, 0)
  .option('--subject <id>', 'only one stream, by its name, or what is about an ASN, by their id')
  .option('--follow', 'go on with what is stored later, until Ctrl-C')
  .option('--json', 'JSON lines, as where the output is no terminal')
  .addOption(grpcOption())
  .addOption(endpointsOption())
  .addOption(tokenOption())
  .addHelpText(
    'after',
    `
It takes the token of an auditor; with --subject and without --follow, that of hr will do. A JSON
line has the service, the position in its log, and the event byte for byte as the log has hashed it.

  $ npm run -s jejak -- replay --service assessment --from 100
  $ npm run -s jejak -- replay --subject 019b8bab-0680-75be-8eaf-427ee0bfcd1a
  $ npm run -s jejak -- replay --subject program/019b8bab-0680-75be-8eaf-427ee0bfcd1a
  $ npm run -s jejak -- replay --follow --json | jq -r .event.type

Exit codes: 0 all was printed or Ctrl-C ended a follow, 2 it can't be read.`,
  )
  .action(async (options: Options) => {
    const { service, from, subject, follow = false } = options
    if (from > 0 && service === undefined) {
      const detail = '--from goes with --service: each log has positions of its own'
      throw new CommandFailed('WrongUsage', detail)
    }
    const token = tokenIn(options.token, subject && !follow ? ['auditor', 'hr'] : ['auditor'])
    const over = ending(follow)
    const line = options.json || !process.stdout.isTTY ? jsonOf : columnsOf
    const print = async (event: Event) => {
      if (!process.stdout.write(`${line(event)}\n`)) {
        await once(process.stdout, 'drain', { signal: over })
      }
    }
    const wanted = { from, follow, ...(subject && { streams: await streamsOf(subject) }) }
    const logs = service === undefined ? publishers : [service]
    try {
      await calling(options, token, connection => replay(connection, logs, wanted, print, over))
    } catch (error) {
      if (!over.aborted) throw error
    }
  })

/** An id is that of a person: enrollment and assessment have a stream for each. */
const streamsOf = async (subject: string): Promise<readonly string[]> => {
  if (uuidProblem(subject) !== undefined) return [subject]
  const { streamsOfRecord } = await import('@jejak/history/about')
  return streamsOfRecord(subject).map(({ stream }) => stream)
}

/** Aborts where nobody wants more: the reader of a pipe has gone, or a follow is told to end. */
const ending = (follow: boolean): AbortSignal => {
  const over = new AbortController()
  const end = () => over.abort()
  process.stdout.on('error', end)
  if (follow) for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end)
  return over.signal
}
