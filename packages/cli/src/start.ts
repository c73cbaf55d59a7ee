import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { firstTokensFile } from '@jejak/access/first-tokens'
import { keysFolder } from '@jejak/embedded/folder'
import type { FollowUp } from '@jejak/embedded/scenario'
import { connect } from '@jejak/rpc/client'
import { Command } from 'commander'
import { tokenIn } from './connection.ts'
import { folderOf, keysOption } from './options.ts'
import { type Running, serveUntilTold } from './serving.ts'
import type { Caller } from './start-cohort.ts'
import { rowId } from './start-follow.ts'
import { storyPage } from './start-page.ts'
import { agencies, type Played, planIn, play } from './start-play.ts'
import { ownToken } from './start-tokens.ts'

const project = fileURLToPath(new URL('../../..', import.meta.url))

type Options = {
  readonly data?: string
  readonly keys?: string
  readonly grpc: string
  readonly http: string
  readonly empty?: true
  readonly once?: true
}

export const startCommand = new Command('start')
  .description('run the services, play the scenario of Makassar once, and show what came of it')
  .option('--data <dir>', "the data folder (default: the project's own data/makassar)")
  .addOption(keysOption())
  .option('--grpc <address>', 'where agencies call', '127.0.0.1:50051')
  .option('--http <address>', 'where reports, /healthz and /readyz are', '127.0.0.1:8080')
  .option('--empty', 'without the scenario')
  .option('--once', 'end after the page')
  .addHelpText(
    'after',
    `
It is what npm start does. All people of the scenario are invented. Where it is stopped or killed,
the next start goes on from there; once it is done, it is shown and not played again.

  $ npm start -- --data data/makassar
  $ npm start -- --empty`,
  )
  .action((options: Options) => {
    const data = folderOf(options.data) ?? join(project, 'data', 'makassar')
    const keys = keysFolder(data, folderOf(options.keys))
    const first = async (running: Running) => {
      if (!options.empty) console.log(await shown({ data, keys, ...running }))
      return options.once === true
    }
    return serveUntilTold({ ...options, data, keys, first })
  })

/** Where what agencies have of their files is: their receipts, and the rows to correct. */
export const agenciesFolder = (data: string): string => `${data}.files`

const markerOf = (data: string): string => join(data, 'scenario.done')

type Place = Running & { readonly data: string; readonly keys: string }

/** The page, for which the scenario is played where it was not. */
const shown = async (place: Place): Promise<string> => {
  const { data, keys, grpc, http, system, signal, say } = place
  const callers = new Map<string, Caller>()
  const close = () => callers.forEach(({ connection }) => void connection.close())
  const callerOf = (name: string): Caller => {
    const known = callers.get(name)
    if (known) return known
    const token = tokenOf(place, name, callerOf)
    const caller = { token, connection: connect(grpc, { token }) }
    callers.set(name, caller)
    return caller
  }
  signal.addEventListener('abort', close, { once: true })
  try {
    const files = agenciesFolder(data)
    const marker = markerOf(data)
    if (!existsSync(marker)) {
      const played = await play({ callerOf, files, idle: system.idle, signal, say })
      writeFileSync(marker, JSON.stringify(played), { flush: true })
    }
    const played: Played = JSON.parse(readFileSync(marker, 'utf8'))
    return await storyPage({ played, callerOf, files, data, keys, grpc, http, logs: system.logs })
  } finally {
    close()
  }
}

const isRole = (name: string) => name === 'hr' || name === 'auditor' || name === 'ministry'

/** Whoever is in the story has one token, in a file. */
const tokenOf = (
  { system, keys }: Place,
  name: string,
  callerOf: (name: string) => Caller,
): string => {
  if (isRole(name)) return tokenIn(firstTokensFile(keys), [name])
  if (agencies.includes(name)) return ownToken(system, keys, name, { role: 'agency', agency: name })
  const { contest } = planIn<FollowUp>('tindak-lanjut.json')
  const asnId = rowId('employee', callerOf(contest.agency), contest.employee)
  return ownToken(system, keys, name, { role: 'asn', asnId })
}
