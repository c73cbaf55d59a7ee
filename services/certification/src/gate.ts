import { type GateOptions, gate, type History } from '@jejak/consumer/consumer'
import { openDiscards } from '@jejak/consumer/discards'
import { certificationEvents } from '@jejak/events/certification'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import { effect } from './effect.ts'
import { consumer } from './process.ts'

export type GatePorts = {
  /** Has the documents, and what the gate has let through. */
  readonly store: ProjectionStore
  /** Reads the streams of the publishers, and of its own log. */
  readonly history: History
} & Pick<GateOptions, 'order' | 'togetherMax'>

/** What the documents are kept behind: any number of them, in any process, do no harm. */
export const openGate = async ({ store, history, order, togetherMax }: GatePorts) => {
  const discards = await openDiscards(query => history(consumer, query), certificationEvents)
  const opened = gate({
    consumer,
    store,
    history,
    order,
    // It takes no effect either once what had failed is mended.
    effect: (message, entry, load) => (discards.had(message) ? [] : effect(message, entry, load)),
    discarded: discards.has,
    ...(togetherMax && { togetherMax }),
  })
  return { ...opened, settle: () => discards.settle(opened) }
}
