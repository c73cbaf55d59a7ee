import { Visitor } from 'oxc-parser'
import { functionsOf, lineOf, type Source, type Text } from './source.ts'

/** What is wrong, with where: `path:line what`. */
export type Problem = string

/** `tree` is every source of the repository: some rules look at a file's neighbours. */
export type Rule = (file: Source, tree: readonly Source[]) => readonly Problem[]

const isTest = (path: string) => path.endsWith('.test.ts')

/** What only tests, simulation and bench use. */
const isTesting = (path: string) => path.includes('/src/testing/')

// Composition roots: the only places that know which technology stands behind a port.
const isRoot = (path: string) =>
  path.endsWith('/main.ts') || // a process
  isTest(path) ||
  isTesting(path) || // what tests of a package share
  path.startsWith('packages/embedded/') || // the four services in one process
  path.startsWith('packages/standalone/') || // one service in a process of its own
  path.startsWith('packages/bench/') || // measures each adapter by name
  path.startsWith('packages/simulation/') || // processes that are there to be killed
  path.startsWith('packages/audit/src/log/') || // opens a store to read it
  path.startsWith('packages/cli/src/') // opens data folders and databases

const adapter =
  /^packages\/(?:storage|messaging|privacy|access)\/src\/(memory|sqlite|mongo|kafka|local)\b.*\.ts$/

export const adaptersStayAtTheRoots: Rule = ({ path, imports }) => {
  if (isRoot(path)) return []
  const own = adapter.exec(path)?.[1]
  return imports
    .filter(imported => adapter.test(imported) && adapter.exec(imported)?.[1] !== own)
    .map(imported => `${path} imports the adapter ${imported}: take the port`)
}

/** Exported by configuration files because their tools ask for it. */
const defaultExports = ['vitest.config.ts']

/** Named seams, each with its reason. */
const anys: readonly string[] = []

export const noForbiddenSyntax: Rule = file => {
  const problems: Problem[] = []
  const at = (what: string) => (node: { start: number }) =>
    void problems.push(`${file.path}:${lineOf(file, node.start)} ${what}`)
  const reExport = at('re-exports: import it from where it is')
  new Visitor({
    TSEnumDeclaration: at('enum: use a union of literals'),
    TSParameterProperty: at('parameter property: Node cannot strip it'),
    ExportAllDeclaration: reExport,
    ExportNamedDeclaration: node => node.source && reExport(node),
    ...(!defaultExports.includes(file.path) && {
      ExportDefaultDeclaration: at('default export: give it a name'),
    }),
    ...(!anys.includes(file.path) && { TSAnyKeyword: at('any: say what it is, or unknown') }),
  }).visit(file.program)
  return problems
}

/** Names that say nothing. */
const empty = ['index', 'util', 'utils', 'common', 'shared', 'helper', 'helpers', 'core', 'types']

export const namesSaySomething: Rule = ({ path }) =>
  path
    .split('/')
    .map(part => part.replace(/(\.test)?\.ts$/, ''))
    .filter(part => empty.includes(part))
    .map(part => `${path} is called "${part}": name it after its one concept`)

export const foldersAreEarned: Rule = ({ path }, tree) => {
  const [root, , src, ...rest] = path.split('/')
  if (rest.length === 0 && src === undefined) return [] // configuration at the root
  if (src !== 'src' || rest.length === 0) return [`${path} is outside ${root}/<package>/src`]
  if (rest.length === 1) return []
  if (rest.length > 2) return [`${path} is too deep: ${root}/<package>/src/<file>.ts`]
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  if (isTesting(path)) return []
  const siblings = tree.filter(file => file.path.startsWith(folder) && !isTest(file.path))
  return siblings.length >= 4 ? [] : [`${path}: a folder is earned by four siblings`]
}

const fileLinesMax = 200
const functionLinesMax = 40
const columnsMax = 100

export const sizesAreReasoned: Rule = file => {
  const reasons = file.comments
    .filter(({ value }) => /^ tidy: \S+ \S+/.test(value))
    .map(({ start }) => lineOf(file, start))
  const first = lineOf(file, file.program.body[0]?.start ?? 0)
  const lines = file.lines.length - 1
  const long = functionsOf(file).filter(
    ({ from, lines }) => lines > functionLinesMax && !reasons.includes(from - 1),
  )
  return [
    ...(lines > fileLinesMax && !reasons.some(line => line < first)
      ? [`${file.path} has ${lines} lines: split it, or say why above its first statement`]
      : []),
    ...long.map(({ from, lines }) => `${file.path}:${from} a function has ${lines} lines`),
    ...file.lines.flatMap((line, at) =>
      [...line].length > columnsMax && !/https?:/.test(line)
        ? [`${file.path}:${at + 1} has over ${columnsMax} columns`]
        : [],
    ),
  ]
}

const service = /^services\/([\w-]+)\//

/** Who composes all services, and who measures them from within. */
const insiders = ['packages/embedded/', 'packages/bench/']

export const servicesStandAlone: Rule = ({ path, imports }) => {
  if (insiders.some(insider => path.startsWith(insider))) return []
  const own = service.exec(path)?.[1]
  return imports
    .filter(imported => service.test(imported) && service.exec(imported)?.[1] !== own)
    .map(imported => `${path} imports the service ${imported}: ask it, or listen to its events`)
}

const verifier = 'packages/transparency/src/audit.ts'

/** Hashing, decoding, and a tree of its own. The writer's `range` and `tree` must not be here. */
const readers = [
  'bundle',
  'checkpoint',
  'finding',
  'hash',
  'key',
  'path',
  'proof',
  'rebuild',
  'refusal',
  'strict',
  'tiles',
].map(name => `packages/transparency/src/${name}.ts`)

export const verifierStandsApart: Rule = ({ path, imports }) =>
  path === verifier || readers.includes(path)
    ? imports
        .filter(imported => imported.startsWith('packages/transparency/'))
        .filter(imported => !readers.includes(imported))
        .map(imported => `${path} imports ${imported}: the verifier would trust the writer's code`)
    : []

/** What must not be in any file: it would hold on one machine only. */
const elsewhere: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w.~@}-])\/(?:work|root|home|Users)\/[\w.-]+/, 'a path of one machine'],
  [
    /https?:\/\/(?:registry|repo\d?|proxy|files|static|deb|index)\.[\w-]+\.\w+/,
    "a registry's host",
  ],
  [/\bshared\//, 'a folder that says nothing'],
]

export const holdsOnEveryMachine = ({ path, text }: Text): readonly Problem[] =>
  elsewhere.flatMap(([pattern, what]) => {
    const found = pattern.exec(text)
    return found ? [`${path}:${lineOf({ path, text }, found.index)} has ${what}: ${found[0]}`] : []
  })
