import { existsSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TokenStore } from '@jejak/access/tokens'
import { catalogues } from '@jejak/events/check'
import { HistoryService } from '@jejak/proto/jejak/history/v1/history'
import { type Connection, connect } from '@jejak/rpc/client'
import type { ServiceAddresses } from '@jejak/rpc/endpoints'
import { vkeyFile } from '@jejak/storage/log/signer'
import type { Actor } from './cohort.ts'
import { demoPage, type SignedHeads } from './page.ts'
import { type Played, playScenario } from './play.ts'
import { demoTokens } from './tokens.ts'

/** The services that the scenario is played to, in this process or elsewhere. */
export type DemoTarget = {
  readonly tokens: Pick<TokenStore, 'find' | 'issueAll'>
  /** Has a line for each office: its role and its token. */
  readonly tokensFile: string
  /** Folder of the marker file that says that the scenario was played. */
  readonly data: string
  /** Folder of the tokens of agencies and of the public keys of the logs. */
  readonly keys: string
  readonly grpc: string | ServiceAddresses
  readonly http: string
  /** Whether consumers have caught up and nothing is left to do. */
  readonly idle: () => Promise<boolean>
  readonly signal: AbortSignal
  readonly say: (line: string) => void
  readonly commands: CommandParts
}

/** Parts of the commands that the page suggests. */
type CommandParts = {
  /** The environment variable for the address, with its value. */
  readonly connection: string
  /** Arguments of `jejak` that verify the logs. */
  readonly verify: readonly string[]
  /** The option for the store of tokens. */
  readonly tokenStore: string
}

/** The folder of receipts and refused rows, with a folder for each agency. */
const agenciesFolder = (data: string): string => `${data}.files`

const markerOf = (data: string): string => join(data, 'scenario.done')

/** Plays the scenario unless it was played, and returns the page of what came of it. */
export const runDemo = async (target: DemoTarget): Promise<string> => {
  const { data, grpc, idle, signal, say } = target
  const tokens = await demoTokens(target.tokens, target.keys, target.tokensFile)
  const actors = new Map(
    [...tokens].map(([name, token]) => [name, { token, connection: connect(grpc, { token }) }]),
  )
  const close = () => actors.forEach(({ connection }) => void connection.close())
  const actorOf = (name: string) => actors.get(name) as Actor
  signal.addEventListener('abort', close, { once: true })
  try {
    const files = agenciesFolder(data)
    const marker = markerOf(data)
    if (!existsSync(marker)) {
      const played = await playScenario({ actorOf, files, idle, signal, say })
      writeFileSync(marker, JSON.stringify(played), { flush: true })
    }
    const played: Played = JSON.parse(await readFile(marker, 'utf8'))
    const headsNow = () => headsOf(actorOf('auditor').connection, target.keys)
    return await demoPage({ played, actorOf, files, target, headsNow })
  } finally {
    close()
  }
}

/** The signed head of every log. Keeps the log's key in a file, to verify with later. */
const headsOf = async (connection: Connection, keys: string): Promise<SignedHeads> => {
  const heads = new Map<string, { readonly checkpoint: string; readonly vkey: string }>()
  for (const { publisher: log } of catalogues) {
    const { checkpoint, vkey } = await connection.client(HistoryService).getCheckpoint({ log })
    heads.set(log, { checkpoint, vkey })
    const file = vkeyFile(keys, log)
    if (!existsSync(file)) writeFileSync(file, `${vkey}\n`)
  }
  return heads
}
