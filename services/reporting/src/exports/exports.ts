import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { dayOf } from '@jejak/competency/calendar'
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
import type { RecordRead } from '@jejak/rpc/read-audit'
import { appendError, attributesOf } from '@jejak/rpc/write'
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
  type LeftOut,
  recordMade,
} from './export.ts'
import { type FolderPorts, openExportFolders } from './export-folders.ts'
import { type ExportPage, exportPage, openExportList } from './export-list.ts'

export type ExportPorts = RowPorts &
  ProgressPorts &
  FolderPorts & {
    readonly employees: Pick<Employees, 'resolve'>
    /** Reporting's own. */
    readonly log: EventLog
    readonly recordRead: RecordRead
    /** The key of the reporting log. */
    readonly signer: Signer
    /** Called if a log was altered: no export is made that rests on it. */
    readonly damaged?: (error: EntryAltered) => void
    /** All there are, if not given. */
    readonly kinds?: readonly ExportKind[]
  }

/** The request's id is that of the export: sent again, it is answered with what was made. */
export type ExportRequest = ExportQuery & { readonly requestId: string; readonly format: Format }
export type ExportAnswer = {
  readonly exportId: string
  readonly manifest: Manifest
  readonly leftOut: LeftOut
}
type By = Pick<Call, 'principal' | 'correlationId'>

/** A read of so many people is one event. */
const readMax = 1_000

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
    async open(call: Call, exportId: string, file: string, purpose?: string): Promise<Readable> {
      authorise(call, 'reporting.Export', {})
      const manifest = await folders.manifest(exportId)
      const names = manifest?.files.map(it => it.file) ?? []
      if (!manifest || ![manifestName, noteName, ...names].includes(file)) {
        throw refusedBy('EXPORT_UNKNOWN')
      }
      const path = join(dir, exportId, file)
      if (names.includes(file)) {
        const { personalData } = exportKindOf(manifest.name, kinds)
        await recordReads(exporting, call, { exportId, path, personalData, purpose })
      }
      return createReadStream(path)
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
  await folders.settle(async id => (await recordedOf(id)) !== undefined)
  await folders.dropOld()
  const earlier = await recordedOf(exportId)
  if (earlier) return repeat(exporting, earlier, ask)
  try {
    const { manifest, leftOut } = await write(exporting, kind, exportId, ask)
    await record(exporting, call, exportMade(manifest, query, leftOut))
    await folders.place(exportId)
    return { exportId, manifest, leftOut }
  } catch (error) {
    // If it is recorded, it stays: the next export that is made places it.
    if (!(await recordedOf(exportId))) await folders.abandon(exportId)
    throw error
  }
}

/** Writes the rows and the manifest, and beside them the ids of the people in the rows. */
const write = async (
  ports: Exporting,
  kind: ExportKind,
  exportId: string,
  ask: ExportAsk,
): Promise<Omit<ExportAnswer, 'exportId'>> => {
  const { folders, list, clock, signer } = ports
  const { format, query } = ask
  const heads = await headsOfFacts(ports)
  const sizes = new Map<LogName, number>(heads.map(({ log, size }) => [log, size]))
  // The heads prove these rows: a missing row would look like one that was left out.
  await untilApplied(ports, sizes)
  // What is signed in a manifest is not only read: it is in logs that hold, up to these heads.
  await untilVerified(ports, sizes)
  const leftOut: LeftOut = { erased: 0, revoked: 0, incomplete: 0 }
  const people = new Set<string>()
  const superseded = (await list.soFar()).find(made => isFor(made, ask))
  const now = clock()
  const manifest = await writeExport({
    kind,
    rows: courseRows(ports, { kind, query, day: dayOf(now), sizes, leftOut, people }),
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
  return { manifest, leftOut }
}

/** The answer of an earlier request with this id. */
const repeat = async (
  { folders }: Exporting,
  made: ExportMade,
  ask: ExportAsk,
): Promise<ExportAnswer> => {
  if (!isFor(made, ask)) throw refusedBy('REQUEST_ID_REUSED')
  const { exportId, leftOut } = made
  const manifest = await folders.manifest(exportId)
  if (!manifest) throw refusedBy('EXPORT_GONE')
  return { exportId, manifest, leftOut }
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

type GivenOut = {
  readonly exportId: string
  readonly path: string
  readonly personalData: readonly string[]
  readonly purpose: string | undefined
}

/** The read audit of a file of rows. Refuses if a person in it was erased: the rows go then. */
const recordReads = async (
  { folders, employees, recordRead }: Exporting,
  call: By,
  { exportId, path, personalData, purpose }: GivenOut,
): Promise<void> => {
  await folders.dropOld()
  const people = existsSync(path) ? await folders.people(exportId) : undefined
  if (!people) throw refusedBy('EXPORT_GONE')
  const parts = Array.from({ length: Math.ceil(people.length / readMax) }, (_, part) =>
    people.slice(part * readMax, (part + 1) * readMax),
  )
  for (const asnIds of parts) {
    const found = await employees.resolve(asnIds)
    if (found.every(person => person?.status === 'active')) continue
    await folders.dropRows(exportId)
    throw refusedBy({ key: 'EXPORT_GONE', values: 'erased' })
  }
  for (const asnIds of parts) {
    await recordRead(call, {
      asnIds,
      fields: personalData,
      purpose: purpose ?? `export ${exportId}`,
    })
  }
}
