import { existsSync, readFileSync } from 'node:fs'
import type { Recorded } from '@jejak/proto/jejak/log/v1/log'
import { CommandFailed } from '../terminal/exit.ts'
import { Kept } from '../terminal/part-file.ts'
import { progressBar } from '../terminal/progress.ts'
import {
  type Columns,
  cellFaults,
  columnsIn,
  type Fault,
  type FileColumns,
  type Named,
} from './columns.ts'
import { openRejected } from './refused-rows.ts'
import { type Exchange, sendAll } from './sending.ts'
import { openTable, type Row, type Table } from './table.ts'

/** What becomes of a row that was sent. */
export type Sent = { readonly recorded: Recorded } | { readonly faults: readonly Fault[] }

type Numbered = { readonly requestId: string }

/** How the rows of one kind of file become requests. */
export type FileKind<C extends Columns, Request> = {
  readonly columns: C
  /** What no two rows of a file may share. */
  readonly unique: readonly (keyof C & string)[]
  /** A request, or everything that is wrong with the row. */
  readonly requestOf: (cells: Named<C>) => Request | readonly Fault[]
}

export type FileOptions<Request> = {
  readonly file: string
  readonly receipts: string
  readonly rejects: string
  /** Absent for a dry run: the file is read and checked, and nothing is sent. */
  readonly exchange: Exchange<Request, Sent> | undefined
  /** Told why it waits and sends again. */
  readonly retrying?: (why: string) => void
}

export type FileReport = {
  readonly rows: number
  readonly accepted: number
  readonly already: number
  readonly refused: number
  readonly receipts?: string
  readonly rejects?: string
}

/** Sends a file's rows; what was refused comes back as a file that can be corrected and sent. */
export const sendFile = async <C extends Columns, Request extends Numbered>(
  kind: FileKind<C, Request>,
  { file, receipts, rejects, exchange, retrying }: FileOptions<Request>,
): Promise<FileReport> => {
  if (new Set([file, receipts, rejects]).size < 3) throw sameFile()
  const table = await openTable(file)
  // A file that is broken at its end is refused before its beginning is sent.
  const total = await countRows(table)
  const columns = columnsIn(kind.columns, table.headings)
  const rejected = await openRejected(rejects, table, columns)
  const receiptsFile = new Kept(receipts)
  const receipted = new Set<string>()
  const count = { rows: 0, accepted: 0, already: 0 }
  const waiting = new Map<string, Row>()
  const bar = progressBar(exchange ? 'sent' : 'checked', total)
  const step = () => bar.to(count.rows - waiting.size)

  async function* requests(): AsyncGenerator<Request> {
    const requestOf = rowReader(kind, table, columns)
    for await (const row of table.rows()) {
      count.rows++
      const made = requestOf(row)
      if (isFaults(made)) rejected.add(row, made)
      else {
        waiting.set(made.requestId, row)
        yield made
      }
      step()
    }
  }
  const settled = ({ requestId }: Request, sent: Sent) => {
    const row = waiting.get(requestId) as Row
    waiting.delete(requestId)
    if ('faults' in sent) rejected.add(row, sent.faults)
    else {
      count[isNew(sent.recorded) ? 'accepted' : 'already']++
      receiptsFile.write(receiptLine(row, requestId, sent.recorded))
      receipted.add(requestId)
    }
    step()
  }
  try {
    if (exchange) await sendAll(requests(), exchange, { settled, retrying })
    else for await (const { requestId } of requests()) waiting.delete(requestId)
  } finally {
    bar.stop()
  }
  // A dry run has no receipts, and leaves those that are there.
  if (exchange) carryOver(receipts, receiptsFile, receipted)
  const kept = exchange && receiptsFile.end()
  const left = await rejected.end()
  const paths = { ...(kept && { receipts }), ...(left && { rejects }) }
  return { ...count, refused: rejected.count, ...paths }
}

const sameFile = () =>
  new CommandFailed(
    'SameFile',
    'the file, its receipts and its rejects must be three different files',
  )

const countRows = async (table: Table): Promise<number> => {
  let rows = 0
  for await (const _ of table.rows()) rows++
  return rows
}

/** Nothing is stored where all was as asked for already: by a retry, or with another token. */
const isNew = ({ repeated, entries }: Recorded): boolean => !repeated && entries.length > 0

const isFaults = (made: unknown): made is readonly Fault[] => Array.isArray(made)

/** What a row asks for; of two that share what they must not, the first has it. */
const rowReader = <C extends Columns, Request extends Numbered>(
  { columns, unique, requestOf }: FileKind<C, Request>,
  { headings }: Table,
  { read }: FileColumns<C>,
) => {
  const lineOf = new Map<string, number>()
  return (row: Row): Request | readonly Fault[] => {
    // Also where the last one is empty: all others may be one column further than they should.
    if (row.cells.length > headings.length) return [tooWide(row, headings)]
    const cells = read(row)
    const wrong = cellFaults(columns, cells)
    const made = wrong.length > 0 ? wrong : requestOf(cells)
    if (isFaults(made)) return made
    const keys = unique.map(name => ({ name, key: `${name} ${cells[name]?.text}` }))
    const taken = keys.flatMap(({ name, key }) => {
      const reason = `is that of line ${lineOf.get(key)} too`
      return lineOf.has(key) ? [{ field: name, reason, fix: columns[name]?.fix ?? '' }] : []
    })
    if (taken.length > 0) return taken
    for (const { key } of keys) lineOf.set(key, row.line)
    return made
  }
}

const tooWide = ({ cells }: Row, { length }: readonly string[]): Fault => ({
  field: '',
  reason: `has ${cells.length} cells under ${length} headings`,
  fix: 'put a text that has the separator in it in double quotes, and move each cell to its column',
})

/** No proof is lost: what an earlier run has received for other rows stays. */
const carryOver = (path: string, kept: Kept, receipted: ReadonlySet<string>): void => {
  if (!existsSync(path)) return
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const id = /"id":"([^"]+)"/.exec(line)?.[1]
    if (id && !receipted.has(id)) kept.write(`${line}\n`)
  }
}

const receiptLine = (row: Row, id: string, { entries, receipts, repeated }: Recorded): string =>
  `${JSON.stringify({
    line: row.line,
    id,
    repeated,
    entries: entries.map(entry => Buffer.from(entry).toString('utf8')),
    receipts,
  })}\n`
