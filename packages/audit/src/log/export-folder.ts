import { closeSync, existsSync, fdatasync, openSync, renameSync, writeFileSync } from 'node:fs'
import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** Writes under way at once: an fsync each, and the disk does several together. */
const writesMax = 8

const datasync = promisify(fdatasync)

/** A file on its way. */
export type PendingWrite = { readonly done: Promise<void> }

/**
 * The folder of an export. Every file is written beside its place, made durable and then renamed:
 * whatever is there is whole, and a killed export can be continued.
 */
export class ExportFolder {
  readonly #root: string
  readonly #made = new Set<string>()
  readonly #changed = new Set<string>()
  readonly #writing = new Set<Promise<void>>()
  #failed: unknown
  #written = 0

  constructor(root: string) {
    this.#root = root
  }

  /** How many files were written. */
  get written(): number {
    return this.#written
  }

  path(name: string): string {
    return join(this.#root, name)
  }

  has(name: string): boolean {
    return existsSync(this.path(name))
  }

  async read(name: string): Promise<Buffer | undefined> {
    // Nobody else writes here: an export locks it. Most files of a first export are not there.
    return this.has(name) ? readFile(this.path(name)) : undefined
  }

  /** Writes a file, at the latest by the next `sync`; never before the one it comes after. */
  async write(
    name: string,
    bytes: Uint8Array | string,
    after?: PendingWrite,
  ): Promise<PendingWrite> {
    while (this.#writing.size >= writesMax) await Promise.race(this.#writing)
    if (this.#failed) throw this.#failed
    const writing: Promise<void> = Promise.resolve(after?.done)
      .then(() => this.#put(this.path(name), bytes))
      .catch(error => {
        this.#failed ??= error
      })
      .finally(() => this.#writing.delete(writing))
    this.#writing.add(writing)
    return { done: writing }
  }

  /** Until all that was written would survive a power cut, names included. */
  async sync(): Promise<void> {
    await Promise.all(this.#writing)
    if (this.#failed) throw this.#failed
    for (const directory of this.#changed) {
      const handle = await open(directory, 'r')
      await handle.sync()
      await handle.close()
    }
    this.#changed.clear()
  }

  remove(name: string): Promise<void> {
    return rm(this.path(name), { recursive: true, force: true })
  }

  async #put(path: string, bytes: Uint8Array | string): Promise<void> {
    const directory = dirname(path)
    if (this.#failed) throw this.#failed // Its bundle may be the one that is not there.
    if (!this.#made.has(directory)) {
      await mkdir(directory, { recursive: true })
      this.#made.add(directory)
      for (let up = directory; up.length > this.#root.length; up = dirname(up)) {
        this.#changed.add(dirname(up))
      }
    }
    const temporary = `${path}.tmp` // Always the same: the next run overwrites what a kill left.
    const file = openSync(temporary, 'w')
    try {
      // Into the cache of the system, quicker than by another thread: it is the sync that waits.
      writeFileSync(file, bytes)
      await datasync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
    this.#changed.add(directory)
    this.#written++
  }
}
