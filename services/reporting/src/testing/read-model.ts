import { type Consume, consume, lagOf } from '@jejak/consumer/consume'
import { idempotentConsumer } from '@jejak/consumer/consumer'
import type { PublisherHistory } from '@jejak/consumer/port'
import { assessmentEvents } from '@jejak/events/assessment'
import { certificationEvents } from '@jejak/events/certification'
import { enrollmentEvents } from '@jejak/events/enrollment'
import { reportingEvents } from '@jejak/events/reporting'
import type { EventOf } from '@jejak/eventsourcing/catalogue'
import { decode } from '@jejak/eventsourcing/entry'
import type { EventLog } from '@jejak/eventsourcing/log'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import type { Message } from '@jejak/messaging/bus'
import { localBus } from '@jejak/messaging/local'
import { openLog } from '@jejak/storage/log/open'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import fc from 'fast-check'
import { v7 } from 'uuid'
import { reportingConsumer } from '../read-model/consumer.ts'
import { projector } from '../read-model/projector.ts'
import { openQueries } from '../read-model/queries.ts'
import { type RebuildPorts, rebuildReadModel } from '../read-model/rebuild.ts'

export const catalogues = {
  enrollment: enrollmentEvents,
  assessment: assessmentEvents,
  certification: certificationEvents,
  reporting: reportingEvents,
}
export type LogName = keyof typeof catalogues
export type Happened = EventOf<(typeof catalogues)[LogName]>

/** Name of the first version of the read model. */
export const firstModel = 'reporting-v7-1'

export const idOf = (number: number): string =>
  `0197a000-0000-7000-8000-${String(number).padStart(12, '0')}`

export const noon = Date.parse('2026-06-15T04:00:00Z')

/** The logs of all services, without the services. */
export const openLogs = async () => {
  const logs = new Map<string, EventLog>()
  let now = noon
  for (const name of Object.keys(catalogues)) {
    const origin = `jejak.example/${name}`
    const signer = parseSigner(generateKey(origin))
    logs.set(name, await openLog({ store: memoryStore(), origin, signer, now: () => now }))
  }
  const logOf = (name: string) => {
    const log = logs.get(name)
    if (!log) throw new Error(`there is no log of ${name}`)
    return log
  }
  const history: PublisherHistory = async (name, query) => {
    const [page] = await logOf(name).readStreams([query])
    return page ?? { events: [], end: true }
  }
  /** Appends to the log of the service that publishes such events. */
  const append = async (name: LogName, stream: string, ...events: readonly Happened[]) => {
    const { encode } = catalogues[name]
    const encoded = events.map(event => encode(event as never, v7()))
    const result = await logOf(name).append({ stream, expected: 'any', events: encoded })
    if ('refused' in result) throw new Error(JSON.stringify(result))
  }
  /** All events, one log after the other. */
  const messages = async (): Promise<readonly Message[]> => {
    const found: Message[] = []
    for (const [log, { read }] of logs) {
      for await (const { position, entries } of read(0)) {
        for (const [at, entry] of entries.entries()) {
          const { subject: stream, streamversion: version } = decode(entry)
          found.push({ log, stream, version, position: position + at, entry })
        }
      }
    }
    return found
  }
  /** Moves the clock: later events have a later time. */
  const pass = (ms: number) => {
    now += ms
  }
  return { logs, history, append, messages, pass }
}

export type Logs = Awaited<ReturnType<typeof openLogs>>

/** A read model that has applied these messages, in this order. */
export const readModelAfter = async ({ history }: Logs, messages: readonly Message[]) => {
  const store = memoryProjections()
  await idempotentConsumer({
    name: firstModel,
    store,
    history,
    cursorPer: 'stream',
    projector,
  }).handle(messages)
  return store
}

type ConsumingPorts = Omit<RebuildPorts, 'signal'> & Pick<Consume, 'bus'>

/** Keeps the read model of a store until it is closed, and can build it anew. */
export const consumeReporting = (ports: ConsumingPorts) => {
  const stop = new AbortController()
  const consuming = { ...ports, signal: stop.signal }
  const run = consume({ ...consuming, ...reportingConsumer })
  return {
    rebuild: () => rebuildReadModel(consuming),
    /** Rejects if it can't go on: a log is not the one that it has read so far. */
    run,
    async isCurrent() {
      const lags = await lagOf(reportingConsumer, ports.store, ports.logs)
      return [...lags.values()].every(lag => lag === 0)
    },
    async close() {
      stop.abort()
      await run.catch(() => {}) // How it ended is what `run` says.
    },
  }
}

/** Reporting, which consumes, on a store. */
export const openReporting = ({ logs, history }: Logs, store: ProjectionStore) => {
  const failures: unknown[] = []
  const failed = (error: unknown) => failures.push(error)
  const bus = localBus({ logs, cursors: store })
  const consuming = consumeReporting({ bus, logs, store, history, cursorPer: 'log', failed })
  return { ...consuming, queries: openQueries({ store, clock: () => noon }), failures }
}

/** Every document, in the order of the keys, as it would be written down. */
export const dumpOf = async (store: ProjectionStore, model = firstModel): Promise<string> => {
  const lines: string[] = []
  for await (const found of store.dump(model)) lines.push(JSON.stringify(found))
  return lines.join('\n')
}

/** Every stream in its order, and the streams in any: as a bus may deliver them. */
export const interleaved = (messages: readonly Message[]) => {
  const streams = messages.map(({ log, stream }) => `${log}/${stream}`)
  const whole = { minLength: streams.length, maxLength: streams.length }
  return fc.shuffledSubarray(streams, whole).map(order => {
    const queues = Map.groupBy(messages, ({ log, stream }) => `${log}/${stream}`)
    const next = new Map([...queues].map(([stream, queue]) => [stream, queue.values()]))
    return order.flatMap(stream => [...(next.get(stream)?.take(1) ?? [])])
  })
}
