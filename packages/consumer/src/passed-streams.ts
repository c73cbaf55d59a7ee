import type { Move } from '@jejak/eventsourcing/projection'
import type { attempting } from './apply.ts'
import type { ConsumerOptions, Parked } from './consumer.ts'
import type { StreamPosition } from './cursors.ts'

type Ports = Pick<ConsumerOptions, 'name' | 'store' | 'history'> & {
  readonly standing: (log: string, stream: string) => Promise<StreamPosition>
  readonly attempt: ReturnType<typeof attempting>
  readonly applied: () => void
}

/**
 * In the order of a log its cursor goes on where a stream is parked. What it passes by there is
 * found again by the version in the document that says so, which goes once nothing is left of it.
 */
export const passing = (ports: Ports) => {
  const { name: consumer, store, history, standing, attempt, applied } = ports
  return {
    /** False where the stream is not parked any more. */
    passBy: (move: Move, { key, parked }: StreamPosition): Promise<boolean> =>
      store.apply(consumer, {
        moves: [move],
        loaded: new Map([[key, parked]]),
        documents: new Map(),
      }),

    /** False where it fails again. What the cursor has not come to, the bus will bring. */
    async takeUp(log: string, stream: string): Promise<boolean> {
      for (;;) {
        const { reader, key, cursor, parked } = await standing(log, stream)
        if (!parked) return true
        const moves = [{ reader, from: cursor, to: cursor }]
        const { events } = await history(log, { stream, from: parked.version })
        const passed = events.filter(({ position }) => position < cursor.position)
        if (passed.length === 0) {
          const loaded = new Map([[key, parked]])
          const documents = new Map([[key, undefined]])
          if (await store.apply(consumer, { moves, loaded, documents })) return true
        }
        let at: Parked = parked
        for (const event of passed) {
          const { loaded, made, failed } = await attempt({ log, stream, ...event }, at)
          loaded.set(key, at)
          at = failed ?? { ...at, version: event.version + 1, attempts: 0 }
          const documents = new Map([...made, [key, at] as const])
          // Where the bus was faster, it begins again from there.
          if (!(await store.apply(consumer, { moves, loaded, documents }))) break
          if (failed) return false
          applied()
        }
      }
    },
  }
}
