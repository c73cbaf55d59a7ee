import type { EventLog } from '@jejak/eventsourcing/log'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import type { Bus, Subscription } from '@jejak/messaging/bus'
import { type Consumer, idempotentConsumer } from './consumer.ts'
import { type DiscardEvents, openDiscards } from './discards.ts'
import type { ParkedPort } from './parked-rpc.ts'
import type { ConsumerPorts, Projector } from './port.ts'

/** Declares a consumer of a service, once for every process that runs it. */
export type ConsumerDeclaration = {
  /** The service, whose log has the versions that it leaves out. */
  readonly service: string
  /** The catalogue of that log. */
  readonly events: DiscardEvents
  /** The services whose events it consumes. */
  readonly logs: readonly string[]
  readonly projector: Projector
  /** The projection that is in use, also the name that the bus knows: another may replace it. */
  readonly projection: (store: ProjectionStore) => Promise<string>
}

/** A consumer that leaves out what its service has discarded. */
export const openConsumer = async (
  { service, events, projector }: ConsumerDeclaration,
  ports: ConsumerPorts,
  projection: string,
) => {
  const discards = await openDiscards(query => ports.history(service, query), events)
  const consumer = idempotentConsumer({
    ...ports,
    name: projection,
    // A discarded version is left out also once the fault that it failed by is mended.
    projector: (message, entry, load) =>
      discards.had(message) ? [] : projector(message, entry, load),
    discarded: discards.has,
  })
  return { ...consumer, settle: () => discards.settle(consumer) }
}

export type Consume = ConsumerDeclaration &
  ConsumerPorts &
  Pick<Subscription, 'signal'> & {
    readonly bus: Pick<Bus, 'subscribe'>
    /** Called after documents may have changed. */
    readonly applied?: () => void | Promise<void>
    /** Called with each failure; what failed is tried again after a back-off. */
    readonly failed?: ((error: unknown) => void) | undefined
    /** Called with each consumer that it opens, for metrics. */
    readonly opened?: (consumer: Pick<Consumer, 'counts' | 'parkedCount'>) => void
  }

/**
 * Keeps the projection that is in use, and goes on with another one that has replaced it. Resolves
 * after the signal has aborted; rejects when it can't go on, for example if a log is not the one
 * that it has read so far.
 */
export const consume = async (options: Consume): Promise<void> => {
  const { bus, store, logs, projection, signal, applied, failed, opened } = options
  for (let isReplaced = true; isReplaced && !signal.aborted; ) {
    const name = await projection(store)
    const replaced = new AbortController()
    const consumer = await openConsumer(options, options, name)
    opened?.(consumer)
    await consumer.settle().catch(error => failed?.(error))
    await bus.subscribe({
      consumer: name,
      logs,
      signal: AbortSignal.any([signal, replaced.signal]),
      ...(failed && { failed }),
      async handle(messages) {
        if ((await projection(store)) !== name) return replaced.abort()
        await consumer.handle(messages)
        await applied?.()
      },
    })
    isReplaced = replaced.signal.aborted
  }
}

/** The parked streams of the projection that is in use. */
export const parkedPort = (
  declaration: ConsumerDeclaration,
  ports: ConsumerPorts & Pick<ParkedPort, 'log'>,
): ParkedPort => ({
  ...ports,
  events: declaration.events,
  consumer: async () => openConsumer(declaration, ports, await declaration.projection(ports.store)),
})

/** By log: how many of its events the projection in use has not come to. */
export const lagOf = async (
  { logs: names, projection }: Pick<ConsumerDeclaration, 'logs' | 'projection'>,
  store: ProjectionStore,
  logs: ReadonlyMap<string, Pick<EventLog, 'size'>>,
): Promise<ReadonlyMap<string, number>> => {
  const reader = await projection(store)
  const behind = names.map(async name => {
    const { position } = await store.cursor(reader, name)
    return [name, ((await logs.get(name)?.size()) ?? 0) - position] as const
  })
  return new Map(await Promise.all(behind))
}
