import type { EventLog } from '@jejak/eventsourcing/log'
import type { Message } from '@jejak/messaging/bus'
import { takeTogether } from '@jejak/messaging/together'
import { openGate } from './gate.ts'
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
  const gate = await openGate(ports, model)
  await caughtUp(ports, gate)
  if (!(await models.swap(model))) throw new RebuildStopped('another was begun after it')
  await gate.settle() // What was discarded of the one before while this one was parked at it.
  await models.dropOthers()
}

/**
 * So many messages of a log at least take effect in one step, but for its last: the more, the fewer
 * times is a page of the store written. Nobody needs them before the end, and a crash begins anew.
 */
const togetherMin = 10_000

type Gate = Awaited<ReturnType<typeof openGate>>

/** Resolves once the model has everything that the logs had at a moment after the last message. */
const caughtUp = async (ports: RebuildPorts, { filling, handle }: Gate): Promise<void> => {
  const { bus, logs, signal, failed } = ports
  const done = new AbortController()
  const waiting = new Map<string, Message[]>()
  /** The position after the last that has taken effect. */
  const heard = new Map<string, number>()
  const isEnd = async (log: string, position: number) =>
    position >= ((await logs.get(log)?.size()) ?? 0)
  const isWhole = async () => {
    for (const log of logs.keys()) if (!(await isEnd(log, heard.get(log) ?? 0))) return false
    return true
  }
  const flush = async (log: string, all: readonly Message[]) => {
    if (!(await takeTogether(filling, all))) await handle(all)
    waiting.delete(log)
    heard.set(log, endOf(all))
  }
  const take = async (log: string, messages: readonly Message[]) => {
    const all = waiting.get(log) ?? []
    waiting.set(log, all)
    all.push(...messages)
    if (all.length < togetherMin && !(await isEnd(log, endOf(all)))) return
    await flush(log, all)
    if (await isWhole()) done.abort()
  }
  if (await isWhole()) return
  await bus.subscribe({
    consumer: filling.consumer,
    logs: [...logs.keys()],
    signal: AbortSignal.any([signal, done.signal]),
    ...(failed && { failed }),
    async handle(messages) {
      for (const [log, some] of Map.groupBy(messages, ({ log }) => log)) await take(log, some)
    },
  })
  if (!done.signal.aborted) throw new RebuildStopped('the service has stopped')
  // Delivered since: the bus will not deliver it again.
  for (const [log, all] of waiting) await flush(log, all)
}

const endOf = (messages: readonly Message[]) => 1 + (messages.at(-1)?.position ?? -1)
