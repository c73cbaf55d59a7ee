import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { compileCache } from './process-under-test.ts'

const main = fileURLToPath(import.meta.resolve('@jejak/demo/main'))

/** The data folder has the same name in each run, for the page shows it. */
export const dataName = 'makassar'

/** When to kill: so long after the line was printed, or after the start. */
export type KillMoment = { readonly line?: string | undefined; readonly afterMs: number }

/** Whether a line announces a part of the scenario. */
export const isPart = (line: string): boolean => /^[a-z][a-z ]*: /.test(line)

/** A run of `npm start`, in a folder of its own; it ends after the page. */
export class NpmStart {
  /** Each line for the operator, and how long after the start it came. */
  readonly lines: { readonly line: string; readonly atMs: number }[] = []
  page = ''
  readonly #began = Date.now()
  readonly #child
  readonly #closed: Promise<unknown>
  #arrived = Promise.withResolvers<void>()

  constructor(folder: string) {
    const addresses = ['--grpc', '127.0.0.1:0', '--http', '127.0.0.1:0']
    this.#child = spawn(process.execPath, [main, '--data', dataName, ...addresses, '--once'], {
      cwd: folder,
      env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#closed = once(this.#child, 'close')
    this.#child.stdout.setEncoding('utf8').on('data', text => {
      this.page += text
    })
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => this.#read(text))
  }

  #read(text: string) {
    const atMs = Date.now() - this.#began
    for (const line of text.split('\n').filter(Boolean)) this.lines.push({ line, atMs })
    this.#arrived.resolve()
    this.#arrived = Promise.withResolvers()
  }

  /** Resolves with its duration when it is over; throws if it failed. */
  async end(): Promise<number> {
    await this.#closed
    const { exitCode, signalCode } = this.#child
    if (exitCode === 0) return Date.now() - this.#began
    const why = this.lines.map(({ line }) => line).join('\n')
    throw new Error(`npm start ended with ${exitCode ?? signalCode}: ${why}`)
  }

  /** SIGKILL at that moment, or when the part is over before it; false if the run was over. */
  async killAt({ line, afterMs }: KillMoment): Promise<boolean> {
    const parts = () => this.lines.map(({ line }) => line).filter(isPart)
    if (line !== undefined) await this.#until(() => parts().includes(line))
    const isOver = () => line !== undefined && parts().at(-1) !== line
    await Promise.race([sleep(afterMs), this.#until(isOver), this.#closed])
    this.#child.kill('SIGKILL')
    await this.#closed
    if (this.#child.signalCode === 'SIGKILL') return true
    await this.end()
    return false
  }

  async #until(is: () => boolean) {
    const ends = () => this.#child.exitCode !== null || this.#child.signalCode !== null
    while (!is() && !ends()) await Promise.race([this.#arrived.promise, this.#closed])
  }
}
