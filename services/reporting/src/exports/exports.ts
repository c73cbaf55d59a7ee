import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { builtInAgencies } from '@jejak/competency/agency-register'
import { dayOf } from '@jejak/competency/calendar'
import { near } from '@jejak/competency/near'
import { EntryAltered } from '@jejak/consumer/verified'
import type { EventLog } from '@jejak/eventsourcing/log'
import { transactor } from '@jejak/eventsourcing/transact'
import type { ExportKind, Format } from '@jejak/export/kind'
import { exportKindOf, exportKinds } from '@jejak/export/kinds'
import { type Manifest, manifestName, noteName } from '@jejak/export/manifest'
import { writeExport } from '@jejak/export/write'
import type { LogName } from '@jejak/history/fact'
import { authorise } from '@jejak/rpc/authorise'
import type { Call } from '@jejak/rpc/call'
import type { Employees } from '@jejak/rpc/directory-client'
import { refusedBy } from '@jejak/rpc/error'
import type { GivenPeople } from '@jejak/rpc/gives-out'
import { type FieldProblem, validate } from '@jejak/rpc/validate'
import { appendError, attributesOf } from '@jejak/rpc/write'
import type { Text } from '@jejak/texts/text'
import type { Signer } from '@jejak/transparency/key'
import {
  headsOfFacts,
  type ProgressPorts,
  untilApplied,
  untilVerified,
} from '../read-model/progress.ts'
import type { PageQuery } from '../read-model/queries.ts'
import { courseRows, type RowPorts } from './completed-courses.ts'
import {
  type ExportAsk,
  type ExportMade,
  type ExportQuery,
  type ExportState,
  exportCodec,
  exportDecider,
  exportMade,
  exportStream,
  isFor,
  type Lacking,
  type LeftOut,
  recordMade,
} from './export.ts'
import { type FolderPorts, openExportFolders } from './export-folders.ts'
import { type ExportPage, exportPage, openExportList } from './export-list.ts'
import { dropErased, keepRows } from './rows-kept.ts'

export type ExportPorts = RowPorts &
  ProgressPorts &
  FolderPorts & {
    readonly employees: Pick<Employees, 'resolve'>
    /** Reporting's own. */
    readonly log: EventLog
    /** The key of the reporting log. */
    readonly signer: Signer
    /** Called if a log was altered: no export is made that rests on it. */
    readonly damaged?: (error: EntryAltered) => void
    /** Called with each failure to remove rows, before it is tried again. */
    readonly failed: (error: unknown) => void
    /** All there are, if not given. */
    readonly kinds?: readonly ExportKind[]
  }

/** The request's id is that of the export: sent again, it is answered with what was made. */
export type ExportRequest = ExportQuery & { readonly requestId: string; readonly format: Format }
export type ExportAnswer = {
  readonly exportId: string
  readonly manifest: Manifest
  readonly leftOut: LeftOut
  /** Fields that the ministry needs and nobody has given: the rows without them, who gives them. */
  readonly lacking: readonly (Lacking[number] & { readonly from: Text })[]
}
type By = Pick<Call, 'principal' | 'correlationId'>

