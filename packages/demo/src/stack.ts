import { mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { firstTokensFile } from '@jejak/access/first-tokens'
import { type EndpointMap, endpointsIn } from '@jejak/cli/terminal/endpoints'
import { CommandFailed } from '@jejak/cli/terminal/exit'
import { near, userPath } from '@jejak/cli/terminal/paths'
import { openStore } from '@jejak/cli/terminal/token-store'
import { vkeyFile } from '@jejak/storage/log/signer'
import { runDemo } from './demo.ts'
import { issueOffices } from './tokens.ts'

type Stack = {
  readonly data: string
  readonly keys: string
  /** The file that says where each service is. */
  readonly endpoints: string
  /** Where the tokens of the services are. */
  readonly mongo: string
  /** Of the offices, where they have some. */
  readonly tokensFile: string | undefined
}

/** The page of the scenario, played to services that run elsewhere. */
export const runStackDemo = async (stack: Stack): Promise<string> => {
  const { data, keys, mongo } = stack
  const { grpc, http, ops } = endpointsIn(stack.endpoints)
  if (!ops) {
    const detail = `${stack.endpoints}: ops: must say where each service has its /metrics`
    throw new CommandFailed('BadEndpoints', detail)
  }
  for (const folder of [data, keys]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const tokens = await openStore({ data, mongo })
  const store = `--mongo "${mongo.replace(/\/\/.*@/, '//***@')}"` // Without a password.
  try {
    const tokensFile = stack.tokensFile ?? firstTokensFile(keys)
    if (!stack.tokensFile) await issueOffices(tokens, tokensFile)
    return await runDemo({
      tokens,
      tokensFile,
      data,
      keys,
      grpc,
      http,
      idle: idleBy(ops),
      signal: new AbortController().signal, // Ctrl-C ends it: what it has sent is safe.
      say: line => process.stderr.write(`${line}\n`),
      ways: {
        calls: `JEJAK_ENDPOINTS=${near(userPath(stack.endpoints))}`,
        verify: [
          `log export ${near(`${data}.log`)} --service assessment ${store}`,
          `log verify ${near(`${data}.log`)} --vkey ${near(vkeyFile(keys, 'assessment'))}`,
        ],
        store,
      },
    })
  } finally {
    await tokens.close()
  }
}

const pauseMs = 500

/** Idle twice in a row: what one service has just done, another may not have heard of yet. */
export const idleBy = (ops: NonNullable<EndpointMap['ops']>) => async (): Promise<boolean> => {
  const done = async () => (await isDone(ops['certification'])) && (await isDone(ops['reporting']))
  if (!(await done())) return false
  await sleep(pauseMs)
  return done()
}

/** Whether it has come to the end of every log that it follows, and has nothing left to do. */
const isDone = async (address = ''): Promise<boolean> => {
  const answer = await fetch(`${address}/metrics`).catch((error: Error) => {
    const why = (error.cause as Error | undefined)?.message ?? error.message
    throw new CommandFailed('NoService', `nobody answers at ${address}: ${why}`)
  })
  const samples = [
    ...(await answer.text()).matchAll(/^(jejak_consumer_lag_events|jejak_todos)\{.*\} (\S+)$/gm),
  ]
  // What can't be known for now is not told, and then it is not zero.
  const lags = samples.filter(([, name]) => name === 'jejak_consumer_lag_events')
  return lags.length > 0 && samples.every(([, , value]) => Number(value) === 0)
}
