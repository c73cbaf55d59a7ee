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
    /** Of all services, by their names. */
    readonly logs: ReadonlyMap<string, Log>
  }

/** It was stopped, or another was begun after it: what is read is what was read before. */
export class RebuildStopped extends Error {
  override name = 'RebuildStopped'
}

/**
 * Builds the read model anew beside the one that is read, from the logs themselves, and has it take
 * the other's place once it has heard all that there is. What an earlier one left unfinished goes.
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
  await consumer.settle() // What was discarded of the one before while this one was parked at it.
  await readModel.dropOthers()
}

/** Where a log has always grown meanwhile, what is left is little: who listens has it at once. */
const roundsMax = 50

/** Resolves once the model has everything that the logs had at a moment after the last message. */
const fill = async (ports: RebuildPorts, model: string): Promise<void> => {
  const { logs, signal, failed } = ports
  const store = writeBehind(ports.store)
  const consumer = await openConsumer(reportingConsumer, { ...ports, store }, model)
  const reading = { consumer, eventsMax: store.eventsMax, signal }
  const heard = new Map<string, Cursor>()
  const readAll = async () => {
    for (const [name, log] of logs) await readOn(reading, { name, log, heard })
    await store.settled()
    for (const [name, log] of logs) {
      if ((heard.get(name) ?? beginning).position < (await log.size())) return false
    }
    return true
  }
  try {
    for (let round = 1; ; round++) {
      const isWhole = await retry(readAll, { signal, ...(failed && { failed }) })
      if (isWhole === undefined) throw new RebuildStopped('the service has stopped')
      if (isWhole || round === roundsMax) break
    }
    // Where who listens goes on. In the order of logs it is there already.
    for (const [reader, to] of heard) {
      const from = await store.cursor(model, reader)
      await store.apply(model, { moves: [{ reader, from, to }], documents: new Map() })
    }
    await store.settled()
  } catch (error) {
    await store.settled().catch(() => {}) // Nothing is written any more.
    throw error instanceof Overtaken ? new RebuildStopped(error.message) : error
  }
}

type Reading = Pick<RebuildPorts, 'signal'> & {
  readonly consumer: Pick<Consumer, 'applyBatch' | 'handle'>
  readonly eventsMax: number
}
type Heard = { readonly name: string; readonly log: Log; readonly heard: Map<string, Cursor> }

/**
 * From where it has come to the end of the log, or until the signal aborts. As much at once as the
 * store takes: nobody needs it before the end, and a crash begins anew.
 */
const readOn = async (reading: Reading, { name, log, heard }: Heard): Promise<void> => {
  const { consumer, eventsMax, signal } = reading
  let messages: LogMessage[] = []
  const take = async () => {
    const last = messages.at(-1)
    if (!last) return
    if (!(await consumer.applyBatch(messages))) await consumer.handle(messages)
    heard.set(name, after({ position: last.position, entries: [last.entry] }))
    messages = []
    await turn() // The thread that writes is heard, and others are answered.
  }
  for await (const page of await pagesFrom(log, heard.get(name) ?? beginning)) {
    if (signal.aborted) return
    for (const part of partsOf(page, eventsMax)) {
      if (messages.length + part.entries.length > eventsMax) await take()
      messages.push(...messagesOf(name, part))
    }
  }
  if (!signal.aborted) await take()
}
