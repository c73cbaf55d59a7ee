import { setImmediate as turn } from 'node:timers/promises'
import { type Consume, openConsumer } from '@jejak/consumer/consume'
import type { Consumer } from '@jejak/consumer/consumer'
import type { ConsumerPorts } from '@jejak/consumer/port'
import { Overtaken, writeBehind } from '@jejak/consumer/write-behind'
import type { EventLog } from '@jejak/eventsourcing/log'
import { after, beginning, type Cursor, pagesFrom } from '@jejak/eventsourcing/projection'
import { type LogMessage, messagesOf, partsOf } from '@jejak/messaging/pages'
import { retry } from '@jejak/messaging/retry'
import { reportingConsumer } from './consumer.ts'
import { factsAll } from './keys.ts'
import { openReadModel } from './versions.ts'

type Log = Pick<EventLog, 'read' | 'follow' | 'size'>

export type RebuildPorts = ConsumerPorts &
  Pick<Consume, 'signal' | 'failed'> & {
    /** The logs of all services, by service name. */
    readonly logs: ReadonlyMap<string, Log>
  }

/** It was stopped, or another was begun after it. The version that served still does. */
export class RebuildStopped extends Error {
  override name = 'RebuildStopped'
}

/**
 * Builds the next version of the read model from the logs, beside the one that serves. It replaces
 * that one once it has caught up. A version that was left unfinished is dropped.
 */
export const rebuildReadModel = async (ports: RebuildPorts): Promise<void> => {
  const readModel = openReadModel(ports.store)
  const model = await readModel.begin()
  await readModel.dropOthers()
  await ports.store.beginFilling(model, factsAll)
  await fill(ports, model)
  await ports.store.endFilling(model)
  if (!(await readModel.activate(model))) throw new RebuildStopped('another was begun after it')
  const consumer = await openConsumer(reportingConsumer, ports, model)
  await consumer.settle() // Takes up streams that are parked at a version discarded meanwhile.
  await readModel.dropOthers()
}

/** If a log always grew meanwhile, little is left by then: the consumer soon catches up. */
const roundsMax = 50

/** Resolves once the version has all that the logs had at a moment after the last batch. */
const fill = async (ports: RebuildPorts, model: string): Promise<void> => {
  const { logs, signal, failed } = ports
  const store = writeBehind(ports.store)
  const consumer = await openConsumer(reportingConsumer, { ...ports, store }, model)
  const reading = { consumer, eventsMax: store.eventsMax, signal }
  const cursors = new Map<string, Cursor>()
  const readAll = async () => {
    for (const [name, log] of logs) await readOn(reading, { name, log, cursors })
    await store.settled()
    for (const [name, log] of logs) {
      if ((cursors.get(name) ?? beginning).position < (await log.size())) return false
    }
    return true
  }
  try {
    for (let round = 1; ; round++) {
      const isCaughtUp = await retry(readAll, { signal, ...(failed && { failed }) })
      if (isCaughtUp === undefined) throw new RebuildStopped('the service has stopped')
      if (isCaughtUp || round === roundsMax) break
    }
    // The consumer goes on from here. With a cursor for each log it is there already.
    for (const [reader, to] of cursors) {
      const from = await store.cursor(model, reader)
      await store.apply(model, { moves: [{ reader, from, to }], documents: new Map() })
    }
    await store.settled()
  } catch (error) {
    await store.settled().catch(() => {}) // Until nothing is written any more.
    throw error instanceof Overtaken ? new RebuildStopped(error.message) : error
  }
}

type Reading = Pick<RebuildPorts, 'signal'> & {
  readonly consumer: Pick<Consumer, 'applyBatch' | 'handle'>
  readonly eventsMax: number
}
type LogToRead = { readonly name: string; readonly log: Log; readonly cursors: Map<string, Cursor> }

/**
 * Applies the log to its end, or until the signal aborts. A batch is as large as the store takes:
 * nobody reads the version before it is whole, and after a crash another is begun.
 */
const readOn = async (reading: Reading, { name, log, cursors }: LogToRead): Promise<void> => {
  const { consumer, eventsMax, signal } = reading
  let messages: LogMessage[] = []
  const applyAll = async () => {
    const last = messages.at(-1)
    if (!last) return
    if (!(await consumer.applyBatch(messages))) await consumer.handle(messages)
    cursors.set(name, after({ position: last.position, entries: [last.entry] }))
    messages = []
    await turn() // Lets the thread that writes answer, and other calls be served.
  }
  for await (const page of await pagesFrom(log, cursors.get(name) ?? beginning)) {
    if (signal.aborted) return
    for (const part of partsOf(page, eventsMax)) {
      if (messages.length + part.entries.length > eventsMax) await applyAll()
      messages.push(...messagesOf(name, part))
    }
  }
  if (!signal.aborted) await applyAll()
}