/** Files for ministries. A file is recorded before it is given out, and each time it is read. */
export const openExports = (ports: ExportPorts) => {
  const { dir, kinds = exportKinds } = ports
  const folders = openExportFolders(ports)
  const list = openExportList(ports.log)
  const { transact, read } = transactor(ports.log, exportDecider, exportCodec)
  const recordedOf = async (exportId: string) => {
    const current = await read(exportStream(exportId))
    return current.status === 'made' ? current.made : undefined
  }
  const exporting = { ...ports, folders, list, transact, recordedOf }
  let last: Promise<unknown> = Promise.resolve()
  return {
    kinds,
    /** Removes rows that must not stay, until the signal aborts. */
    async keepRows(signal: AbortSignal): Promise<void> {
      const enrollment = ports.logs.get('enrollment')
      if (!enrollment) throw new Error('exports need the log of enrollment')
      // Not while an export is made: what is not recorded yet would be taken for a crash's.
      last = last.then(() => settle(exporting)).catch(ports.failed)
      await last
      await keepRows({ ...exporting, enrollment }, signal).catch(ports.failed)
    },
    /** One after the other: an export supersedes the one before it. */
    make(call: Call, kind: ExportKind, request: ExportRequest): Promise<ExportAnswer> {
      authorise(call, 'reporting.Export', {})
      const made = last
        .then(() => make(exporting, call, kind, request))
        .catch(error => {
          if (error instanceof EntryAltered) ports.damaged?.(error)
          throw error
        })
      last = made.catch(() => {})
      return made
    },
    async list(call: Call, query: Partial<PageQuery>): Promise<ExportPage> {
      authorise(call, 'reporting.Export', {})
      return exportPage(await list.soFar(), folders, query)
    },
    async get(call: Call, exportId: string): Promise<Manifest> {
      authorise(call, 'reporting.Export', {})
      const manifest = await folders.manifest(exportId)
      if (manifest) return manifest
      throw refusedBy((await recordedOf(exportId)) ? 'EXPORT_GONE' : 'EXPORT_UNKNOWN')
    },
    async open(call: Call, exportId: string, file: string): Promise<GivenPeople<Readable>> {
      authorise(call, 'reporting.Export', {})
      const manifest = await folders.manifest(exportId)
      const names = manifest?.files.map(it => it.file) ?? []
      if (!manifest || ![manifestName, noteName, ...names].includes(file)) {
        throw refusedBy('EXPORT_UNKNOWN')
      }
      const path = join(dir, exportId, file)
      const rows = names.includes(file)
      const asnIds = rows ? await peopleIn(exporting, exportId, path) : []
      const { personalData: fields } = exportKindOf(manifest.name, kinds)
      const purpose = `export ${exportId}`
      return { answer: createReadStream(path), asnIds, fields, purpose }
    },
  }
}

export type Exports = ReturnType<typeof openExports>

type Exporting = ExportPorts & {
  readonly folders: ReturnType<typeof openExportFolders>
  readonly list: ReturnType<typeof openExportList>
  readonly transact: ReturnType<typeof transactor<ExportState, ExportMade>>['transact']
  readonly recordedOf: (exportId: string) => Promise<ExportMade | undefined>
}

const make = async (
  exporting: Exporting,
  call: By,
  kind: ExportKind,
  { requestId: exportId, format, ...query }: ExportRequest,
): Promise<ExportAnswer> => {
  const { folders, recordedOf } = exporting
  const ask: ExportAsk = { name: kind.name, format, query }
  await settle(exporting)
  await folders.dropOld()
  const earlier = await recordedOf(exportId)
  if (earlier) return answerOf(kind, await repeat(exporting, earlier, ask))
  try {
    const { manifest, ...counts } = await write(exporting, kind, exportId, ask)
    await record(exporting, call, exportMade(manifest, query, counts))
    await folders.place(exportId)
    // Who was erased while the rows were written was in no export yet.
    await dropErased(exporting, [exportId])
    return answerOf(kind, { exportId, manifest, ...counts })
  } catch (error) {
    // If it is recorded, it stays: the next export that is made places it.
    if (!(await recordedOf(exportId))) await folders.abandon(exportId)
    throw error
  }
}

/** After a crash: places what was recorded, and removes the rest. */
const settle = ({ folders, recordedOf }: Exporting): Promise<void> =>
  folders.settle(async id => (await recordedOf(id)) !== undefined)

type Made = Omit<ExportAnswer, 'lacking'> & { readonly lacking: Lacking }

const answerOf = ({ needs }: Pick<ExportKind, 'needs'>, { lacking, ...made }: Made) => ({
  ...made,
  lacking: lacking.flatMap(({ field, rows }) => {
    const from = needs[field]
    return from ? [{ field, rows, from }] : []
  }),
})

