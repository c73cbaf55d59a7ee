import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  circlesOfFiles,
  circlesOfPackages,
  folderOf,
  importersOf,
  isTest,
  isTooSmall,
  namesTwice,
  smallLines,
} from './graph.ts'
import { parse, readTree, type SourceFile } from './source.ts'

/** The figures of a tree by which its shape is judged; of all sources but tests. */
export type Shape = Readonly<Record<string, string>>

const importLines = ({ program, text }: SourceFile): number =>
  program.body
    .filter(({ type }) => type === 'ImportDeclaration')
    .reduce((sum, { start, end }) => sum + text.slice(start, end).split('\n').length, 0)

const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`

export const shapeOf = (root: string): Shape => {
  const all = readTree(root)
    .filter(({ path }) => path.endsWith('.ts') && path.includes('/src/'))
    .map(parse)
  const tree = all.filter(({ path }) => !isTest(path))
  const lengths = tree.map(({ lines }) => lines.length - 1).sort((one, other) => one - other)
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const folders = Map.groupBy(all, ({ path }) => folderOf(path))
  const [largest, files] = [...folders].reduce((one, other) =>
    other[1].length > one[1].length ? other : one,
  )
  const importers = importersOf(tree)
  return {
    'files, lines': `${tree.length}, ${total}`,
    'median lines a file': String(lengths[Math.floor(lengths.length / 2)]),
    [`share of files under ${smallLines} lines`]: percent(
      lengths.filter(length => length < smallLines).length,
      lengths.length,
    ),
    'share of import lines': percent(
      tree.reduce((sum, source) => sum + importLines(source), 0),
      total,
    ),
    [`files under ${smallLines} lines with one importer, in their folder`]: String(
      tree.filter(source => isTooSmall(source, importers)).length,
    ),
    'exported names with two meanings': String(namesTwice(tree).size),
    'circles of files, by values': String(circlesOfFiles(tree, false).length),
    'circles of files, with types': String(circlesOfFiles(tree, true).length),
    'circles of packages': String(circlesOfPackages(tree).length),
    'largest folder': `${files.length} files (${largest})`,
  }
}

/** The tree of a commit, as a folder for as long as `use` takes. */
const withCommit = <T>(root: string, commit: string, use: (folder: string) => T): T => {
  const folder = mkdtempSync(join(tmpdir(), 'jejak-shape-'))
  try {
    const archive = execFileSync('git', ['archive', commit], { cwd: root, maxBuffer: 1 << 30 })
    execFileSync('tar', ['-x', '-C', folder], { input: archive })
    return use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A table of one line a figure: before, if a commit is given, and now. */
export const shapeTable = (root: string, since?: string): string => {
  const now = shapeOf(root)
  const before = since === undefined ? undefined : withCommit(root, since, shapeOf)
  const width = Math.max(...Object.keys(now).map(({ length }) => length))
  return Object.entries(now)
    .map(([figure, value]) =>
      [figure.padEnd(width), ...(before ? [(before[figure] ?? '').padEnd(36)] : []), value].join(
        '  ',
      ),
    )
    .join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(shapeTable(fileURLToPath(new URL('../../..', import.meta.url)), process.argv[2]))
}
