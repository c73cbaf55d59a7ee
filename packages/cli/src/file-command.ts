import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import type { Recorded } from '@jejak/proto/jejak/log/v1/log'
import { stringify } from 'csv-stringify/sync'
import { type Columns, cellFaults, columnReader, type Fault, type Named } from './columns.ts'
import { Unusable } from './outcome.ts'
import { progressBar } from './progress.ts'
import { type Exchange, sendAll } from './sending.ts'
import { openTable, type Row } from './table.ts'

/** What becomes of a row that was sent. */
export type Sent = { readonly recorded: Recorded } | { readonly faults: readonly Fault[] }

/** How the rows of one kind of file become requests. */
export type FileKind<C extends Columns, Request> = {
  readonly columns: C & { readonly reference: Columns[string] }
  /** A request, or everything that is wrong with the row. */
  readonly requestOf: (cells: Named<C>) => Request | readonly Fault[]
}

export type FileOptions<Request> = {
  readonly file: string
  readonly receipts: string
  readonly rejects: string
  /** Absent for a dry run: the file is read and checked, and nothing is sent. */
  readonly exchange: Exchange<Request, Sent> | undefined
}

export type FileReport = {
  readonly rows: number
  readonly accepted: number
  readonly already: number
  readonly refused: number
  readonly receipts?: string
  readonly rejects?: string
}

const isFaults = (made: unknown): made is readonly Fault[] => Array.isArray(made)

/** Sends a file's rows; what was refused comes back as a file that can be corrected and sent. */
// tidy: one pass over the file, whose parts share its counts.
export const sendFile = async <C extends Columns, Request extends { readonly requestId: string }>(
  { columns, requestOf }: FileKind<C, Request>,
  { file, receipts, rejects, exchange }: FileOptions<Request>,
): Promise<FileReport> => {
  const total = (await countRows(file)) - 1
  const table = await openTable(file)
  const read = columnReader(columns, table.headings)
  const count = { rows: 0, accepted: 0, already: 0, refused: 0 }
  const rowOf = new Map<string, Row>()
  const lineOf = new Map<string, number>()
  const receiptsFile = new Kept(receipts)
  const rejectsFile = new Kept(rejects)
  const bar = progressBar('sent', total)

  const refuse = (row: Row, faults: readonly Fault[]) => {
    if (count.refused++ === 0) rejectsFile.write(csvLine([...table.headings, ...rejectHeadings]))
    const [field, reason, fix] = (['field', 'reason', 'fix'] as const).map(part =>
      faults.map(fault => fault[part]).join(' | '),
    )
    const cells = row.cells.map(({ text, formula }) => (formula ? '' : text))
    const padded = table.headings.map((_, i) => cells[i] ?? '')
    rejectsFile.write(csvLine([...padded, String(row.line), field ?? '', reason ?? '', fix ?? '']))
  }

  async function* requests(): AsyncIterable<Request> {
    for await (const row of table.rows) {
      count.rows++
      const cells = read(row)
      const wrong = cellFaults(columns, cells)
      const made = wrong.length > 0 ? wrong : requestOf(cells)
      if (isFaults(made)) refuse(row, made)
      else if (lineOf.has(made.requestId)) {
        const reason = `is that of line ${lineOf.get(made.requestId)} too`
        const [field] = columns.reference.headings
        refuse(row, [{ field, reason, fix: 'give each row its own' }])
      } else {
        lineOf.set(made.requestId, row.line)
        rowOf.set(made.requestId, row)
        yield made
      }
      bar.to(count.rows - rowOf.size)
    }
  }

  const settled = ({ requestId }: Request, sent: Sent) => {
    const row = rowOf.get(requestId) as Row
    rowOf.delete(requestId)
    if ('faults' in sent) refuse(row, sent.faults)
    else {
      if (sent.recorded.repeated) count.already++
      else count.accepted++
      receiptsFile.write(receiptLine(row, requestId, sent.recorded))
    }
    bar.to(count.rows - rowOf.size)
  }

  try {
    if (exchange) await sendAll(requests(), exchange, settled)
    else for await (const _ of requests()) rowOf.clear()
  } finally {
    bar.stop()
  }
  const kept = [receiptsFile.end(), rejectsFile.end()]
  return { ...count, ...(kept[0] && { receipts }), ...(kept[1] && { rejects }) }
}

const countRows = async (file: string): Promise<number> => {
  let rows = 1
  for await (const _ of (await openTable(file)).rows) rows++
  return rows
}

/** They follow the file's own headings, and are passed over when it is sent again. */
const rejectHeadings = ['line', 'field', 'reason', 'fix']

const csvLine = (cells: readonly string[]): string =>
  stringify([cells as string[]], { escape_formulas: true })

const receiptLine = (row: Row, id: string, { entries, receipts, repeated }: Recorded): string =>
  `${JSON.stringify({
    line: row.line,
    id,
    repeated,
    entries: entries.map(entry => Buffer.from(entry).toString('utf8')),
    receipts,
  })}\n`

/** A file that is written beside and put in its place at the end; none where it is empty. */
class Kept {
  readonly #path: string
  #file: number | undefined

  constructor(path: string) {
    this.#path = path
  }

  write(text: string): void {
    try {
      this.#file ??= openSync(`${this.#path}.part`, 'w', 0o600)
      writeSync(this.#file, text)
    } catch (error) {
      throw new Unusable('Unwritable', `${this.#path}: ${(error as Error).message}`)
    }
  }

  /** Whether there is one. */
  end(): boolean {
    if (this.#file === undefined) {
      rmSync(this.#path, { force: true })
      return false
    }
    fsyncSync(this.#file)
    closeSync(this.#file)
    renameSync(`${this.#path}.part`, this.#path)
    return true
  }
}