/** Writes the rows and the manifest, and beside them the ids of the people in the rows. */
const write = async (
  ports: Exporting,
  kind: ExportKind,
  exportId: string,
  ask: ExportAsk,
): Promise<Omit<Made, 'exportId'>> => {
  const { folders, list, clock, signer } = ports
  const { format, query } = ask
  const heads = await headsOfFacts(ports)
  const sizes = new Map<LogName, number>(heads.map(({ log, size }) => [log, size]))
  // The heads prove these rows: a missing row would look like one that was left out.
  await untilApplied(ports, sizes)
  // What is signed in a manifest is not only read: it is in logs that hold, up to these heads.
  await untilVerified(ports, sizes)
  if (query.unit !== undefined) validate({ unit: await unitProblem(ports, query.unit) })
  const leftOut = { erased: 0, revoked: 0, incomplete: 0, double: 0 }
  const lacking = new Map<string, number>()
  const people = new Set<string>()
  const superseded = (await list.soFar()).find(made => isFor(made, ask))
  const now = clock()
  const manifest = await writeExport({
    kind,
    rows: courseRows(ports, { kind, query, day: dayOf(now), sizes, leftOut, lacking, people }),
    format,
    dir: folders.making(exportId),
    query,
    exportId,
    madeAt: new Date(now).toISOString(),
    heads,
    signer,
    supersedes: superseded?.manifest,
  })
  await folders.keepPeople(exportId, people)
  const fields = Object.keys(kind.needs).filter(field => lacking.has(field))
  return {
    manifest,
    leftOut,
    lacking: fields.map(field => ({ field, rows: lacking.get(field) ?? 0 })),
  }
}

/** A signed file of no rows would say that an agency that there never was has no courses. */
const unitProblem = async (
  { queries, proven }: Pick<Exporting, 'queries' | 'proven'>,
  unit: string,
): Promise<FieldProblem> => {
  if (builtInAgencies.has(unit) || (await queries.hadPeople(unit))) return undefined
  const { events } = await proven('enrollment', { stream: `agency/${unit}`, from: 1 })
  if (events.length > 0) return undefined
  return { key: 'agency-unknown', values: { meant: near(unit, [...builtInAgencies.keys()]) } }
}

/** The answer of an earlier request with this id. */
const repeat = async ({ folders }: Exporting, made: ExportMade, ask: ExportAsk): Promise<Made> => {
  if (!isFor(made, ask)) throw refusedBy('REQUEST_ID_REUSED')
  const { exportId, leftOut, lacking } = made
  const manifest = await folders.manifest(exportId)
  if (!manifest) throw refusedBy('EXPORT_GONE')
  return { exportId, manifest, leftOut, lacking }
}

const record = async ({ transact }: Exporting, call: By, made: ExportMade): Promise<void> => {
  const transacted = await transact({
    stream: exportStream(made.exportId),
    decide: current => recordMade(current, made),
    attributes: attributesOf(call),
  })
  if (!('refused' in transacted)) return
  // The caller has sent nothing that is wrong.
  if (transacted.refused === 'Invalid') throw new Error(JSON.stringify(transacted.violations))
  if (transacted.refused === 'MadeOtherwise') throw refusedBy('VERSION_CONFLICT')
  throw appendError(transacted)
}

/** Whom a file of rows is of. Refuses if a person in it was erased: the rows go then. */
const peopleIn = async (
  { folders, employees }: Exporting,
  exportId: string,
  path: string,
): Promise<readonly string[]> => {
  await folders.dropOld()
  const people = existsSync(path) ? await folders.people(exportId) : undefined
  if (!people) throw refusedBy('EXPORT_GONE')
  await dropErased({ folders, employees }, [exportId])
  if (!existsSync(path)) throw refusedBy({ key: 'EXPORT_GONE', values: 'erased' })
  return people
}
