import { setTimeout as sleep } from 'node:timers/promises'
import { reportingEvents } from '@jejak/events/reporting'
import type { EventOf } from '@jejak/eventsourcing/catalogue'
import type { EventLog } from '@jejak/eventsourcing/log'
import { type Format, type Manifest, manifestSha256 } from '@jejak/export/manifest'
import { type LogName, logNames } from '@jejak/history/fact'
import { refusedBy, tryLater } from '@jejak/rpc/error'
import { delays } from '@jejak/texts/delays'
import { type ProgressPorts, progressAt } from '../read-model/progress.ts'
import type { ExportQuery, LeftOut } from './rows.ts'

export type ExportMade = Extract<EventOf<typeof reportingEvents>, { readonly type: 'ExportMade' }>

/** What the log says of an export that was made under this id; undefined where none was. */
export const madeUnder = async (
  log: Pick<EventLog, 'readStreams'>,
  exportId: string,
): Promise<ExportMade | undefined> => {
  const [page] = await log.readStreams([{ stream: `export/${exportId}`, limit: 1 }])
  const [first] = page?.events ?? []
  const event = first && reportingEvents.read(first.entry)
  return event?.type === 'ExportMade' ? event : undefined
}

/** A request that is sent again must ask the same. */
export const checkSame = (
  { query, files }: ExportMade,
  format: Format,
  { unit, year }: ExportQuery,
): void => {
  const same = query.unit === unit && query.year === year
  if (same && files.every(({ file }) => file.endsWith(`.${format}`))) return
  throw refusedBy('REQUEST_ID_REUSED')
}

export const madeEvent = (
  manifest: Manifest,
  query: ExportQuery,
  leftOut: LeftOut,
): ExportMade => ({
  type: 'ExportMade',
  exportId: manifest.exportId,
  name: manifest.name,
  query,
  manifest: manifestSha256(manifest),
  files: manifest.files.map(({ file, sha256, bytes, rows }) => ({ file, sha256, bytes, rows })),
  leftOut,
  heads: manifest.heads.map(({ log, checkpoint }) => ({ log, checkpoint })),
  ...(manifest.supersedes !== undefined && { supersedes: manifest.supersedes }),
})

/** How far the logs have come that facts are from. */
export const headsOf = async ({ logs }: Pick<ProgressPorts, 'logs'>) => {
  const found = logNames.map(async log => {
    const head = await logs.get(log)?.head()
    return head ? [{ log, ...head }] : []
  })
  return (await Promise.all(found)).flat()
}

const heardWithinMs = 10_000
const againMs = 50

/**
 * Resolves once reports know all up to these sizes: rows that a head proves would be missing, and
 * nobody could tell that from rows that were left out.
 */
export const untilHeard = async (
  ports: ProgressPorts,
  sizes: ReadonlyMap<LogName, number>,
): Promise<void> => {
  for (const end = performance.now() + heardWithinMs; performance.now() < end; ) {
    const known = await progressAt(ports, undefined)
    if (known.every(({ log, position }) => position >= (sizes.get(log) ?? 0))) return
    await sleep(againMs)
  }
  throw tryLater(delays.reportsBehind, heardWithinMs)
}

export const unknownExport = (): never => {
  throw refusedBy('EXPORT_UNKNOWN')
}

export const goneExport = (): never => {
  throw refusedBy('EXPORT_GONE')
}
