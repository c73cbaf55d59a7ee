import { closeSync, existsSync, fdatasync, openSync, renameSync, writeFileSync } from 'node:fs'
import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** Writes under way at once: each has an fsync, and a disk does several at a time. */
const writesMax = 8

const datasync = promisify(fdatasync)

/** A file that is being written. */
export type PendingWrite = { readonly done: Promise<void> }

/**
 * The folder of an export. Every file is written beside its place, made durable and then renamed:
 * a file that is in its place is complete, and a killed export can be continued.
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

  /** The number of files that were written. */
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
    // No other process writes here, for an export locks it. A first export finds few of its files.
    return this.has(name) ? readFile(this.path(name)) : undefined
  }

  /** Writes a file, at the latest by the next `sync`, and never before `after`. */
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

  /** Waits until all files would survive a power cut, with their names. */
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
    if (this.#failed) throw this.#failed // The file that failed may be the bundle of this tile.
    if (!this.#made.has(directory)) {
      await mkdir(directory, { recursive: true })
      this.#made.add(directory)
      for (let up = directory; up.length > this.#root.length; up = dirname(up)) {
        this.#changed.add(dirname(up))
      }
    }
    const temporary = `${path}.tmp` // A fixed name: the next run overwrites what a killed one left.
    const file = openSync(temporary, 'w')
    try {
      // Writing to the page cache is quicker than another thread. Only the sync waits.
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
