import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { CommandFailed } from '../terminal/exit.ts'
import type { FileLine } from './lines.ts'

/** The file of lines that were not imported: made with the first, and not there without one. */
export class RejectedLines {
  readonly path: string
  readonly #tell: (line: number, reason: string) => void
  #file: number | undefined
  #count = 0

  constructor(path: string, tell: (line: number, reason: string) => void) {
    this.path = path
    this.#tell = tell
  }

  get count(): number {
    return this.#count
  }

  add({ number, bytes }: FileLine, reason: string): void {
    this.#file ??= this.#open()
    const text = bytes?.toString('utf8')
    const same = bytes && Buffer.from(text as string).equals(bytes)
    const content = same ? { text } : bytes && { base64: bytes.toString('base64') }
    writeSync(this.#file, `${JSON.stringify({ line: number, reason, ...content })}\n`)
    this.#count++
    this.#tell(number, reason)
  }

  /**
   * Puts the file where it belongs, or removes that of an earlier run. A run that did not get to
   * its end does not know all rejects, and leaves what an earlier one found.
   */
  end(): void {
    if (this.#file === undefined) {
      rmSync(this.path, { force: true })
      return
    }
    fsyncSync(this.#file)
    closeSync(this.#file)
    renameSync(this.#temporary, this.path)
  }

  get #temporary(): string {
    return `${this.path}.tmp`
  }

  #open(): number {
    try {
      return openSync(this.#temporary, 'w')
    } catch (error) {
      const why = (error as Error).message
      throw new CommandFailed(
        'Unwritable',
        `rejected lines can't be kept: ${why}. Use --rejects FILE`,
      )
    }
  }
}
