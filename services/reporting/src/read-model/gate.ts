import {
  type ConsumerOptions,
  idempotentConsumer,
  type Projector,
  type PublisherHistory,
} from '@jejak/consumer/consumer'
import { openDiscards } from '@jejak/consumer/discards'
import type { ParkedPart } from '@jejak/consumer/parked-port'
import { reportingEvents } from '@jejak/events/reporting'
import type { EventLog } from '@jejak/eventsourcing/log'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import { projector } from './projector.ts'
import { openReadModel } from './versions.ts'

export type GatePorts = {
  /** Has the documents, and what the gate has let through. */
  readonly store: ProjectionStore
  /** Reads the publishers' streams; its own log is one of theirs. */
  readonly history: PublisherHistory
} & Pick<ConsumerOptions, 'cursorPer' | 'batchMax'>

/** What a read model is kept behind, and how it is filled. */
export const openGate = async (ports: GatePorts, model: string) => {
  const { store, history, cursorPer, batchMax } = ports
  const discards = await openDiscards(query => history('reporting', query), reportingEvents)
  const filling = {
    name: model,
    store,
    history,
    cursorPer,
    // It takes no effect either once what had failed is mended.
    projector: ((message, entry, load) =>
      discards.had(message) ? [] : projector(message, entry, load)) satisfies Projector,
    discarded: discards.has,
    ...(batchMax && { batchMax }),
  }
  const opened = idempotentConsumer(filling)
  return { ...opened, filling, settle: () => discards.settle(opened) }
}

/** For who looks after parked streams: those of the read model that is read. */
export const parkedPart = (ports: GatePorts & { readonly log: EventLog }): ParkedPart => ({
  ...ports,
  gate: async () => openGate(ports, await openReadModel(ports.store).active()),
  events: reportingEvents,
})
