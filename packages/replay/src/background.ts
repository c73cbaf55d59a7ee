import { Worker } from 'node:worker_threads'
import type { MacRecord } from '@jejak/storage/log/commit-mac'
import { type Location, LogRefused } from './error.ts'
import type { LogStore } from './source.ts'

/** A log of this process, which signs it. */
export type VerificationSource = {
  readonly service: string
  readonly store: LogStore
  readonly vkey: string
  /** The key of the MACs of its commits. Without it only signed heads vouch for entries. */
  readonly macs?: MacRecord | undefined
  /** The last head that this process has signed: the first one covers all that it has found. */
  readonly head: () => LogHead
}

type LogHead = { readonly size: number; readonly checkpoint: string }

export type VerificationOptions = {
  readonly sources: readonly VerificationSource[]
  /** Of one core, above 0 and up to 1: for all logs, which are verified one after the other. */
  readonly share: number
  /** From the end of one pass over all logs to the next; 0: one pass only. */
  readonly everyMs: number
  /** Called once a log, with the first difference: nothing may rest on the log any more. */
  readonly onFault: (service: string, fault: LogRefused) => void
  /** Called with each failure to read a log, or to verify at all: it is tried again. */
  readonly onTrouble?: (service: string, error: unknown) => void
  readonly onProgress?: (service: string, progress: VerificationProgress) => void
  /** Called at the end of each pass over a log. */
  readonly onDone?: (service: string, pass: VerificationPass) => void
  /** How long entries that were signed for may not show in the store. Default: a minute. */
  readonly missingMaxMs?: number
}

/** Entries that are verified, of those that this pass is about. */
export type VerificationProgress = { readonly verified: number; readonly size: number }

export type VerificationPass = {
  readonly size: number
  readonly seconds: number
  /** Of the processor's time. */
  readonly cpuSeconds: number
}

export type VerificationState = {
  /** Positions below this are verified. */
  readonly verified: number
  /** Of the last pass, undefined before its end. */
  readonly seconds: number | undefined
  readonly faults: number
}

export type Verification = {
  /**
   * Positions below this were verified. It grows with the first pass; once that has reached what
   * was there when it began, it is the size of the log. After a fault it is 0.
   */
  readonly verified: (service: string) => number
  readonly state: (service: string) => VerificationState
  /** Ends the thread. Close it before the logs, so that theirs is the last connection. */
  readonly close: () => Promise<void>
}

export type ToVerifier = { readonly service: string; readonly head: LogHead }

export type FromVerifier = { readonly service: string } & (
  | { readonly kind: 'ask' }
  | { readonly kind: 'progress'; readonly progress: VerificationProgress }
  | { readonly kind: 'done'; readonly pass: VerificationPass }
  | { readonly kind: 'trouble'; readonly why: string }
  | { readonly kind: 'fault'; readonly fault: VerificationFault }
)

type VerificationFault = {
  readonly problem: string
  readonly where: Location
  readonly detail: string
}

export type VerifierData = Pick<VerificationOptions, 'share' | 'everyMs'> & {
  readonly logs: readonly Pick<VerificationSource, 'service' | 'store' | 'vkey' | 'macs'>[]
  readonly missingMaxMs: number
}

/** A thread that broke is started again after this. */
const restartMs = 60_000

/**
 * Verifies logs from their first byte to their heads, in one thread beside all else, and again at
 * intervals: bytes, places, versions, times, tiles, roots and heads, as `log verify` does.
 */
export const startVerification = (options: VerificationOptions): Verification => {
  const { sources, share, everyMs, missingMaxMs = 60_000 } = options
  const states = new Map(sources.map(log => [log.service, new WatermarkState(log)]))
  const stateOf = (service: string) => states.get(service) as WatermarkState
  const ended = new AbortController()
  let worker: Worker
  const start = () => {
    if (ended.signal.aborted) return
    const logs = sources
      .filter(({ service }) => stateOf(service).faults === 0)
      .map(({ service, store, vkey, macs }) => ({ service, store, vkey, macs }))
    const workerData: VerifierData = { logs, share, everyMs, missingMaxMs }
    worker = new Worker(new URL('./background-worker.ts', import.meta.url), { workerData })
    worker.unref()
    worker.on('message', (message: FromVerifier) => {
      if (ended.signal.aborted) return
      if (message.kind === 'ask') worker.postMessage(stateOf(message.service).begin())
      else take(message, stateOf(message.service), options)
    })
    worker.on('error', error => {
      options.onTrouble?.(sources.map(({ service }) => service).join(', '), error)
      setTimeout(start, restartMs).unref()
    })
  }
  start()
  return {
    verified: service => stateOf(service).verified,
    state: service => stateOf(service),
    async close() {
      ended.abort()
      await worker.terminate()
    },
  }
}

const take = (
  message: Exclude<FromVerifier, { kind: 'ask' }>,
  state: WatermarkState,
  { onProgress, onDone, onTrouble, onFault }: VerificationOptions,
) => {
  const { service, kind } = message
  if (kind === 'trouble') onTrouble?.(service, new Error(message.why))
  if (kind === 'progress') {
    state.proceed(message.progress)
    onProgress?.(service, message.progress)
  }
  if (kind === 'done') {
    state.end(message.pass)
    onDone?.(service, message.pass)
  }
  if (kind === 'fault') {
    const { problem, where, detail } = message.fault
    state.fail()
    onFault(service, new LogRefused(problem, { ...where, service }, detail))
  }
}

/** How far one log is verified. */
class WatermarkState implements VerificationState {
  readonly #log: VerificationSource
  #verified = 0
  #reached = false
  #seconds: number | undefined
  #faults = 0

  constructor(log: VerificationSource) {
    this.#log = log
  }

  get verified(): number {
    return this.#reached ? this.#log.head().size : this.#verified
  }

  get seconds(): number | undefined {
    return this.#seconds
  }

  get faults(): number {
    return this.#faults
  }

  begin(): ToVerifier {
    const { size, checkpoint } = this.#log.head()
    return { service: this.#log.service, head: { size, checkpoint } }
  }

  proceed({ verified }: VerificationProgress): void {
    if (this.#faults > 0) return
    this.#verified = Math.max(this.#verified, verified)
  }

  end({ seconds }: VerificationPass): void {
    this.#reached = true
    this.#seconds = seconds
  }

  fail(): void {
    this.#faults++
    this.#verified = 0 // Where a root differs, any entry before it may.
    this.#reached = false
  }
}
