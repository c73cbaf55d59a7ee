import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { type Lifecycle, openLifecycle } from './lifecycle.ts'
import { openLogger } from './logging.ts'
import {
  BadSettings,
  readSettings,
  type Settings,
  type SettingVariables,
  settingsHelp,
} from './read-settings.ts'
import { openServiceMetrics, type ServiceMetrics } from './service-metrics.ts'
import { knownVariables, type processSettings } from './service-settings.ts'

export type ProcessContext<C> = Lifecycle['context'] & {
  readonly config: C
  readonly logger: Logger
  readonly metrics: ServiceMetrics
}

export type StartProcess<C> = (context: ProcessContext<C>) => Promise<void>

/** For closing, beyond what calls under way get. */
const closeMaxMs = 10_000

/**
 * The life of a process: it reads its settings, starts, and runs until SIGTERM, SIGINT or a
 * failure; then it is not ready any more, and what was opened is closed, within
 * JEJAK_DRAIN_SECONDS + 10 s. Exits with 0 after a signal, 1 if it could not start, go on or end in
 * time, 2 if its settings are wrong.
 */
export const runConfigured = async <S extends SettingVariables & typeof processSettings>(
  name: string,
  spec: S,
  start: StartProcess<Settings<S>>,
  limitMs = closeMaxMs,
): Promise<void> => {
  if (process.argv.includes('--help')) return void process.stdout.write(settingsHelp(name, spec))
  const config = configured(spec)
  if (!config) return
  const { logLevel, drainSeconds } = config as Settings<typeof processSettings>
  const logger = openLogger(name, logLevel)
  const lifecycle = openLifecycle(logger)
  process.on('SIGTERM', lifecycle.stopRequested)
  process.on('SIGINT', lifecycle.stopRequested)
  process.on('uncaughtException', lifecycle.fail) // Rejections that nobody handles come here, too.
  start({ ...lifecycle.context, config, logger, metrics: openServiceMetrics() }).then(
    lifecycle.started,
    lifecycle.fail,
  )
  const code = await lifecycle.ended
  const limit = sleep(drainSeconds * 1_000 + limitMs, false)
  const closed = await Promise.race([lifecycle.close().then(() => true), limit])
  const open = lifecycle.open()
  if (closed) logger.info('has ended')
  else logger.error({ open }, `has not ended in time: ${open.join(', ')} did not close`)
  process.exit(closed ? code : 1)
}

const configured = <S extends SettingVariables>(spec: S): Settings<S> | undefined => {
  try {
    return readSettings(spec, process.env, knownVariables)
  } catch (error) {
    if (!(error instanceof BadSettings)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 2
    return undefined
  }
}
