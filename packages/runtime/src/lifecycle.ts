import type { Logger } from 'pino'
import { type Health, openHealth } from './health.ts'

/** From start to end: what is open, whether it can go on, and how it is to exit. */
export type Life = {
  /** What a service's own code has of it. */
  readonly context: {
    readonly health: Pick<Health, 'ready' | 'unready' | 'alive'>
    /** Aborts when the process is to end, before anything is closed. */
    readonly signal: AbortSignal
    /** What was opened last is closed first. */
    readonly closing: (name: string, close: () => unknown) => void
    /** It can't go on: it says so, closes, and exits with 1. */
    readonly fail: (cause: unknown) => void
  }
  readonly started: () => void
  readonly told: (signal: string) => void
  readonly fail: (cause: unknown) => void
  /** The exit code, once it is to end. */
  readonly ended: Promise<0 | 1>
  readonly close: () => Promise<void>
  /** What has not been closed, the next to be first. */
  readonly open: () => readonly string[]
}

type Opened = { readonly name: string; readonly close: () => unknown }
type Phase = 'starting' | 'running' | 'ending'

export const openLife = (logger: Logger): Life => {
  const health = openHealth()
  const over = new AbortController()
  const ended = Promise.withResolvers<0 | 1>()
  const opened: Opened[] = []
  let phase: Phase = 'starting'
  health.ready('process', () => (phase === 'running' ? undefined : `is ${phase}`))

  const end = (code: 0 | 1) => {
    phase = 'ending'
    over.abort()
    ended.resolve(code)
  }
  const fail = (err: unknown) => {
    // What is being closed fails those who still use it: that changes nothing any more.
    if (phase === 'ending') return logger.error({ err }, 'has failed while ending')
    const what = phase === 'starting' ? "can't start" : "can't go on"
    logger.fatal({ err }, `${what}: ${err instanceof Error ? err.message : err}`)
    health.fail()
    end(1)
  }
  return {
    context: {
      health,
      signal: over.signal,
      closing: (name, close) => void opened.push({ name, close }),
      fail,
    },
    started() {
      if (phase !== 'starting') return
      phase = 'running'
      logger.info('takes calls')
    },
    told(signal) {
      // It comes twice where npm started the process and Ctrl-C was pressed.
      if (phase === 'ending') return logger.info({ signal }, 'is ending already')
      logger.info({ signal }, 'is ending')
      end(0)
    },
    fail,
    ended: ended.promise,
    close: () => closeAll(opened, logger),
    open: () => opened.map(({ name }) => name).toReversed(),
  }
}

/** Also what a start that is not over yet opens meanwhile. */
const closeAll = async (opened: Opened[], logger: Logger) => {
  for (let last = opened.at(-1); last; last = opened.at(-1)) {
    try {
      await last.close()
    } catch (err) {
      logger.error({ err, part: last.name }, `could not close ${last.name}`)
    }
    opened.splice(opened.indexOf(last), 1)
  }
}
