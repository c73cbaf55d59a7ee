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

/** What the scenario takes of services, be they in this process or not. */
export type DemoTarget = {
  readonly tokens: Pick<TokenStore, 'find' | 'issueAll'>
  /** It has a token for each office, after the name of its role. */
  readonly tokensFile: string
  /** Where it is kept how far the scenario was played. */
  readonly data: string
  /** Where the tokens of agencies are, and the public keys of the logs. */
  readonly keys: string
  readonly grpc: string | ServiceAddresses
  readonly http: string
  /** Whether all that the logs ask for is done. */
  readonly idle: () => Promise<boolean>
  readonly signal: AbortSignal
  readonly say: (line: string) => void
  readonly ways: CommandParts
}

/** How whoever reads the page gets at it all: parts of commands. */
type CommandParts = {
  /** The variable that says where it is. */
  readonly calls: string
  /** What is to be verified, as arguments of jejak. */
  readonly verify: readonly string[]
  /** Where tokens are. */
  readonly store: string
}

/** Where what agencies have of their files is: their receipts, and the rows to correct. */
const agenciesFolder = (data: string): string => `${data}.files`

const markerOf = (data: string): string => join(data, 'scenario.done')

/** The page, for which the scenario is played where it was not. */
export const runDemo = async (place: DemoTarget): Promise<string> => {
  const { data, grpc, idle, signal, say } = place
  const tokens = await demoTokens(place.tokens, place.keys, place.tokensFile)
  const callers = new Map(
    [...tokens].map(([name, token]) => [name, { token, connection: connect(grpc, { token }) }]),
  )
  const close = () => callers.forEach(({ connection }) => void connection.close())
  const callerOf = (name: string) => callers.get(name) as Actor
  signal.addEventListener('abort', close, { once: true })
  try {
    const files = agenciesFolder(data)
    const marker = markerOf(data)
    if (!existsSync(marker)) {
      const played = await playScenario({ callerOf, files, idle, signal, say })
      writeFileSync(marker, JSON.stringify(played), { flush: true })
    }
    const played: Played = JSON.parse(await readFile(marker, 'utf8'))
    const headsNow = () => headsOf(callerOf('auditor').connection, place.keys)
    return await demoPage({ played, callerOf, files, place, headsNow })
  } finally {
    close()
  }
}

/** Of every log; the key is kept where it was not, for whoever verifies later. */
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
