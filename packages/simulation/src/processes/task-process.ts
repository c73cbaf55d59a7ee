import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TaskOptions } from './task.ts'

const writer = new URL('writer.ts', import.meta.url)
const server = new URL('server.ts', import.meta.url)
const hearer = new URL('consumer.ts', import.meta.url)
const scriptOf = (options: TaskOptions) => {
  if ('data' in options) return server
  return 'brokers' in options ? hearer : writer
}
/** What is compiled once, and started again and again. */
export const compiled = join(tmpdir(), 'jejak-compile-cache')

/** A failover may keep a writer from opening the log; one that never gets there is a finding. */
const writerStartsMax = 20
const startAgainMs = 500
/** Its call may have lost its database, which a driver notices within 20 s, twice. */
const stopWithinMs = 60_000
const killedWithinMs = 30_000

/** A writer, a server or a hearer that is kept running: what ends on its own is started again. */
export class TaskProcess {
  /** Of a hearer: how many calls of the bus it is in the midst of, or was when it was killed. */
  inHand = 0
  #options: TaskOptions
  #child: ChildProcess
  #ended: string | undefined
  #ready: Promise<void>

  constructor(options: TaskOptions) {
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

  /** A log that gives up where it should have waited is a finding. */
  mustRun() {
    if (this.#ended !== undefined) throw new Error(`it ended by itself: ${this.#ended}`)
  }

  /** SIGKILL, wherever it is. */
  async kill() {
    const { exitCode, signalCode } = this.#child
    if (exitCode !== null || signalCode !== null) return
    const exit = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exit
  }

  restart(options: TaskOptions = this.#options) {
    this.#options = options
    this.#ended = undefined
    this.#child = this.#start()
    this.#ready = this.#watch(this.#child)
  }

  /** Resolves once it has killed itself, as it was told to. */
  async killed() {
    const { exitCode, signalCode } = this.#child
    const patience = { signal: AbortSignal.timeout(killedWithinMs) }
    if (exitCode === null && signalCode === null) await once(this.#child, 'exit', patience)
    if (this.#child.signalCode !== 'SIGKILL') this.mustRun()
  }

  /** Starts it and answers why it did not open the log; undefined where it did. */
  async refusal(): Promise<string | undefined> {
    this.restart()
    const exit = once(this.#child, 'exit')
    await this.#ready
    if (this.#ended === undefined) this.#child.kill('SIGKILL')
    await exit
    return this.#ended
  }

  /** Lets it answer what is open, and end. */
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
      // kafkajs 2.2.4 takes a moment that has passed for a time to wait.
      execArgv: ['--disable-warning=TimeoutNegativeWarning'],
      env: { ...process.env, NODE_COMPILE_CACHE: compiled },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
  }

  async #watch(child: ChildProcess) {
    const report = (message: unknown) => {
      const { ended, inHand } = message as { readonly ended?: string; readonly inHand?: number }
      if (ended !== undefined) this.#ended = ended
      if (inHand !== undefined) this.inHand = inHand
    }
    child.on('message', report)
    child.once('exit', code => {
      if (code) this.#ended ??= `it ended with ${code}`
    })
    await Promise.race([once(child, 'message'), once(child, 'exit')])
  }
}
