import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import type { Line } from './lines.ts'
import { Unusable } from './outcome.ts'

/** How many rejected lines are listed on the terminal: the file has all of them. */
const listedMax = 20

/** The file of lines that were not imported: made with the first, and not there without one. */
export class Rejects {
  readonly path: string
  #file: number | undefined
  #count = 0

  constructor(path: string) {
    this.path = path
  }

  get count(): number {
    return this.#count
  }

  add({ number, bytes }: Line, reason: string): void {
    this.#file ??= this.#open()
    const text = bytes?.toString('utf8')
    const same = bytes && Buffer.from(text as string).equals(bytes)
    const content = same ? { text } : bytes && { base64: bytes.toString('base64') }
    writeSync(this.#file, `${JSON.stringify({ line: number, reason, ...content })}\n`)
    this.#count++
    if (this.#count <= listedMax) console.error(`line ${number}: ${reason}`)
  }

  /** Puts the file where it belongs, or removes that of an earlier run. */
  close(): void {
    if (this.#file === undefined) {
      rmSync(this.path, { force: true })
      return
    }
    fsyncSync(this.#file)
    closeSync(this.#file)
    renameSync(this.#temporary, this.path)
    if (this.#count > listedMax) console.error(`and ${this.#count - listedMax} more`)
  }

  get #temporary(): string {
    return `${this.path}.tmp`
  }

  #open(): number {
    try {
      return openSync(this.#temporary, 'w')
    } catch (error) {
      const why = (error as Error).message
      throw new Unusable('Unwritable', `rejected lines can't be kept: ${why}. Use --rejects FILE`)
    }
  }
}
