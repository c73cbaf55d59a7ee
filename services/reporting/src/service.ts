import { type ListenerPorts, listen } from './read-model/listener.ts'
import { openQueries } from './read-model/queries.ts'
import { type RebuildPorts, rebuildReadModel } from './read-model/rebuild.ts'

export type ReportingPorts = Omit<ListenerPorts & RebuildPorts, 'signal' | 'logs'> &
  Pick<RebuildPorts, 'logs'> & {
    /** Milliseconds since 1970. */
    readonly clock: () => number
  }

/** What is read of everybody, kept up with what all services say. */
export const reportingService = ({ clock, ...ports }: ReportingPorts) => {
  const stop = new AbortController()
  const listening = { ...ports, signal: stop.signal }
  const run = listen({ ...listening, logs: [...ports.logs.keys()] })
  return {
    queries: openQueries({ store: ports.store, clock }),
    /** Resolves once what is read was built anew from the logs. */
    rebuild: () => rebuildReadModel(listening),
    /** Rejects where it can't go on: a log is not the one that it has heard. */
    run,
    async close() {
      stop.abort()
      await run.catch(() => {}) // How it ended is what `run` says.
    },
  }
}
