import {
  type ConsumerOptions,
  idempotentConsumer,
  type PublisherHistory,
} from '@jejak/consumer/consumer'
import { openDiscards } from '@jejak/consumer/discards'
import { certificationEvents } from '@jejak/events/certification'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import { effect } from './effect.ts'
import { consumer } from './process.ts'

export type GatePorts = {
  /** Has the documents, and what the gate has let through. */
  readonly store: ProjectionStore
  /** Reads the streams of the publishers, and of its own log. */
  readonly history: PublisherHistory
} & Pick<ConsumerOptions, 'cursorPer' | 'batchMax'>

/** What the documents are kept behind: any number of them, in any process, do no harm. */
export const openGate = async ({ store, history, cursorPer, batchMax }: GatePorts) => {
  const discards = await openDiscards(query => history(consumer, query), certificationEvents)
  const opened = idempotentConsumer({
    name: consumer,
    store,
    history,
    cursorPer,
    // It takes no effect either once what had failed is mended.
    projector: (message, entry, load) =>
      discards.had(message) ? [] : effect(message, entry, load),
    discarded: discards.has,
    ...(batchMax && { batchMax }),
  })
  return { ...opened, settle: () => discards.settle(opened) }
}
