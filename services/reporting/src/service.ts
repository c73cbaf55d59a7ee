import { type Consume, consume } from '@jejak/consumer/consume'
import { reportingConsumer } from './read-model/consumer.ts'
import { openQueries } from './read-model/queries.ts'
import { type RebuildPorts, rebuildReadModel } from './read-model/rebuild.ts'

export type ReportingPorts = Omit<RebuildPorts, 'signal'> &
  Pick<Consume, 'bus'> & {
    /** Milliseconds since 1970. */
    readonly clock: () => number
  }

/** What is read of everybody, kept up with what all services say. */
export const reportingService = ({ clock, ...ports }: ReportingPorts) => {
  const stop = new AbortController()
  const consuming = { ...ports, signal: stop.signal }
  const run = consume({ ...consuming, ...reportingConsumer })
  return {
    queries: openQueries({ store: ports.store, clock }),
    /** Resolves once what is read was built anew from the logs. */
    rebuild: () => rebuildReadModel(consuming),
    /** Rejects where it can't go on: a log is not the one that it has heard. */
    run,
    async close() {
      stop.abort()
      await run.catch(() => {}) // How it ended is what `run` says.
    },
  }
}
