import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { status } from '@grpc/grpc-js'
import { publishers } from '@jejak/events/publishers'
import { HistoryService } from '@jejak/proto/jejak/history/v1/history'
import type { Client, Connection } from '@jejak/rpc/client'
import { RpcError } from '@jejak/rpc/error'
import { uuidProblem } from '@jejak/rpc/validate'
import { helpOf } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command, InvalidArgumentError } from 'commander'
import { type ConnectionOptions, calling, connectionOptions } from '../terminal/connection.ts'
import { CommandFailed } from '../terminal/exit.ts'

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
  throw new InvalidArgumentError(terminalText({ key: 'not-a-whole-number', values: { least: 0 } }))
}

const help = helpOf('replay')

export const replayCommand = connectionOptions(
  new Command('replay')
    .description(help.description)
    .option('--service <name>', help.inputs.service)
    .option('--from <position>', help.inputs.from, positionOf, 0)
    .option('--subject <id>', help.inputs.subject)
    .option('--follow', help.inputs.follow)
    .option('--json', help.inputs.json),
)
  .addHelpText('after', help.after)
  .action(async (options: Options) => {
    const { service, from, subject, follow = false } = options
    if (from > 0 && service === undefined) {
      throw new CommandFailed('WrongUsage', terminalText('from-needs-service'))
    }
    const roles = subject && !follow ? (['auditor', 'hr'] as const) : (['auditor'] as const)
    const over = ending(follow)
    const line = options.json || !process.stdout.isTTY ? jsonLine : columnLine
    const print = async (event: ReplayedEvent) => {
      if (!process.stdout.write(`${line(event)}\n`)) {
        await once(process.stdout, 'drain', { signal: over })
      }
    }
    const wanted = { from, follow, ...(subject && { streams: await streamsOf(subject) }) }
    const logs = service === undefined ? publishers : [service]
    try {
      await calling(options, roles, connection => replayLogs(connection, logs, wanted, print, over))
    } catch (error) {
      if (!over.aborted) throw error
    }
  })

/** An id is that of a person, who has a stream in enrollment and one in assessment. */
const streamsOf = async (subject: string): Promise<readonly string[]> => {
  if (uuidProblem(subject) !== undefined) return [subject]
  const { streamsOfRecord } = await import('@jejak/history/about')
  return streamsOfRecord(subject).map(({ stream }) => stream)
}

/** Aborts when the reader of the pipe has gone, or a signal ends a follow. */
const ending = (follow: boolean): AbortSignal => {
  const over = new AbortController()
  const end = () => over.abort()
  process.stdout.on('error', end)
  if (follow) for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end)
  return over.signal
}

/** An entry, with its service and position. */
type ReplayedEvent = {
  readonly service: string
  readonly position: number
  readonly entry: Uint8Array
}

type ReplayQuery = {
  readonly from: number
  readonly follow: boolean
  /** Only these streams, if given. */
  readonly streams?: readonly string[]
}

const retryAfterMs = 500

type HistoryClient = Client<typeof HistoryService>

/** Prints the events of logs: one log after the other, or all at once when they are followed. */
const replayLogs = async (
  connection: Connection,
  logs: readonly string[],
  wanted: ReplayQuery,
  print: (event: ReplayedEvent) => Promise<void>,
  signal: AbortSignal,
): Promise<void> => {
  const history = connection.client(HistoryService)
  const one = async (service: string) => {
    for await (const event of eventsOf(history, service, wanted, signal)) await print(event)
  }
  if (wanted.follow) {
    // A service that can't be reached now is an error; later, it is waited for.
    for (const log of logs) await history.getCheckpoint({ log })
    await Promise.all(logs.map(one))
  } else {
    for (const service of logs) await one(service)
  }
}

async function* eventsOf(
  history: HistoryClient,
  log: string,
  { from, follow, streams }: ReplayQuery,
  signal: AbortSignal,
): AsyncGenerator<ReplayedEvent> {
  if (!streams) return yield* entriesOf(history, log, from, follow, signal)
  // Events after this head are read from the log below: they must not come twice.
  const size = follow ? Number((await history.getCheckpoint({ log })).size) : Infinity
  for (const stream of streams) {
    for await (const { entry: found } of history.readStream({ log, stream }, { signal })) {
      const position = Number(found?.position)
      if (!found || position < from || position >= size) continue
      yield { service: log, position, entry: found.entry }
    }
  }
  if (!follow) return
  for await (const event of entriesOf(history, log, Math.max(size, from), true, signal)) {
    const { subject } = JSON.parse(Buffer.from(event.entry).toString())
    if (streams.includes(subject)) yield event
  }
}

/** A server ends a stream after an hour, or restarts: a follow continues after the last event. */
async function* entriesOf(
  history: HistoryClient,
  log: string,
  from: number,
  follow: boolean,
  signal: AbortSignal,
): AsyncGenerator<ReplayedEvent> {
  for (let position = from; ; ) {
    try {
      const fromPosition = BigInt(position)
      for await (const page of history.readLog({ log, fromPosition, follow }, { signal })) {
        position = Number(page.position)
        for (const entry of page.entries) yield { service: log, position: position++, entry }
      }
      return
    } catch (error) {
      const code = error instanceof RpcError ? error.code : undefined
      const gone = code === status.UNAVAILABLE
      if (!follow || !(gone || code === status.DEADLINE_EXCEEDED)) throw error
      if (gone) await sleep(retryAfterMs, undefined, { signal })
    }
  }
}

/** One line of JSON. An entry is itself JSON on one line: its bytes stay as they are. */
const jsonLine = ({ service, position, entry }: ReplayedEvent): string =>
  `{"service":${JSON.stringify(service)},"position":${position},"event":${textOf(entry)}}`

/** One line for people: log and position, time, type, stream, and the agency or call. */
export const columnLine = ({ service, position, entry }: ReplayedEvent): string => {
  const { time, type, subject, agency, correlationid } = JSON.parse(textOf(entry))
  const where = `${service.padEnd(13)} ${String(position).padStart(7)}`
  const when = String(time).replace('T', ' ').slice(0, 19)
  const what = String(type).replace(/^jejak\.\w+\./, '')
  const whose =
    agency ?? (correlationid ? terminalText({ key: 'of-call', values: { id: correlationid } }) : '')
  return `${where}  ${when}  ${what.padEnd(26)}  ${String(subject).padEnd(47)}  ${whose}`
    .replace(/\p{Cc}/gu, ' ') // A text from others must not steer the terminal.
    .trimEnd()
}

const textOf = (entry: Uint8Array): string => Buffer.from(entry).toString('utf8')
