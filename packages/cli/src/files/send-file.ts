import { existsSync, readFileSync } from 'node:fs'
import type { Recorded } from '@jejak/proto/jejak/log/v1/log'
import type { Connection } from '@jejak/rpc/client'
import { fileText } from '@jejak/texts/files'
import { CommandFailed } from '../terminal/exit.ts'
import { PartFile } from '../terminal/part-file.ts'
import { progressBar } from '../terminal/progress.ts'
import {
  type Columns,
  cellFaults,
  columnOf,
  columnsIn,
  type FileColumns,
  fixOfColumn,
  type Named,
  type RowFault,
} from './columns.ts'
import { openRefusedRows } from './refused-rows.ts'
import { type Exchange, sendAll } from './sending.ts'
import { openTable, type Table, type TableRow } from './table.ts'

/** The outcome of a row that was sent. */
export type RowOutcome =
  | { readonly recorded: Recorded; readonly warnings: readonly string[] }
  | { readonly faults: readonly RowFault[] }

/** What looks odd in a row that was stored, or can be: somebody should look at it. */
export type RowWarning = {
  readonly line: number
  /** The heading of its column. */
  readonly field: string
  readonly warning: string
}

type Numbered = { readonly requestId: string }

/** A kind of file: its columns, and how its rows become requests and are sent. */
export type FileKind<C extends Columns, Request> = {
  readonly columns: C
  /** Two rows of a file must differ in these columns. */
  readonly unique: readonly (keyof C & string)[]
  /** A request, or everything that is wrong with the row. */
  readonly requestOf: (cells: Named<C>, bearer: string) => Request | readonly RowFault[]
  /** What is odd by the row alone, in the form in which a service warns. */
  readonly warningsOf: (request: Request) => readonly string[]
  readonly exchange: (connection: Connection) => Exchange<Request, RowOutcome>
}

export type FileOptions = {
  readonly file: string
  readonly receipts: string
  readonly rejects: string
  /** The token of the sender, which the ids of requests depend on. */
  readonly bearer: string
  /** Absent for a dry run: the file is read and checked, and nothing is sent. */
  readonly connection?: Connection | undefined
  /** Called before it waits and sends again. */
  readonly retrying?: (why: string) => void
}

export type FileReport = {
  readonly rows: number
  readonly accepted: number
  readonly already: number
  readonly refused: number
  /** In the order in which the rows were answered. */
  readonly warnings: readonly RowWarning[]
  readonly receipts?: string
  readonly rejects?: string
}

/** Sends a file's rows; what was refused comes back as a file that can be corrected and sent. */
export const sendFile = async <C extends Columns, Request extends Numbered>(
  kind: FileKind<C, Request>,
  { file, receipts, rejects, bearer, connection, retrying }: FileOptions,
): Promise<FileReport> => {
  if (new Set([file, receipts, rejects]).size < 3) throw sameFile()
  const table = await openTable(file)
  // A file that is broken at its end is refused before its beginning is sent.
  const total = await countRows(table)
  const columns = columnsIn(kind.columns, table.headings)
  const refused = await openRefusedRows(rejects, table, columns)
  const receipted = new Receipts(receipts)
  const count = { rows: 0, accepted: 0, already: 0 }
  const unanswered = new Map<string, TableRow>()
  const warnings: RowWarning[] = []
  const warn = ({ line }: TableRow, odd: readonly string[]) => {
    for (const each of odd) warnings.push({ line, ...warningIn(each, kind.columns, columns) })
  }
  const bar = progressBar(fileText(connection ? 'bar-sent' : 'bar-checked'), total)
  const step = () => bar.to(count.rows - unanswered.size)

  async function* requests(): AsyncGenerator<Request> {
    const requestOf = rowReader(kind, bearer, table, columns)
    for await (const row of table.rows()) {
      count.rows++
      const made = requestOf(row)
      if (isFaults(made)) refused.add(row, made)
      else {
        unanswered.set(made.requestId, row)
        yield made
      }
      step()
    }
  }
  const settled = ({ requestId }: Request, sent: RowOutcome) => {
    const row = unanswered.get(requestId) as TableRow
    unanswered.delete(requestId)
    if ('faults' in sent) refused.add(row, sent.faults)
    else {
      count[isNew(sent.recorded) ? 'accepted' : 'already']++
      receipted.add(row, requestId, sent.recorded)
      warn(row, sent.warnings)
    }
    step()
  }
  try {
    if (connection) await sendAll(requests(), kind.exchange(connection), { settled, retrying })
    else {
      for await (const request of requests()) {
        const { requestId } = request
        warn(unanswered.get(requestId) as TableRow, kind.warningsOf(request))
        unanswered.delete(requestId)
      }
    }
  } finally {
    bar.stop()
  }
  // A dry run has no receipts, and leaves those that are there.
  const hasReceipts = connection && receipted.end()
  const hasRejects = await refused.end()
  const paths = { ...(hasReceipts && { receipts }), ...(hasRejects && { rejects }) }
  return { ...count, refused: refused.count, warnings, ...paths }
}

