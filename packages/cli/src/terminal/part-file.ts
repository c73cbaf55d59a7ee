import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { moveIntoPlace } from '@jejak/storage/durable-file'
import { CommandFailed } from './exit.ts'

/** A file with personal data: only its owner can read it. */
const ownerOnly = 0o600

export type PartOptions = {
  readonly mode?: number
  /** What to do if it can't be written. */
  readonly advice?: string
}

const partOf = (path: string): string => `${path}.part`

/** Opens the file beside its place that it is written to: nobody reads half of it. */
export const openPart = (path: string, options: PartOptions = {}): number => {
  try {
    return openSync(partOf(path), 'w', options.mode ?? ownerOnly)
  } catch (error) {
    throw unwritable(path, error, options)
  }
}

/** Moves the file to its place. If none was written, removes that of an earlier run. */
export const settlePart = (path: string, isWritten: boolean): boolean => {
  if (isWritten) moveIntoPlace(partOf(path), path)
  else rmSync(path, { force: true })
  return isWritten
}

const unwritable = (path: string, error: unknown, { advice = '' }: PartOptions) =>
  new CommandFailed('Unwritable', `${path}: ${(error as Error).message}${advice}`)

/** A text file, written beside its place and moved there at the end. An empty one is not made. */
export class PartFile {
  readonly path: string
  readonly #options: PartOptions
  #file: number | undefined

  constructor(path: string, options: PartOptions = {}) {
    this.path = path
    this.#options = options
  }

  write(text: string): void {
    this.#file ??= openPart(this.path, this.#options)
    try {
      writeSync(this.#file, text)
    } catch (error) {
      throw unwritable(this.path, error, this.#options)
    }
  }

  /** Whether there is one. */
  end(): boolean {
    if (this.#file !== undefined) closeSync(this.#file)
    return settlePart(this.path, this.#file !== undefined)
  }
}
