import { reportingEvents } from '@jejak/events/reporting'
import { decode } from '@jejak/eventsourcing/entry'
import type { EventLog } from '@jejak/eventsourcing/log'
import { type Format, type Manifest, manifestSha256 } from '@jejak/export/manifest'
import type { PageQuery } from '../read-model/queries.ts'
import type { ExportMade } from './request.ts'
import type { ExportQuery } from './rows.ts'
import type { Shelf } from './shelf.ts'

/** What the log says of an export, and when. */
export type MadeExport = Omit<ExportMade, 'type'> & { readonly recordedAt: string }

/** The exports of a log. What is recorded never changes: it is read once. */
export const openMade = (log: Pick<EventLog, 'read'>) => {
  const made: MadeExport[] = []
  let position = 0
  let reading: Promise<void> = Promise.resolve()
  const readOn = async () => {
    for await (const page of log.read(position)) {
      made.push(...page.entries.flatMap(entry => madeIn(entry) ?? []))
      position = page.position + page.entries.length
    }
  }
  return {
    /**
     * All that were made until now, the latest first: by the log, from which nobody takes one away.
     * The folder has only what is left of them.
     */
    soFar: async (): Promise<readonly MadeExport[]> => {
      reading = reading.catch(() => {}).then(readOn)
      await reading
      return made.toReversed()
    },
  }
}

export type MadeExports = ReturnType<typeof openMade>

const marker = 'ExportMade'

/** Nearly all entries are of reads: to tell them by their bytes is faster than to decode them. */
const madeIn = (bytes: Uint8Array): MadeExport | undefined => {
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(marker)) return undefined
  const entry = decode(bytes)
  const event = reportingEvents.lift(entry)
  if (event?.type !== marker) return undefined
  const { type: _, ...made } = event
  return { ...made, recordedAt: entry.time }
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
