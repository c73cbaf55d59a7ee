import { existsSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { catalogues } from '@jejak/events/check'
import { HistoryService } from '@jejak/proto/jejak/history/v1/history'
import { type Connection, connect } from '@jejak/rpc/client'
import { vkeyFile } from '@jejak/storage/log/signer'
import type { Actor } from './cohort.ts'
import { type DemoTarget, demoPage, type SignedHeads } from './page.ts'
import { type Played, playScenario } from './play.ts'
import { demoTokens } from './tokens.ts'

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
