import { entryDigest } from '@jejak/eventsourcing/projection'
import type { Message } from './bus.ts'

/** About 15 MB, and what a busy publisher appends in the time of some sweeps. */
const aheadMax = 100_000

/**
 * What of a log has been handled: all before the cursor, and beyond it what the live bus has
 * brought. There it counts by its bytes: what a bus says of a position is only a hint.
 */
export const openHandled = () => {
  let cursor = 0
  const ahead = new Map<number, string>()
  return {
    has: ({ position, entry }: Pick<Message, 'position' | 'entry'>): boolean =>
      position < cursor || (ahead.has(position) && ahead.get(position) === entryDigest(entry)),
    add(messages: readonly Message[]) {
      // While no log answers there is no end to it. What is forgotten comes twice.
      if (ahead.size + messages.length > aheadMax) ahead.clear()
      for (const { position, entry } of messages) ahead.set(position, entryDigest(entry))
    },
    moveTo(position: number) {
      cursor = position
      for (const at of ahead.keys()) if (at < cursor) ahead.delete(at)
    },
  }
}

export type Handled = ReturnType<typeof openHandled>
