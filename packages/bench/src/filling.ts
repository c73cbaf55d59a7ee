import type { EventLog } from '@jejak/eventsourcing/log'
import type { Said } from './training.ts'

/** Appends under way at once. */
const clients = 1_000

/** Appends what is said to the logs of those who say it, by their names. */
export const fillLogs = async (
  logs: ReadonlyMap<string, Pick<EventLog, 'append'>>,
  all: Iterable<Said>,
): Promise<void> => {
  // A stream's events in their order, whichever client has them.
  const before = new Map<string, Promise<void>>()
  const append = async ({ log, stream, events }: Said, earlier: Promise<void> | undefined) => {
    await earlier
    const result = await logs.get(log)?.append({ stream, expected: 'any', events })
    if (!result || 'refused' in result) throw new Error(JSON.stringify(result))
  }
  const rest = Iterator.from(all)
  const run = async () => {
    for (const said of rest) {
      const appended = append(said, before.get(said.stream))
      before.set(said.stream, appended)
      await appended
      if (before.get(said.stream) === appended) before.delete(said.stream)
    }
  }
  await Promise.all(Array.from({ length: clients }, run))
}
