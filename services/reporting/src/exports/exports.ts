import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { EventLog, NewEvent } from '@jejak/eventsourcing/log'
import { type Format, type Manifest, manifestName, noteName } from '@jejak/export/manifest'
import { siasnKursusFields } from '@jejak/export/siasn-kursus'
import { writeExport } from '@jejak/export/write'
import type { LogName } from '@jejak/history/fact'
import { appendError } from '@jejak/rpc/append'
import { authorise } from '@jejak/rpc/authorise'
import type { Call } from '@jejak/rpc/call'
import { refusedBy } from '@jejak/rpc/error'
import type { RecordRead } from '@jejak/rpc/read-audit'
import { attributesOf } from '@jejak/rpc/write'
import type { Signer } from '@jejak/transparency/key'
import type { Employees } from '../personal-data.ts'
import type { ProgressPorts } from '../read-model/progress.ts'
import type { PageQuery } from '../read-model/queries.ts'
import { type ExportPage, isOf, type MadeExports, openMade, pageOf } from './made.ts'
import {
  checkSame,
  type ExportMade,
  goneExport,
  headsOf,
  madeEvent,
  madeUnder,
  unknownExport,
  untilHeard,
} from './request.ts'
import { courseRows, type ExportQuery, type LeftOut, type RowPorts } from './rows.ts'
import { openShelf, type Shelf } from './shelf.ts'

export type ExportPorts = RowPorts &
  ProgressPorts & {
    readonly employees: Pick<Employees, 'resolve'>
    /** Reporting's own. */
    readonly log: Pick<EventLog, 'append' | 'readStreams' | 'read'>
    /** Of the catalogue of reporting. */
    readonly encode: (event: ExportMade, id: string) => NewEvent
    readonly recordRead: RecordRead
    /** The key of the reporting log. */
    readonly signer: Signer
    /** Where exports are, until they are old: with NIPs that nothing seals. */
    readonly dir: string
    /** Milliseconds since 1970. */
    readonly clock: () => number
  }

/** The request's id is that of the export: who sends it again meets the one that was made. */
export type ExportAsk = ExportQuery & { readonly requestId: string; readonly format: Format }
export type Made = { readonly exportId: string; readonly manifest: Manifest; leftOut: LeftOut }
type By = Pick<Call, 'principal' | 'correlationId'>

/** A read of so many people is one event. */
const readMax = 1_000

/** Files for ministries. They are made by who has the right, and given out once it is recorded. */
export const exports = (ports: ExportPorts) => {
  const { dir } = ports
  const shelf = openShelf(ports)
  const recorded = openMade(ports.log)
  let last: Promise<unknown> = Promise.resolve()
  return {
    /** One after the other: each takes the place of the one before it. */
    make(call: Call, ask: ExportAsk): Promise<Made> {
      authorise(call, 'reporting.Export', {})
      const made = last.then(() => make({ ...ports, recorded }, shelf, call, ask))
      last = made.catch(() => {})
      return made
    },
    async list(call: Call, query: Partial<PageQuery>): Promise<ExportPage> {
      authorise(call, 'reporting.Export', {})
      return pageOf(await recorded.soFar(), shelf, query)
    },
    async get(call: Call, exportId: string): Promise<Manifest> {
      authorise(call, 'reporting.Export', {})
      const manifest = await shelf.manifest(exportId)
      if (manifest) return manifest
      return (await madeUnder(ports.log, exportId)) ? goneExport() : unknownExport()
    },
    async open(call: Call, exportId: string, file: string, purpose?: string): Promise<Readable> {
      authorise(call, 'reporting.Export', {})
      const manifest = await shelf.manifest(exportId)
      const names = manifest?.files.map(it => it.file) ?? []
      if (!manifest || ![manifestName, noteName, ...names].includes(file)) return unknownExport()
      const path = join(dir, exportId, file)
      if (names.includes(file)) await giveOut(ports, shelf, call, { exportId, path, purpose })
      return createReadStream(path)
    },
  }
}

export type Exports = ReturnType<typeof exports>

const make = async (
  ports: ExportPorts & { readonly recorded: MadeExports },
  shelf: Shelf,
  call: By,
  { requestId: exportId, format, ...query }: ExportAsk,
): Promise<Made> => {
  await shelf.settle(async id => (await madeUnder(ports.log, id)) !== undefined)
  await shelf.sweep()
  const earlier = await madeUnder(ports.log, exportId)
  if (earlier) return again(shelf, earlier, format, query)
  const heads = await headsOf(ports)
  const sizes = new Map<LogName, number>(heads.map(({ log, size }) => [log, size]))
  await untilHeard(ports, sizes)
  const leftOut: LeftOut = { erased: 0, revoked: 0, incomplete: 0 }
  const people = new Set<string>()
  const asked = { query, sizes, leftOut, onPerson: (asnId: string) => void people.add(asnId) }
  const soFar = await ports.recorded.soFar()
  try {
    const manifest = await writeExport({
      rows: courseRows(ports, asked),
      fields: siasnKursusFields,
      format,
      name: 'siasn-kursus',
      dir: shelf.making(exportId),
      query,
      exportId,
      madeAt: new Date(ports.clock()).toISOString(),
      heads,
      signer: ports.signer,
      supersedes: soFar.find(isOf(format, query))?.manifest,
    })
    await shelf.keepPeople(exportId, people)
    await record(ports, call, madeEvent(manifest, query, leftOut))
    await shelf.place(exportId)
    return { exportId, manifest, leftOut }
  } catch (error) {
    // What is recorded is not thrown away: the next one to be made puts it in its place.
    if (!(await madeUnder(ports.log, exportId))) await shelf.abandon(exportId)
    throw error
  }
}

/** What was answered before. */
const again = async (shelf: Shelf, made: ExportMade, format: Format, query: ExportQuery) => {
  checkSame(made, format, query)
  const manifest = await shelf.manifest(made.exportId)
  if (!manifest) return goneExport()
  return { exportId: made.exportId, manifest, leftOut: made.leftOut }
}

const record = async ({ log, encode }: ExportPorts, call: By, event: ExportMade) => {
  const outcome = await log.append({
    stream: `export/${event.exportId}`,
    expected: 0,
    events: [{ ...encode(event, event.exportId), attributes: attributesOf(call) }],
  })
  if (!('refused' in outcome)) return
  if (outcome.refused === 'Invalid') throw new Error(JSON.stringify(outcome.violations))
  throw appendError(outcome)
}

type Given = {
  readonly exportId: string
  readonly path: string
  readonly purpose: string | undefined
}

const giveOut = async (
  { employees, recordRead }: ExportPorts,
  shelf: Shelf,
  call: By,
  { exportId, path, purpose }: Given,
): Promise<void> => {
  await shelf.sweep()
  const people = existsSync(path) ? await shelf.people(exportId) : undefined
  if (!people) throw refusedBy('EXPORT_GONE')
  for (let from = 0; from < people.length; from += readMax) {
    const found = await employees.resolve(people.slice(from, from + readMax))
    if (found.every(person => person?.status === 'active')) continue
    await shelf.dropRows(exportId)
    throw refusedBy({ key: 'EXPORT_GONE', values: 'erased' })
  }
  for (let from = 0; from < people.length; from += readMax) {
    await recordRead(call, {
      asnIds: people.slice(from, from + readMax),
      fields: ['certificates', 'enrollments', 'nip'],
      purpose: purpose ?? `export ${exportId}`,
    })
  }
}
