import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { BadConfig, type Config, help, readConfig, type Spec } from './config.ts'
import { type Life, openLife } from './lifecycle.ts'
import { openLogger } from './logging.ts'
import { type Measures, openMeasures } from './service-metrics.ts'
import { knownVariables, type processSpec } from './settings.ts'

export type Context<C> = Life['context'] & {
  readonly config: C
  readonly logger: Logger
  readonly metrics: Measures
}

export type Start<C> = (context: Context<C>) => Promise<void>

/** For closing, beyond what calls under way get. */
const closeMaxMs = 10_000

/**
 * The life of a process: it reads its settings, starts, and runs until SIGTERM, SIGINT or a
 * failure; then it is not ready any more, and what was opened is closed, within
 * JEJAK_DRAIN_SECONDS + 10 s. Exits with 0 where it was told to end, 1 where it could not start,
 * go on or end in time, 2 where its settings are wrong.
 */
export const runConfigured = async <S extends Spec & typeof processSpec>(
  name: string,
  spec: S,
  start: Start<Config<S>>,
  limitMs = closeMaxMs,
): Promise<void> => {
  if (process.argv.includes('--help')) return void process.stdout.write(help(name, spec))
  const config = configured(spec)
  if (!config) return
  const { logLevel, drainSeconds } = config as Config<typeof processSpec>
  const logger = openLogger(name, logLevel)
  const life = openLife(logger)
  process.on('SIGTERM', life.told)
  process.on('SIGINT', life.told)
  process.on('uncaughtException', life.fail) // Rejections that nobody handles come here, too.
  start({ ...life.context, config, logger, metrics: openMeasures() }).then(life.started, life.fail)
  const code = await life.ended
  const limit = sleep(drainSeconds * 1_000 + limitMs, false)
  const closed = await Promise.race([life.close().then(() => true), limit])
  const open = life.open()
  if (closed) logger.info('has ended')
  else logger.error({ open }, `has not ended in time: ${open.join(', ')} did not close`)
  process.exit(closed ? code : 1)
}

const configured = <S extends Spec>(spec: S): Config<S> | undefined => {
  try {
    return readConfig(spec, process.env, knownVariables)
  } catch (error) {
    if (!(error instanceof BadConfig)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 2
    return undefined
  }
}
