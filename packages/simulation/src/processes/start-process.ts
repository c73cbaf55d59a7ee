import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { compiled } from './task-process.ts'

const main = fileURLToPath(import.meta.resolve('@jejak/demo/main'))

/** The data folder, by the same name wherever it is: the page has it. */
export const dataName = 'makassar'

/** A moment of a run: so long after it has said the line, or after its beginning. */
export type Moment = { readonly line?: string | undefined; readonly afterMs: number }

/** What it says as it gets to a part of the scenario. */
export const isPart = (line: string): boolean => /^[a-z][a-z ]*: /.test(line)

/** What `npm start` runs, in a folder of its own; it ends after the page. */
export class StartProcess {
  /** Each line for the operator, and how long after the beginning it came. */
  readonly said: { readonly line: string; readonly atMs: number }[] = []
  page = ''
  readonly #began = Date.now()
  readonly #child
  readonly #closed: Promise<unknown>
  #heard = Promise.withResolvers<void>()

  constructor(folder: string) {
    const addresses = ['--grpc', '127.0.0.1:0', '--http', '127.0.0.1:0']
    this.#child = spawn(process.execPath, [main, '--data', dataName, ...addresses, '--once'], {
      cwd: folder,
      env: { ...process.env, NODE_COMPILE_CACHE: compiled },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#closed = once(this.#child, 'close')
    this.#child.stdout.setEncoding('utf8').on('data', text => {
      this.page += text
    })
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => this.#hear(text))
  }

  #hear(text: string) {
    const atMs = Date.now() - this.#began
    for (const line of text.split('\n').filter(Boolean)) this.said.push({ line, atMs })
    this.#heard.resolve()
    this.#heard = Promise.withResolvers()
  }

  /** Resolves when it is over, with how long it took; throws where it failed. */
  async end(): Promise<number> {
    await this.#closed
    const { exitCode, signalCode } = this.#child
    if (exitCode === 0) return Date.now() - this.#began
    const why = this.said.map(({ line }) => line).join('\n')
    throw new Error(`npm start ended with ${exitCode ?? signalCode}: ${why}`)
  }

  /** SIGKILL at that moment, or where the part is over by then; false where all was over. */
  async killAt({ line, afterMs }: Moment): Promise<boolean> {
    const parts = () => this.said.map(said => said.line).filter(isPart)
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
    while (!is() && !ends()) await Promise.race([this.#heard.promise, this.#closed])
  }
}
