import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { openTokens } from '@jejak/access/tokens'
import { workbookRows } from '@jejak/cli/files/workbook'
import { keysFolder, tokensFile } from '@jejak/storage/data-folder'
import { dataName } from '../processes/npm-start.ts'
import { undated } from './differences.ts'

/** A line of an agency's file of receipts. */
type StoredReceipts = {
  readonly line: number
  readonly id: string
  readonly entries: readonly string[]
  readonly receipts: readonly string[]
}

export const parseReceipts = (line: string): StoredReceipts => JSON.parse(line)

/** No files if there is no such folder yet. */
const filesIn = (folder: string): string[] =>
  globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted()

const linesIn = (path: string): string[] => readFileSync(path, 'utf8').split('\n').filter(Boolean)

const isReceipts = (name: string) => name.endsWith('.receipts.jsonl')

const agenciesIn = (folder: string) => join(folder, `${dataName}.files`)

/** The lines of the receipts that agencies have by now. */
export const receiptLinesIn = (folder: string): string[] =>
  filesIn(agenciesIn(folder))
    .filter(isReceipts)
    .flatMap(name => linesIn(join(agenciesIn(folder), name)))

/** The results of a run besides the logs, by kind, without parts that differ between runs. */
export const resultOf = async (
  folder: string,
  page: string,
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const data = join(folder, dataName)
  const tokens = openTokens(tokensFile(data))
  const issued = tokens.list().map(({ principal: { role, agency = '' } }) => `${role} ${agency}`)
  tokens.close()
  const files = filesIn(agenciesIn(folder)).map(
    async name => [name, await contentOf(name, join(agenciesIn(folder), name))] as const,
  )
  const done = readFileSync(join(data, 'scenario.done'), 'utf8')
  return new Map<string, readonly string[]>([
    // Sorted: events of a person of one day are recorded in any order.
    ['the page', page.split('\n').map(comparableLine).toSorted()],
    ['scenario.done', done.replaceAll(folder, '').split(/(?<=\}),/)],
    ['tokens', issued.toSorted()],
    // A kill can leave the journal of a lock behind: SQLite removes it only at the next write.
    ['keys', filesIn(keysFolder(data)).filter(name => !name.endsWith('-journal'))],
    ...(await Promise.all(files)),
  ])
}

const contentOf = async (name: string, path: string): Promise<string[]> => {
  if (isReceipts(name)) {
    return linesIn(path)
      .map(parseReceipts)
      .map(({ line, id, entries }) => `${line} ${id} ${entries.length}`)
      .toSorted()
  }
  // A workbook has the time in its bytes: the cells are compared.
  if (name.endsWith('.xlsx')) {
    const rows = await workbookRows(path, readFileSync(path))
    return rows.map(row => JSON.stringify(row))
  }
  return namesHeads.test(name) ? [] : linesIn(path)
}

/** Files that name heads; the rows of an export are compared. */
const namesHeads = /^receipt\/|\/manifest\.json/

/** Differs between runs: positions, heads and addresses. */
const varyingText =
  /\d+ events, root \S+|at index \d+|127\.0\.0\.1:\d+|(enrollment|assessment|certification) \d+/g

const comparableLine = (line: string): string => {
  const any = line.replace(varyingText, '...')
  return / {2}certificate |^ {2}levels on /.test(line) ? undated(any) : any
}
