import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { CommandFailed } from './exit.ts'

/** Written beside, and in its place at the end: nobody takes half of it for the whole. */
export const partOf = (path: string): string => `${path}.part`

/** Only its owner can read it: there are people's numbers in it. */
export const openPart = (path: string): number => {
  try {
    return openSync(partOf(path), 'w', 0o600)
  } catch (error) {
    throw new CommandFailed('Unwritable', `${path}: ${(error as Error).message}`)
  }
}

/** Puts it in its place; without a part, takes away that of an earlier run. */
export const settlePart = (path: string, there: boolean): boolean => {
  if (there) renameSync(partOf(path), path)
  else rmSync(path, { force: true })
  return there
}

/** A text file; none where it is empty. */
export class Kept {
  readonly #path: string
  #file: number | undefined

  constructor(path: string) {
    this.#path = path
  }

  write(text: string): void {
    this.#file ??= openPart(this.#path)
    try {
      writeSync(this.#file, text)
    } catch (error) {
      throw new CommandFailed('Unwritable', `${this.#path}: ${(error as Error).message}`)
    }
  }

  /** Whether there is one. */
  end(): boolean {
    if (this.#file !== undefined) {
      fsyncSync(this.#file)
      closeSync(this.#file)
    }
    return settlePart(this.#path, this.#file !== undefined)
  }
}
