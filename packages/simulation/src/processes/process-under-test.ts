import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProcessOptions } from './options.ts'

const writer = new URL('writer.ts', import.meta.url)
const server = new URL('server.ts', import.meta.url)
const consumer = new URL('consumer.ts', import.meta.url)
const scriptOf = (options: ProcessOptions) => {
  if ('data' in options) return server
  return 'brokers' in options ? consumer : writer
}
/** Compiled code, kept from one start to the next. */
export const compileCache = join(tmpdir(), 'jejak-compile-cache')

/** A failover may keep a writer from opening the log, but not for ever. */
const writerStartsMax = 20
const startAgainMs = 500
/** A call may have lost its database, which a driver notices within 20 s, twice. */
const stopWithinMs = 60_000
const killedWithinMs = 30_000

/** A writer, a server or a consumer in a process of its own, to be killed and started again. */
export class ProcessUnderTest {
  /** Batches that a consumer is handling, or was handling when it was killed. */
  batchesOpen = 0
  #options: ProcessOptions
  #child: ChildProcess
  #ended: string | undefined
  #ready: Promise<void>

  constructor(options: ProcessOptions) {
    this.#options = options
    this.#child = this.#start()
    this.#ready = this.#watch(this.#child)
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Resolves once the log is open: after several starts, if need be. */
  async ready() {
    for (let starts = 1; ; starts++) {
      await this.#ready
      if (this.#ended === undefined) return
      if (starts === this.#startsMax) throw new Error(`it can't open the log: ${this.#ended}`)
      await sleep(startAgainMs)
      this.restart()
    }
  }

  get #startsMax() {
    return 'store' in this.#options ? writerStartsMax : 1
  }

  /** Resolves with why it has ended by itself; it must. */
  async ended(): Promise<string> {
    const { exitCode, signalCode } = this.#child
    const patience = { signal: AbortSignal.timeout(stopWithinMs) }
    if (exitCode === null && signalCode === null) await once(this.#child, 'exit', patience)
    return this.#ended ?? 'nothing was wrong'
  }

  /** Takes its log out of service, and lets it end. */
  async stopLog() {
    const exit = once(this.#child, 'exit', { signal: AbortSignal.timeout(stopWithinMs) })
    this.#child.send({ stopLog: true })
    await exit
    this.mustRun()
  }

  /** A log must wait and not give up. */
  mustRun() {
    if (this.#ended !== undefined) throw new Error(`it ended by itself: ${this.#ended}`)
  }

  /** SIGKILL, at whatever it is doing. */
  async kill() {
    const { exitCode, signalCode } = this.#child
    if (exitCode !== null || signalCode !== null) return
    const exit = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exit
  }

  restart(options: ProcessOptions = this.#options) {
    this.#options = options
    this.#ended = undefined
    this.#child = this.#start()
    this.#ready = this.#watch(this.#child)
  }

  /** Resolves once it has killed itself, as its options say. */
  async killed() {
    const { exitCode, signalCode } = this.#child
    const patience = { signal: AbortSignal.timeout(killedWithinMs) }
    if (exitCode === null && signalCode === null) await once(this.#child, 'exit', patience)
    if (this.#child.signalCode !== 'SIGKILL') this.mustRun()
  }

  /** Starts it and answers why it did not open the log; undefined if it did. */
  async refusal(): Promise<string | undefined> {
    this.restart()
    const exit = once(this.#child, 'exit')
    await this.#ready
    if (this.#ended === undefined) this.#child.kill('SIGKILL')
    await exit
    return this.#ended
  }

  /** Lets it answer open requests, and end. */
  async stop() {
    await this.ready()
    const { exitCode } = this.#child
    const exit = exitCode === null ? once(this.#child, 'exit') : [exitCode]
    this.#child.send({ stop: true })
    const patience = new AbortController()
    const late = sleep(stopWithinMs, 'late' as const, { signal: patience.signal })
    const how = await Promise.race([exit, late.catch(() => 'late' as const)])
    patience.abort()
    if (how === 'late') await this.kill()
    if (how === 'late' || how[0] !== 0) {
      throw new Error(`it did not end: ${this.#ended ?? how}`)
    }
  }

  #start() {
    return fork(scriptOf(this.#options), [JSON.stringify(this.#options)], {
      // kafkajs 2.2.4 sets timers with negative delays.
      execArgv: ['--disable-warning=TimeoutNegativeWarning'],
      env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
  }

  async #watch(child: ChildProcess) {
    const report = (message: unknown) => {
      const { ended, batchesOpen } = message as {
        readonly ended?: string
        readonly batchesOpen?: number
      }
      if (ended !== undefined) this.#ended = ended
      if (batchesOpen !== undefined) this.batchesOpen = batchesOpen
    }
    child.on('message', report)
    child.once('exit', code => {
      if (code) this.#ended ??= `it ended with ${code}`
    })
    await Promise.race([once(child, 'message'), once(child, 'exit')])
  }
}
