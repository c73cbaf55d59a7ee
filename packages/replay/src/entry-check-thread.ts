import { Worker } from 'node:worker_threads'
import type { EntryChecker, EntryChunk, EntryFault } from './entry-check.ts'
import type { ChunkResult } from './entry-check-worker.ts'

/** Chunks under way at once: enough that neither thread waits, few enough to bound memory. */
const underWayMax = 8

/** Checks events in another thread. A fault shows a few chunks later. */
export class EntryCheckThread implements EntryChecker {
  readonly #worker: Worker
  readonly #waiting: (() => void)[] = []
  #underWay = 0
  #fault: EntryFault | undefined
  #streams = 0
  #broken: Error | undefined

  constructor(origin: string) {
    this.#worker = new Worker(new URL('./entry-check-worker.ts', import.meta.url), {
      workerData: origin,
    })
    this.#worker.on('message', ({ fault, streams }: ChunkResult) => {
      this.#underWay--
      this.#fault ??= fault
      this.#streams = streams ?? this.#streams
      this.#wake()
    })
    this.#worker.on('error', error => {
      this.#broken = error
      this.#wake()
    })
  }

  get fault(): EntryFault | undefined {
    return this.#fault
  }

  /** Transfers the bytes of the chunk: the caller can't use them any more. */
  push(chunk: EntryChunk): void {
    this.#underWay++
    this.#worker.postMessage(chunk, [chunk.entries.buffer as ArrayBuffer])
  }

  /** Waits until there is room for another chunk. */
  room(): Promise<void> {
    return this.#until(underWayMax - 1)
  }

  /** Returns the first fault, or the number of streams. */
  async end(): Promise<EntryFault | number> {
    this.#underWay++
    this.#worker.postMessage('end')
    await this.#until(0)
    return this.#fault ?? this.#streams
  }

  async stop(): Promise<void> {
    await this.#worker.terminate()
  }

  async #until(most: number): Promise<void> {
    while (this.#underWay > most) {
      if (this.#broken) throw this.#broken
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    }
    if (this.#broken) throw this.#broken
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
