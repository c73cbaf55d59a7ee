// tidy: the one rule of how long the rows of exports stay, at each start, by event and by time.
import { enrollmentEvents } from '@jejak/events/enrollment'
import { decode } from '@jejak/eventsourcing/entry'
import { hasText } from '@jejak/eventsourcing/read-on'
import { pause, retry } from '@jejak/messaging/retry'
import type { Employees } from '@jejak/rpc/directory-client'
import type { HistoryLog } from '@jejak/rpc/history'
import type { ExportFolders } from './export-folders.ts'

export type RowsKeptPorts = {
  readonly folders: ExportFolders
  readonly employees: Pick<Employees, 'resolve'>
  /** The log that says who was erased. */
  readonly enrollment: Pick<HistoryLog, 'size' | 'follow'>
  /** Called with each failure before it is tried again. */
  readonly failed: (error: unknown) => void
}

/** So many people are asked about at once. */
const askedMax = 1_000
const lookAgainMs = 600_000

/**
 * Removes the rows of exports until the signal aborts: of those with an erased person as soon as
 * the log of enrollment says so, and of those that are older than a day. A start removes what fell
 * due while the process was down.
 */
export const keepRows = async (ports: RowsKeptPorts, signal: AbortSignal): Promise<void> => {
  const { folders, enrollment, failed } = ports
  const patience = { signal, failed }
  // Before it is looked: who is erased meanwhile is in what follows.
  const size = await retry(enrollment.size, patience)
  await retry(async () => dropErased(ports, await folders.kept()), patience)
  const ageing = (async () => {
    while (!signal.aborted) {
      await folders.dropOld().catch(failed)
      await pause(lookAgainMs, signal)
    }
  })()
  let position = size ?? 0
  await retry(async () => {
    for await (const page of enrollment.follow(position, signal)) {
      for (const entry of page.entries) await dropWith(folders, erasedIn(entry))
      position = page.position + page.entries.length
    }
  }, patience)
  await ageing
}

/** Removes the rows of those exports that have a person who is erased. */
export const dropErased = async (
  { folders, employees }: Pick<RowsKeptPorts, 'folders' | 'employees'>,
  exportIds: readonly string[],
): Promise<void> => {
  for (const exportId of exportIds) {
    const people = await folders.people(exportId)
    // Somebody else has begun to remove them.
    if (!people) await folders.dropRows(exportId)
    for (let at = 0; people && at < people.length; at += askedMax) {
      const found = await employees.resolve(people.slice(at, at + askedMax))
      if (found.every(person => person?.status === 'active')) continue
      await folders.dropRows(exportId)
      break
    }
  }
}

const dropWith = async (folders: ExportFolders, asnId: string | undefined): Promise<void> => {
  if (asnId === undefined) return
  for (const exportId of await folders.kept()) {
    if ((await folders.people(exportId))?.includes(asnId)) await folders.dropRows(exportId)
  }
}

const eventName = 'SubjectErased'

/** Nearly all entries are of other events. */
const erasedIn = (bytes: Uint8Array): string | undefined => {
  if (!hasText(bytes, eventName)) return undefined
  const event = enrollmentEvents.lift(decode(bytes))
  return event?.type === eventName ? event.asnId : undefined
}
