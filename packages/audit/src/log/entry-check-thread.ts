import { Worker } from 'node:worker_threads'
import type { EntryChunk, EntryFault } from './entry-check.ts'
import type { ChunkResult } from './entry-check-worker.ts'

/** How many chunks may be on their way: enough that neither thread waits, and memory is bounded. */
const underWayMax = 8

/** Checks events in another thread. What is wrong is known a few chunks later. */
export class EntryCheckThread {
  readonly #worker: Worker
  readonly #waiting: (() => void)[] = []
  #underWay = 0
  #fault: EntryFault | undefined
  #streams = 0
  #broken: Error | undefined

  /** `source` is the log's origin. */
  constructor(source: string) {
    this.#worker = new Worker(new URL('./entry-check-worker.ts', import.meta.url), {
      workerData: source,
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

  /** Takes the chunk's bytes away from the caller. */
  push(chunk: EntryChunk): void {
    this.#underWay++
    this.#worker.postMessage(chunk, [chunk.entries.buffer as ArrayBuffer])
  }

  /** Until there is room for another chunk. */
  room(): Promise<void> {
    return this.#until(underWayMax - 1)
  }

  /** Answers what is wrong, or how many streams there are. */
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
