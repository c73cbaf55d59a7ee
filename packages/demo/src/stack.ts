import { mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { firstTokensFile } from '@jejak/access/first-tokens'
import { type EndpointMap, endpointsIn } from '@jejak/cli/terminal/endpoints'
import { CommandFailed } from '@jejak/cli/terminal/exit'
import { relativePath, userPath } from '@jejak/cli/terminal/paths'
import { openTokenStore } from '@jejak/cli/terminal/tokens'
import { vkeyFile } from '@jejak/storage/log/signer'
import { pageText } from '@jejak/texts/page'
import { terminalText } from '@jejak/texts/terminal'
import { runDemo } from './demo.ts'
import { issueOffices } from './tokens.ts'

type Stack = {
  readonly data: string
  readonly keys: string
  /** The file with the addresses of the services. */
  readonly endpoints: string
  /** The database of tokens. */
  readonly mongo: string
  /** The file of the offices' tokens, if they have some. */
  readonly tokensFile: string | undefined
}

/** Plays the scenario to services that run elsewhere, and returns its page. */
export const runStackDemo = async (stack: Stack): Promise<string> => {
  const { data, keys, mongo } = stack
  const { grpc, http, ops } = endpointsIn(stack.endpoints)
  if (!ops) {
    const detail = pageText({ key: 'no-ops', values: { path: stack.endpoints } })
    throw new CommandFailed('BadEndpoints', detail)
  }
  for (const folder of [data, keys]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const tokens = await openTokenStore({ data, mongo })
  const store = `--mongo "${mongo.replace(/\/\/.*@/, '//***@')}"` // Without a password.
  try {
    const tokensFile = stack.tokensFile ?? firstTokensFile(keys)
    if (!stack.tokensFile) await issueOffices(tokens, tokensFile)
    const vkey = relativePath(vkeyFile(keys, 'assessment'))
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
      commands: {
        connection: `JEJAK_ENDPOINTS=${relativePath(userPath(stack.endpoints))}`,
        verify: [
          `log export ${relativePath(`${data}.log`)} --service assessment ${store}`,
          `log verify ${relativePath(`${data}.log`)} --vkey ${vkey}`,
        ],
        tokenStore: store,
      },
    })
  } finally {
    await tokens.close()
  }
}

const pauseMs = 500

/** Idle twice in a row: one service may not have consumed yet what another has just written. */
export const idleBy = (ops: NonNullable<EndpointMap['ops']>) => async (): Promise<boolean> => {
  const done = async () => (await isDone(ops['certification'])) && (await isDone(ops['reporting']))
  if (!(await done())) return false
  await sleep(pauseMs)
  return done()
}

/** Whether a service has caught up with every log that it consumes, and has nothing left to do. */
const isDone = async (address = ''): Promise<boolean> => {
  const answer = await fetch(`${address}/metrics`).catch((error: Error) => {
    const why = (error.cause as Error | undefined)?.message ?? error.message
    const detail = terminalText({ key: 'no-answer', values: { address, why } })
    throw new CommandFailed('NoService', detail)
  })
  const samples = [
    ...(await answer.text()).matchAll(/^(jejak_consumer_lag_events|jejak_todos)\{.*\} (\S+)$/gm),
  ]
  // A service that can't know its lag leaves it out: then it isn't taken for zero.
  const lags = samples.filter(([, name]) => name === 'jejak_consumer_lag_events')
  return lags.length > 0 && samples.every(([, , value]) => Number(value) === 0)
}
