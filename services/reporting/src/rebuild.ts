import type { EventLog } from '@jejak/eventsourcing/log'
import type { Message } from '@jejak/messaging/bus'
import { gate } from '@jejak/messaging/gate'
import { takeTogether } from '@jejak/messaging/together'
import { effect } from './effect.ts'
import type { ListenerPorts } from './listener.ts'
import { openModels } from './models.ts'

export type RebuildPorts = Omit<ListenerPorts, 'logs'> & {
  /** By service: how much there is to catch up with. */
  readonly logs: ReadonlyMap<string, Pick<EventLog, 'size'>>
}

/** It was stopped, or another was begun after it: what is read is what was read before. */
export class RebuildStopped extends Error {
  override name = 'RebuildStopped'
}

/**
 * Builds the read model anew beside the one that is read, as a consumer of its own, and has it take
 * the other's place once it has heard all that there is. What an earlier one left unfinished goes.
 */
export const rebuild = async (ports: RebuildPorts): Promise<void> => {
  const models = openModels(ports.store)
  const model = await models.begin()
  await models.dropOthers()
  await caughtUp(ports, model)
  if (!(await models.swap(model))) throw new RebuildStopped('another was begun after it')
  await models.dropOthers()
}

/** Resolves once the model has everything that the logs had at a moment after the last message. */
const caughtUp = async (ports: RebuildPorts, model: string): Promise<void> => {
  const { bus, logs, store, history, signal, failed } = ports
  const done = new AbortController()
  const filling = { consumer: model, store, history, effect }
  const { handle } = gate(filling)
  const heard = new Map([...logs.keys()].map(log => [log, 0]))
  const isWhole = async () => {
    for (const [log, { size }] of logs) if ((heard.get(log) ?? 0) < (await size())) return false
    return true
  }
  const take = async (messages: readonly Message[]) => {
    // As much as comes at once: nobody waits for a part of it.
    if (!(await takeTogether(filling, messages))) await handle(messages)
    for (const { log, position } of messages) {
      heard.set(log, Math.max(heard.get(log) ?? 0, position + 1))
    }
    if (await isWhole()) done.abort()
  }
  if (await isWhole()) return
  await bus.subscribe({
    consumer: model,
    logs: [...logs.keys()],
    signal: AbortSignal.any([signal, done.signal]),
    ...(failed && { failed }),
    handle: take,
  })
  if (!done.signal.aborted) throw new RebuildStopped('the service has stopped')
}
