import { decode } from '@jejak/eventsourcing/entry'
import type { EventLog } from '@jejak/eventsourcing/log'
import { hasText, readingOn } from '@jejak/eventsourcing/read-on'
import { type Manifest, manifestSha256 } from '@jejak/export/manifest'
import { cutPage } from '@jejak/rpc/page'
import type { PageQuery } from '../read-model/queries.ts'
import { type ExportMade, exportCodec } from './export.ts'
import type { ExportFolders } from './export-folders.ts'

/** What the log has of an export, and when it was recorded. */
export type ListedExport = Omit<ExportMade, 'type'> & { readonly recordedAt: string }

/** The exports of a log. An entry never changes, so each is read once. */
export const openExportList = (log: Pick<EventLog, 'read'>) => {
  const listed: ListedExport[] = []
  const readOn = readingOn(log, entries => {
    listed.push(...entries.flatMap(entry => exportIn(entry) ?? []))
  })
  return {
    /** All that were made, the latest first. The log has them even if their folders are lost. */
    soFar: async (): Promise<readonly ListedExport[]> => {
      await readOn()
      return listed.toReversed()
    },
  }
}

const eventName = 'ExportMade'

/** Nearly all entries are of the read audit. */
const exportIn = (bytes: Uint8Array): ListedExport | undefined => {
  if (!hasText(bytes, eventName)) return undefined
  const entry = decode(bytes)
  const event = exportCodec.lift(entry, bytes)
  if (!event) return undefined
  const { type: _, ...made } = event
  return { ...made, recordedAt: entry.time }
}

export type ExportPage = {
  readonly exports: readonly Manifest[]
  /** Those whose manifest is lost, or is not the one that was recorded. */
  readonly missing: readonly ListedExport[]
  readonly next?: string
}

/** The next page comes after `next`. */
export const exportPage = async (
  listed: readonly ListedExport[],
  folders: Pick<ExportFolders, 'manifest'>,
  { after, limit = 50 }: Partial<PageQuery>,
): Promise<ExportPage> => {
  const from = listed.findIndex(({ exportId }) => exportId === after) + 1
  async function* found() {
    for (const made of listed.slice(from, from + limit + 1)) {
      const manifest = await folders.manifest(made.exportId)
      const isKept = manifest !== undefined && manifestSha256(manifest) === made.manifest
      yield [made.exportId, isKept ? { manifest } : { made }] as const
    }
  }
  const { items, next } = await cutPage(found(), limit)
  return {
    exports: items.flatMap(({ manifest }) => manifest ?? []),
    missing: items.flatMap(({ made }) => made ?? []),
    ...(next && { next }),
  }
}
