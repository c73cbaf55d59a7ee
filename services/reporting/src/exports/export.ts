import { reportingEvents } from '@jejak/events/reporting'
import type { EventOf } from '@jejak/eventsourcing/catalogue'
import { type Decider, type Outcome, refuse } from '@jejak/eventsourcing/decider'
import type { Codec } from '@jejak/eventsourcing/transact'
import type { Format } from '@jejak/export/kind'
import { type Manifest, manifestSha256 } from '@jejak/export/manifest'

export type ExportMade = Extract<EventOf<typeof reportingEvents>, { readonly type: 'ExportMade' }>

/** `export/<exportId>` in reporting's own log. The id is that of the request. */
export type ExportState =
  | { readonly status: 'absent' }
  | { readonly status: 'made'; readonly made: ExportMade }

export const exportDecider: Decider<ExportState, ExportMade> = {
  initial: { status: 'absent' },
  evolve: { ExportMade: (_, made) => ({ status: 'made', made }) },
}

export type Refused = 'MadeOtherwise'

/** The files are written by now. They are given out only if this is recorded. */
export const recordMade = (
  current: ExportState,
  made: ExportMade,
): Outcome<ExportMade, Refused> => {
  if (current.status === 'absent') return [made]
  return current.made.manifest === made.manifest ? [] : refuse('MadeOtherwise')
}

export type ExportQuery = { readonly unit?: string; readonly year?: number }

/** What is asked for: the kind by its name (`siasn-kursus`), the format, and of whom. */
export type ExportAsk = {
  readonly name: string
  readonly format: Format
  readonly query: ExportQuery
}

/** Whether the export was made for the same: of the same kind, in the same format, of the same. */
export const isFor = (
  made: Pick<ExportMade, 'name' | 'query' | 'files'>,
  { name, format, query: { unit, year } }: ExportAsk,
): boolean =>
  made.name === name &&
  made.query.unit === unit &&
  made.query.year === year &&
  made.files.every(({ file }) => file.endsWith(`.${format}`))

export type LeftOut = ExportMade['leftOut']
export type Lacking = ExportMade['lacking']

export const exportMade = (
  manifest: Manifest,
  query: ExportQuery,
  { leftOut, lacking }: { readonly leftOut: LeftOut; readonly lacking: Lacking },
): ExportMade => ({
  type: 'ExportMade',
  exportId: manifest.exportId,
  name: manifest.name,
  query,
  manifest: manifestSha256(manifest),
  files: manifest.files.map(({ file, sha256, bytes, rows }) => ({ file, sha256, bytes, rows })),
  leftOut,
  lacking,
  heads: manifest.heads.map(({ log, checkpoint }) => ({ log, checkpoint })),
  ...(manifest.supersedes !== undefined && { supersedes: manifest.supersedes }),
})

export const exportStream = (exportId: string): string => `export/${exportId}`

/** The event's id is that of the export. */
export const exportCodec: Codec<ExportMade> = {
  encode: event => reportingEvents.encode(event, event.exportId),
  lift: entry => {
    const event = reportingEvents.lift(entry)
    return event?.type === 'ExportMade' ? event : undefined
  },
}
