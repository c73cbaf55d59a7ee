import { certificationEvents } from '@jejak/events/certification'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import { gate, type History } from '@jejak/messaging/gate'
import { openDiscards } from '@jejak/rpc/parked-discards'
import { effect } from './effect.ts'
import { consumer } from './process.ts'

export type GatePorts = {
  /** Has the documents, and what the gate has let through. */
  readonly store: ProjectionStore
  /** Reads the streams of the publishers, and of its own log. */
  readonly history: History
  /** As a gate's. */
  readonly togetherMax?: number
}

/** What the documents are kept behind: any number of them, in any process, do no harm. */
export const openGate = async ({ store, history, togetherMax }: GatePorts) => {
  const discards = await openDiscards(query => history(consumer, query), certificationEvents)
  const opened = gate({
    consumer,
    store,
    history,
    // It takes no effect either once what had failed is mended.
    effect: (message, entry, load) => (discards.had(message) ? [] : effect(message, entry, load)),
    discarded: discards.has,
    ...(togetherMax && { togetherMax }),
  })
  return { ...opened, settle: () => discards.settle(opened) }
}
