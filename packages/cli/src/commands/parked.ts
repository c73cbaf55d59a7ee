import type { Role } from '@jejak/access/principal'
import { type Parked, ParkedService } from '@jejak/proto/jejak/parked/v1/parked'
import type { Client } from '@jejak/rpc/client'
import { helpOf } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command, InvalidArgumentError, Option } from 'commander'
import { v7 } from 'uuid'
import { allPages, type CallOptions, calling, callOptions } from '../terminal/connection.ts'
import { print, refusedExit } from '../terminal/exit.ts'
import { harmless } from '../terminal/harmless.ts'

const help = helpOf('parked')

/** The services that consume the logs of others. */
const consumers = ['certification', 'reporting']

type OneStream = CallOptions & { readonly service: string; readonly log: string }
type Discard = OneStream & { readonly version: number; readonly reason: string }

const readers: readonly Role[] = ['hr', 'auditor']

const asking = <Result>(
  options: CallOptions,
  roles: readonly Role[],
  work: (parked: Client<typeof ParkedService>) => Promise<Result>,
): Promise<Result> => calling(options, roles, connection => work(connection.client(ParkedService)))

const serviceOption = () => new Option('--service <name>', help.inputs.service).choices(consumers)

const streamCommand = (name: string): Command =>
  callOptions(
    new Command(name)
      .argument('<stream>', help.inputs.stream)
      .addOption(serviceOption().makeOptionMandatory())
      .requiredOption('--log <name>', help.inputs.log),
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

const listHelp = helpOf('parked list')
const list = callOptions(new Command('list').addOption(serviceOption()))
  .description(listHelp.description)
  .addHelpText('after', listHelp.after)
  .action(async (options: CallOptions & { readonly service?: string }) => {
    const services = options.service === undefined ? consumers : [options.service]
    const all = await asking(options, readers, async client => {
      const found = []
      for (const service of services) {
        const parked = await allPages(async pageToken => {
          const page = await client.listParked({ service, pageToken })
          return [page.parked, page.nextPageToken]
        })
        found.push(...parked.map(each => parkedAt(service, each)))
      }
      return found
    })
    if (options.json) print({ parked: all })
    else console.log(all.length > 0 ? all.map(parkedLines).join('\n') : terminalText('none-parked'))
    if (all.length > 0) process.exitCode = refusedExit
  })

const showHelp = helpOf('parked show')
const show = streamCommand('show')
  .description(showHelp.description)
  .addHelpText('after', showHelp.after)
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

const retryHelp = helpOf('parked retry')
const retry = streamCommand('retry')
  .description(retryHelp.description)
  .addHelpText('after', retryHelp.after)
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

const discardHelp = helpOf('parked discard')
const discard = streamCommand('discard')
  .description(discardHelp.description)
  .requiredOption('--version <number>', discardHelp.inputs.version, versionIn)
  .requiredOption('--reason <text>', discardHelp.inputs.reason)
  .addHelpText('after', discardHelp.after)
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
  .description(help.description)
  .addCommand(list)
  .addCommand(show)
  .addCommand(retry)
  .addCommand(discard)
  .addHelpText('after', help.after)
