import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

export type ToProjectors = {
  /** Logs that have more. */
  readonly grown?: readonly string[]
  /** Build the read model of reporting anew. */
  readonly rebuild?: true
  readonly close?: true
}
export type FromProjectors = {
  readonly ready?: true
  /** The service whose documents have changed. */
  readonly applied?: string
  readonly failed?: string
  readonly rebuilt?: { readonly failed?: string }
}

/** To wake a thread costs more than one event does: events that come together wake it once. */
const gatherMs = 25

export type ProjectorOptions = {
  readonly data: string
  /** The services whose logs are consumed. */
  readonly services: readonly string[]
  /** Called when the documents of a service may have changed. */
  readonly applied: (service: string) => void
  /** Called with each failure; what failed is tried again. */
  readonly failed: (error: unknown) => void
  /** Called when it can't go on: a log is not the one that it has read so far. */
  readonly onStop: (cause: unknown) => void
}

/** Starts the thread in which services consume events and keep their read models. */
export const startProjectors = async (options: ProjectorOptions) => {
  const { data, services, applied, failed, onStop } = options
  const worker = new Worker(new URL('./projector-worker.ts', import.meta.url), {
    workerData: { data, services },
  })
  const ask = (message: ToProjectors) => worker.postMessage(message)
  const exit = once(worker, 'exit').catch(() => {}) // An error is reported below.
  await once(worker, 'message')
  worker.on('error', onStop)
  worker.on('message', (message: FromProjectors) => {
    if (message.applied) applied(message.applied)
    if (message.failed) failed(message.failed)
    if (message.rebuilt) settle(message.rebuilt)
  })
  worker.on('exit', () => settle({ failed: 'the service has stopped' }))
  let rebuilding: PromiseWithResolvers<void> | undefined
  const settle = ({ failed }: { readonly failed?: string }) => {
    if (failed === undefined) rebuilding?.resolve()
    else rebuilding?.reject(new Error(failed))
    rebuilding = undefined
  }
  const grown = new Set<string>()
  let ringing: NodeJS.Timeout | undefined
  let rungAt = 0
  const ring = () => {
    ask({ grown: [...grown] })
    grown.clear()
    rungAt = performance.now()
  }
  return {
    /** A log has more. */
    grown(service: string) {
      if (grown.size === 0) {
        // At once if it is quiet; under load each ring covers what has come since the last.
        ringing = setTimeout(ring, Math.max(0, rungAt + gatherMs - performance.now()))
      }
      grown.add(service)
    },
    /** Resolves once the read model of reporting was built anew, beside the one that is read. */
    rebuild(): Promise<void> {
      if (!rebuilding) {
        rebuilding = Promise.withResolvers()
        ask({ rebuild: true })
      }
      return rebuilding.promise
    },
    async close() {
      clearTimeout(ringing)
      ask({ close: true })
      await exit
    },
  }
}
