import { reportingEvents } from '@jejak/events/reporting'
import type { EventLog } from '@jejak/eventsourcing/log'
import {
  OtherLog,
  type Projection,
  type ProjectionStore,
  project,
} from '@jejak/eventsourcing/projection'
import { type Format, type Manifest, manifestSha256 } from '@jejak/export/manifest'
import type { ExportMade } from './export-request.ts'
import type { ExportQuery } from './export-rows.ts'
import type { Shelf } from './export-shelf.ts'
import type { PageQuery } from './reads.ts'

/** What the log says of an export, and when. */
export type MadeExport = Omit<ExportMade, 'type'> & { readonly recordedAt: string }

const madeExports: Projection<MadeExport> = {
  name: 'exports',
  keys: entry => {
    const event = reportingEvents.lift(entry)
    return event?.type === 'ExportMade' ? [`${entry.time}/${event.exportId}`] : []
  },
  evolve: (before, entry) => {
    const event = reportingEvents.lift(entry)
    if (event?.type !== 'ExportMade') return before
    const { type: _, ...made } = event
    return { ...made, recordedAt: entry.time }
  },
}

/**
 * All that were made, the latest first: by the log, from which nobody takes one away. The folder
 * only has what is left of them.
 */
export const madeSoFar = async (
  log: Pick<EventLog, 'read' | 'follow'>,
  store: ProjectionStore,
): Promise<readonly MadeExport[]> => {
  const { name } = madeExports
  await project(log, store, madeExports).catch(async error => {
    if (!(error instanceof OtherLog)) throw error
    await store.reset(name) // The log was restored, and is shorter than it was.
    await project(log, store, madeExports)
  })
  const documents = await Array.fromAsync(store.dump(name))
  return documents.map(([, document]) => document as MadeExport).toReversed()
}

export const isOf =
  (format: Format, { unit, year }: ExportQuery) =>
  ({ query, files }: MadeExport): boolean =>
    query.unit === unit && query.year === year && files[0]?.file.endsWith(`.${format}`) === true

export type ExportPage = {
  readonly exports: readonly Manifest[]
  /** Those whose manifest is not there any more, or is another. */
  readonly missing: readonly MadeExport[]
  readonly next?: string
}

/** The next page comes after `next`. */
export const pageOf = async (
  made: readonly MadeExport[],
  shelf: Pick<Shelf, 'manifest'>,
  { after, limit = 50 }: Partial<PageQuery>,
): Promise<ExportPage> => {
  const from = made.findIndex(({ exportId }) => exportId === after) + 1
  const page = made.slice(from, from + limit)
  const found = await Promise.all(page.map(({ exportId }) => shelf.manifest(exportId)))
  const last = from + limit < made.length ? page.at(-1) : undefined
  return {
    exports: found.filter((manifest, at) => isOfMade(manifest, page[at])) as Manifest[],
    missing: page.filter((made, at) => !isOfMade(found[at], made)),
    ...(last && { next: last.exportId }),
  }
}

const isOfMade = (manifest: Manifest | undefined, made: MadeExport | undefined): boolean =>
  manifest !== undefined && manifestSha256(manifest) === made?.manifest
