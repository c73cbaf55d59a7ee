import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { Unusable } from './outcome.ts'

/** A file that is written beside and put in its place at the end; none where it is empty. */
export class Kept {
  readonly #path: string
  #file: number | undefined

  constructor(path: string) {
    this.#path = path
  }

  write(text: string): void {
    try {
      this.#file ??= openSync(`${this.#path}.part`, 'w', 0o600)
      writeSync(this.#file, text)
    } catch (error) {
      throw new Unusable('Unwritable', `${this.#path}: ${(error as Error).message}`)
    }
  }

  /** Whether there is one. */
  end(): boolean {
    if (this.#file === undefined) {
      rmSync(this.#path, { force: true })
      return false
    }
    fsyncSync(this.#file)
    closeSync(this.#file)
    renameSync(`${this.#path}.part`, this.#path)
    return true
  }
}
