import { once } from 'node:events'
import { serveOps } from '../ops.ts'
import { type ProcessContext, runConfigured } from '../run.ts'
import { processSettings } from '../service-settings.ts'

/** A process for the tests of its life: its argument says what becomes of it. */
const scenario = process.argv[2]
const message = () => once(process, 'message')

const fates: Record<string, (context: ProcessContext<unknown>) => Promise<unknown>> = {
  'has a slow part': async ({ closing }) => closing('slow', message),
  'has a part that hangs': async ({ closing }) => closing('hanging', () => new Promise(() => {})),
  'has a part that fails to close': async ({ closing }) =>
    closing('broken', () => Promise.reject(new Error('not closed'))),
  "can't start": async () => Promise.reject(new Error('no database')),
  'starts for ever': () => new Promise(() => {}),
  "can't go on": async ({ fail }) => void message().then(() => fail(new Error('log has stopped'))),
  throws: async () =>
    void process.once('message', () => {
      throw new Error('a bug')
    }),
  rejects: async () => void message().then(() => Promise.reject(new Error('a bug'))),
}

await runConfigured(
  'fixture',
  processSettings,
  async context => {
    const { closing, health, metrics, logger, signal } = context
    const ops = await serveOps({ address: '127.0.0.1:0', health, metrics })
    closing('http', ops.close)
    logger.info({ port: ops.port }, 'listens')
    closing('first', () => logger.info('closes first'))
    closing('second', () => logger.info({ aborted: signal.aborted }, 'closes second'))
    await fates[scenario ?? '']?.(context)
  },
  0,
)
