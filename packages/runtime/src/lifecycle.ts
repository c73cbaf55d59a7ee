import type { Logger } from 'pino'
import { type Health, openHealth } from './health.ts'

/** A process from start to end: what is open, whether it is healthy, and its exit code. */
export type Lifecycle = {
  /** The part that a service's own code gets. */
  readonly context: {
    readonly health: Pick<Health, 'ready' | 'unready' | 'alive' | 'notice' | 'notices'>
    /** Aborts when the process is to end, before anything is closed. */
    readonly signal: AbortSignal
    /** Registers a part to be closed at the end: the one that was opened last is closed first. */
    readonly closing: (name: string, close: () => unknown) => void
    /** Ends the process with a logged error and exit code 1. */
    readonly fail: (cause: unknown) => void
  }
  readonly started: () => void
  readonly stopRequested: (signal: string) => void
  readonly fail: (cause: unknown) => void
  /** The exit code, once it is to end. */
  readonly ended: Promise<0 | 1>
  readonly close: () => Promise<void>
  /** Names of what is still open, in the order of closing. */
  readonly open: () => readonly string[]
}

type Opened = { readonly name: string; readonly close: () => unknown }
type Phase = 'starting' | 'running' | 'ending'

export const openLifecycle = (logger: Logger): Lifecycle => {
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
    // Closing makes calls fail that still use what is closed: this is no new failure.
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
    stopRequested(signal) {
      // Under npm, Ctrl-C sends the signal twice.
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

/** Closes in reverse order, and also what an unfinished start opens meanwhile. */
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
