import type { Role } from '@jejak/access/principal'
import { type Parked, ParkedService } from '@jejak/proto/jejak/parked/v1/parked'
import type { Client } from '@jejak/rpc/client'
import { terminalText } from '@jejak/texts/terminal'
import { Command, InvalidArgumentError, Option } from 'commander'
import { v7 } from 'uuid'
import { type ConnectionOptions, calling, connectionOptions } from '../terminal/connection.ts'
import { print, refusedExit } from '../terminal/exit.ts'

/** The services that consume the logs of others. */
const consumers = ['certification', 'reporting']

type Common = ConnectionOptions & { readonly json?: true }
type OneStream = Common & { readonly service: string; readonly log: string }
type Discard = OneStream & { readonly version: number; readonly reason: string }

const readers: readonly Role[] = ['hr', 'auditor']

const asking = <Result>(
  options: Common,
  roles: readonly Role[],
  work: (parked: Client<typeof ParkedService>) => Promise<Result>,
): Promise<Result> => calling(options, roles, connection => work(connection.client(ParkedService)))

const serviceOption = () =>
  new Option('--service <name>', 'the service that has stopped hearing of it').choices(consumers)

const calls = (command: Command): Command => connectionOptions(command).option('--json', 'as JSON')

const streamCommand = (name: string): Command =>
  calls(
    new Command(name)
      .argument('<stream>', 'its name, as the list has it')
      .addOption(serviceOption().makeOptionMandatory())
      .requiredOption('--log <name>', 'the service whose log it is in'),
  )

/** A parked stream, and the service that parked it. */
type ParkedAt = { readonly service: string } & Pick<
  Parked,
  'log' | 'stream' | 'version' | 'reason' | 'attempts' | 'since'
>

const parkedAt = (
  service: string,
  { log, stream, version, reason, attempts, since }: Parked,
): ParkedAt => ({ service, log, stream, version, reason, attempts, since })

/** Text for people: service, log and stream, then since when and why. */
export const parkedLines = ({ service, log, stream, version, ...parked }: ParkedAt): string =>
  [
    `${service.padEnd(13)} ${log.padEnd(13)} ${stream}  ${versionText(version)}`,
    `  ${terminalText({ key: 'parked-since', values: parked })}`,
    `  ${parked.reason}`,
  ]
    .map(harmless)
    .join('\n')

const versionText = (version: number): string =>
  terminalText({ key: 'version', values: { version } })

/** Without control characters: a text from others must not steer the terminal. */
export const harmless = (line: string): string => line.replace(/\p{Cc}/gu, ' ')

const list = calls(new Command('list').addOption(serviceOption()))
  .description('the streams that a service has stopped hearing of, each at the event that failed')
  .addHelpText(
    'after',
    `
  $ npm run -s jejak -- parked list
  $ npm run -s jejak -- parked list --service reporting --json

Exit codes: 0 none is parked, 1 some are, 2 it can't be asked.`,
  )
  .action(async (options: Common & { readonly service?: string }) => {
    const services = options.service === undefined ? consumers : [options.service]
    const all = await asking(options, readers, async client => {
      const found = []
      for (const service of services) {
        for (let pageToken = ''; ; ) {
          const page = await client.listParked({ service, pageToken })
          found.push(...page.parked.map(parked => parkedAt(service, parked)))
          pageToken = page.nextPageToken
          if (pageToken === '') break
        }
      }
      return found
    })
    if (options.json) print({ parked: all })
    else console.log(all.length > 0 ? all.map(parkedLines).join('\n') : terminalText('none-parked'))
    if (all.length > 0) process.exitCode = refusedExit
  })

const show = streamCommand('show')
  .description('one of them, with the event that failed')
  .addHelpText(
    'after',
    `
  $ npm run -s jejak -- parked show competency/019b8bab-0680-75be-8eaf-427ee0bfcd1a \\
      --service reporting --log assessment

Exit codes: 0 it is shown, 2 it is not parked or can't be asked for.`,
  )
  .action(async (stream: string, options: OneStream) => {
    const { service, log } = options
    const { parked, entry } = await asking(options, readers, client =>
      client.getParked({ service, log, stream }),
    )
    if (!parked) return
    const shown = parkedAt(service, parked)
    // As text: what failed may be no JSON.
    const event = Buffer.from(entry?.entry ?? []).toString()
    if (options.json) print({ ...shown, position: Number(entry?.position), event })
    else {
      const at = terminalText({ key: 'position', values: { position: entry?.position } })
      console.log(`${parkedLines(shown)}\n  ${at}: ${harmless(event)}`)
    }
  })

const retry = streamCommand('retry')
  .description('try the event again, once what it failed at is mended')
  .addHelpText(
    'after',
    `
  $ npm run -s jejak -- parked retry competency/019b8bab-0680-75be-8eaf-427ee0bfcd1a \\
      --service reporting --log assessment

Exit codes: 0 the stream goes on, 1 it is still parked, 2 it was not parked or can't be tried.`,
  )
  .action(async (stream: string, options: OneStream) => {
    const { service, log } = options
    const { parked } = await asking(options, ['hr'], client =>
      client.retryParked({ service, log, stream }),
    )
    printOutcome(stream, options, parked)
  })

const versionIn = (text: string): number => {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new InvalidArgumentError(terminalText({ key: 'not-a-whole-number', values: { least: 1 } }))
}

const discard = streamCommand('discard')
  .description('go on without the event: it takes no effect in this service, now or later')
  .requiredOption('--version <number>', 'of the event, as the list has it', versionIn)
  .requiredOption('--reason <text>', 'why; it stays in the log of the service')
  .addHelpText(
    'after',
    `
The event itself stays in its log. There is no way back: mend what it fails at, if that can be done.

  $ npm run -s jejak -- parked discard competency/019b8bab-0680-75be-8eaf-427ee0bfcd1a \\
      --service reporting --log assessment --version 3 --reason "tiket 4711: salah impor"

Exit codes: 0 the stream goes on, 1 it is parked at a later event, 2 it can't be discarded.`,
  )
  .action(async (stream: string, options: Discard) => {
    const { service, log, version, reason } = options
    const request = { requestId: v7(), service, log, stream, version, reason }
    const { parked } = await asking(options, ['hr'], client => client.discardParked(request))
    printOutcome(stream, options, parked)
  })

const printOutcome = (
  stream: string,
  { service, json }: OneStream,
  parked: Parked | undefined,
): void => {
  const now = parked && parkedAt(service, parked)
  if (json) print({ stream, goesOn: now === undefined, ...(now && { parked: now }) })
  else
    console.log(
      now
        ? parkedLines(now)
        : terminalText({ key: 'goes-on', values: { stream: harmless(stream) } }),
    )
  if (now) process.exitCode = refusedExit
}

export const parkedCommand = new Command('parked')
  .description('streams that a service has stopped hearing of: list, show, retry, discard')
  .addCommand(list)
  .addCommand(show)
  .addCommand(retry)
  .addCommand(discard)
  .addHelpText(
    'after',
    `
An event that fails parks its own stream only; all others go on. Nothing is lost: what comes later
in that stream waits in its log.

  $ npm run -s jejak -- parked list`,
  )
