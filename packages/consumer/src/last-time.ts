import { decode } from '@jejak/eventsourcing/entry'
import type { EventLog } from '@jejak/eventsourcing/log'

/** When the last entry of a log was recorded, by its own clock; undefined if there is none. */
export const lastTimeOf = async (
  log: Pick<EventLog, 'read' | 'size'>,
): Promise<number | undefined> => {
  const size = await log.size()
  if (size === 0) return undefined
  for await (const { entries } of log.read(size - 1)) {
    const entry = entries.at(-1)
    if (entry) return Date.parse(decode(entry).time)
  }
  return undefined
}