/** A warning of a service names the field of the request: here it is the column. */
const warningIn = (
  warning: string,
  columns: Columns,
  { headingOf }: Pick<FileColumns<Columns>, 'headingOf'>,
): Omit<RowWarning, 'line'> => {
  const end = warning.indexOf(': ')
  const field = warning.slice(0, Math.max(end, 0))
  const text = end < 0 ? warning : warning.slice(end + 2)
  return { field: headingOf(columnOf(columns, field)), warning: text }
}

const sameFile = () => new CommandFailed('SameFile', fileText('same-file'))

const countRows = async (table: Table): Promise<number> => {
  let rows = 0
  for await (const _ of table.rows()) rows++
  return rows
}

/** Nothing is stored if the log had all of it already: by a retry, or with another token. */
const isNew = ({ repeated, entries }: Recorded): boolean => !repeated && entries.length > 0

const isFaults = (made: unknown): made is readonly RowFault[] => Array.isArray(made)

/** Reads a row as a request. If two rows share what must be unique, the second is refused. */
const rowReader = <C extends Columns, Request extends Numbered>(
  { columns, unique, requestOf }: FileKind<C, Request>,
  bearer: string,
  { headings }: Table,
  { read }: FileColumns<C>,
) => {
  const lineOf = new Map<string, number>()
  return (row: TableRow): Request | readonly RowFault[] => {
    // Also if the last one is empty: all others may be one column further than they should.
    if (row.cells.length > headings.length) return [tooWide(row, headings)]
    const cells = read(row)
    const wrong = cellFaults(columns, cells)
    const made = wrong.length > 0 ? wrong : requestOf(cells, bearer)
    if (isFaults(made)) return made
    const keys = unique.map(name => ({ name, key: `${name} ${cells[name]?.text}` }))
    const taken = keys.flatMap(({ name, key }) => {
      const line = lineOf.get(key)
      if (line === undefined) return []
      const reason = fileText({ key: 'same-as-line', values: { line } })
      return [{ field: name, reason, fix: fixOfColumn(columns, name) }]
    })
    if (taken.length > 0) return taken
    for (const { key } of keys) lineOf.set(key, row.line)
    return made
  }
}

const tooWide = ({ cells }: TableRow, { length }: readonly string[]): RowFault => ({
  field: '',
  reason: fileText({ key: 'too-wide', values: { cells: cells.length, headings: length } }),
  fix: fileText('quote-separator'),
})

/** The file of receipts. Those of an earlier run for other rows stay in it: no proof is lost. */
class Receipts {
  readonly #file: PartFile
  readonly #ids = new Set<string>()

  constructor(path: string) {
    this.#file = new PartFile(path)
  }

  add({ line }: TableRow, id: string, { entries, receipts, repeated }: Recorded): void {
    const texts = entries.map(entry => Buffer.from(entry).toString('utf8'))
    this.#file.write(`${JSON.stringify({ line, id, repeated, entries: texts, receipts })}\n`)
    this.#ids.add(id)
  }

  /** Whether there is one. */
  end(): boolean {
    const { path } = this.#file
    for (const line of existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []) {
      const id = /"id":"([^"]+)"/.exec(line)?.[1]
      if (id && !this.#ids.has(id)) this.#file.write(`${line}\n`)
    }
    return this.#file.end()
  }
}
