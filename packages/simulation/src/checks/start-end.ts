import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { openTokens } from '@jejak/access/tokens'
import { workbookRows } from '@jejak/cli/files/workbook'
import { keysFolder, tokensFile } from '@jejak/storage/data-folder'
import { dataName } from '../processes/start-process.ts'
import { undated } from './differences.ts'

/** A line of the receipts that an agency keeps. */
type Kept = {
  readonly line: number
  readonly id: string
  readonly entries: readonly string[]
  readonly receipts: readonly string[]
}

export const keptOf = (line: string): Kept => JSON.parse(line)

/** None where there is no such folder yet. */
const filesIn = (folder: string): string[] =>
  globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted()

const linesIn = (path: string): string[] => readFileSync(path, 'utf8').split('\n').filter(Boolean)

const isReceipts = (name: string) => name.endsWith('.receipts.jsonl')

const agenciesIn = (folder: string) => join(folder, `${dataName}.files`)

/** Every receipt that agencies have by now, as it is in its file. */
export const keptIn = (folder: string): string[] =>
  filesIn(agenciesIn(folder))
    .filter(isReceipts)
    .flatMap(name => linesIn(join(agenciesIn(folder), name)))

/** What anybody but a log has in the end, by what it is, without what is of one run only. */
export const endOf = async (
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
    // Sorted: what a person's file has of one day is recorded in any order.
    ['the page', page.split('\n').map(lasting).toSorted()],
    ['scenario.done', done.replaceAll(folder, '').split(/(?<=\}),/)],
    ['tokens', issued.toSorted()],
    // SQLite clears a journal up when it writes, which it does to a lock only once.
    ['keys', filesIn(keysFolder(data)).filter(name => !name.endsWith('-journal'))],
    ...(await Promise.all(files)),
  ])
}

const contentOf = async (name: string, path: string): Promise<string[]> => {
  if (isReceipts(name)) {
    return linesIn(path)
      .map(keptOf)
      .map(({ line, id, entries }) => `${line} ${id} ${entries.length}`)
      .toSorted()
  }
  // A workbook has the time in its bytes: its cells are what counts.
  if (name.endsWith('.xlsx')) {
    const rows = await workbookRows(path, readFileSync(path))
    return rows.map(row => JSON.stringify(row))
  }
  return ofThisRun.test(name) ? [] : linesIn(path)
}

/** Files that name heads; the rows of an export are compared. */
const ofThisRun = /^receipt\/|\/manifest\.json/

/** Of this run alone: positions, heads, and where it has listened. */
const passing =
  /\d+ events, root \S+|at index \d+|127\.0\.0\.1:\d+|(enrollment|assessment|certification) \d+/g

const lasting = (line: string): string => {
  const any = line.replace(passing, '...')
  return / {2}certificate |^ {2}levels on /.test(line) ? undated(any) : any
}
