import { Visitor } from 'oxc-parser'
import {
  circlesOfFiles,
  circlesOfPackages,
  folderOf,
  importersOf,
  isProduct,
  isTest,
  isTesting,
  isTooSmall,
  namesTwice,
  packageOf,
} from './graph.ts'
import { functionsOf, lineOf, type SourceFile, type TextFile } from './source.ts'

/** A problem with its place: `path:line what`. */
export type StyleProblem = string

/** `tree` is every source of the repository: some rules look at a file's neighbours. */
export type Rule = (file: SourceFile, tree: readonly SourceFile[]) => readonly StyleProblem[]

// Composition roots: the only places that know which technology stands behind a port.
const isRoot = (path: string) =>
  path.endsWith('/main.ts') || // a process
  isTest(path) ||
  isTesting(path) || // what tests of a package share
  path.startsWith('packages/embedded/') || // the four services in one process
  path.startsWith('packages/standalone/') || // one service in a process of its own
  path.startsWith('packages/bench/') || // measures each adapter by name
  path.startsWith('packages/simulation/') || // processes that are there to be killed
  path === 'packages/replay/src/source.ts' || // opens a store to read it
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
  const problems: StyleProblem[] = []
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

/** Private words that a reader had to look up, each with the field's word. */
const privateWords: Readonly<Record<string, string>> = {
  told: 'result',
  said: 'text',
  heard: 'consumed',
  hearer: 'consumer',
  hearing: 'consuming',
  listener: 'consumer',
  gate: 'consumer',
  swept: 'catch-up',
  together: 'batch',
  passed: 'parked',
  overlay: 'batch',
  standing: 'validity, cursor',
  whole: 'completeness',
  walk: 'replay',
  walker: 'replay',
  copy: 'export',
  peaks: 'compact-range',
  life: 'lifecycle',
  specs: 'settings',
  measures: 'service-metrics',
  persist: 'retry',
  turns: 'serial',
  stories: 'arbitrary-events',
  story: 'the name of what it tells',
  deeds: 'events',
  crowd: 'agency-files',
  cast: 'training-fixture',
}

const partsOf = (path: string) => path.split('/').map(part => part.replace(/(\.test)?\.ts$/, ''))

export const namesSaySomething: Rule = ({ path }) =>
  partsOf(path)
    .filter(part => empty.includes(part))
    .map(part => `${path} is called "${part}": name it after its one concept`)

export const wordsAreTheFields: Rule = ({ path }) =>
  partsOf(path)
    .flatMap(part => part.split('-'))
    .filter(word => Object.hasOwn(privateWords, word))
    .map(word => `${path} has the private word "${word}": say ${privateWords[word]}`)

const folderFilesMax = 40

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

/** One problem a folder, at its first file. */
export const foldersAreSmall: Rule = ({ path }, tree) => {
  const folder = folderOf(path)
  const files = tree.filter(file => folderOf(file.path) === folder)
  if (files.length <= folderFilesMax || files[0]?.path !== path) return []
  return [`${folder} has ${files.length} files: folders within it are owed`]
}

const fileLinesMax = 350
const functionLinesMax = 40
const columnsMax = 100

/** The lines that have a reason why a rule does not hold: `// tidy: a table of codes`. */
const reasonsIn = (file: SourceFile): readonly number[] =>
  file.comments
    .filter(({ value }) => /^ tidy: \S+ \S+/.test(value))
    .map(({ start }) => lineOf(file, start))

/** Whether a reason stands above the first statement: it is about the whole file. */
const isReasoned = (file: SourceFile): boolean => {
  const first = lineOf(file, file.program.body[0]?.start ?? 0)
  return reasonsIn(file).some(line => line < first)
}

export const sizesAreReasoned: Rule = file => {
  const reasons = reasonsIn(file)
  const lines = file.lines.length - 1
  const long = functionsOf(file).filter(
    ({ from, lines }) => lines > functionLinesMax && !reasons.includes(from - 1),
  )
  return [
    ...(lines > fileLinesMax && !isReasoned(file)
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

/** The floor beside the ceiling: what is cut off from its only user is harder to read. */
export const smallFilesAreReasoned: Rule = (file, tree) =>
  isProduct(file.path) &&
  !file.path.startsWith('packages/cli/src/commands/') && // one file a command, however short it is
  isTooSmall(file, importersCached(tree)) &&
  !isReasoned(file)
    ? [`${file.path} has one importer, beside it: merge them, or say why not at its top`]
    : []

const cached = <T>(make: (tree: readonly SourceFile[]) => T) => {
  const made = new WeakMap<readonly SourceFile[], T>()
  return (tree: readonly SourceFile[]): T => {
    const known = made.get(tree)
    if (known) return known
    const value = make(tree)
    made.set(tree, value)
    return value
  }
}

const importersCached = cached(importersOf)
const namesTwiceCached = cached(namesTwice)
const circlesByValues = cached(tree => circlesOfFiles(tree, false))
const circlesWithTypes = cached(tree => circlesOfFiles(tree, true))
const circlesOfPackagesCached = cached(circlesOfPackages)

/** Files that are there for tests are imported by tests, simulation and bench only. */
export const testingStaysInTests: Rule = ({ path, imports }) =>
  isProduct(path) && !/^packages\/(?:simulation|bench)\//.test(path)
    ? imports
        .filter(isTesting)
        .map(imported => `${path} imports ${imported}, which is there for tests`)
    : []

/** Names that are exported twice on purpose. */
const sameNames: Readonly<Record<string, string>> = {
  Refused: 'the refusals of a stream type, beside its decider, in each file of one',
}

/** One name, one meaning: two packages that export the same one make a reader ask which it is. */
export const namesMeanOneThing: Rule = ({ path, exported }, tree) =>
  isProduct(path)
    ? [...new Set(exported)]
        .filter(name => !Object.hasOwn(sameNames, name))
        .flatMap(name => {
          const others = (namesTwiceCached(tree).get(name) ?? []).filter(
            other => packageOf(other) !== packageOf(path),
          )
          return others.length > 0 ? [`${path} exports ${name}, as ${others.join(', ')} does`] : []
        })
    : []

/** One problem a circle, at its first file, where a circle of types may have a reason. */
export const importsGoOneWay: Rule = (file, tree) => {
  const isFirst = (circle: readonly string[]) => circle[0] === file.path
  const values = circlesByValues(tree).filter(isFirst)
  const types = isReasoned(file) ? [] : circlesWithTypes(tree).filter(isFirst)
  return [...values, ...types.filter(circle => !values.some(other => other[0] === circle[0]))].map(
    circle => `${circle.join(', ')} import each other in a circle`,
  )
}

export const packagesGoOneWay: Rule = ({ path }, tree) =>
  circlesOfPackagesCached(tree)
    .filter(([first]) => first !== undefined && path.startsWith(`${first}/`))
    .filter(([first]) => tree.find(file => file.path.startsWith(`${first}/`))?.path === path)
    .map(circle => `${circle.join(', ')} import each other in a circle`)

const service = /^services\/([\w-]+)\//

/** The packages that compose all services, or measure them from within. */
const insiders = ['packages/embedded/', 'packages/bench/']

export const servicesStandAlone: Rule = ({ path, imports }) => {
  if (insiders.some(insider => path.startsWith(insider))) return []
  const own = service.exec(path)?.[1]
  return imports
    .filter(imported => service.test(imported) && service.exec(imported)?.[1] !== own)
    .map(imported => `${path} imports the service ${imported}: ask it, or listen to its events`)
}

const verifier = 'packages/transparency/src/audit.ts'

/** Hash, decoders and a tree of its own. The writer's `compact-range` and `log-tree` stay out. */
const readers = [
  'checkpoint',
  'encoding',
  'finding',
  'hash',
  'key',
  'proof',
  'tile-files',
  'verification-error',
  'verifier-tree',
  'verify-tiles',
].map(name => `packages/transparency/src/${name}.ts`)

/**
 * What replay takes of storage: types, names of files, and what reads. A MAC is nothing to others
 * than who makes it, so that one piece of code makes and checks it.
 */
const storageReads = [
  'data-folder',
  'log/commit-mac',
  'mongo/reader',
  'sqlite/commits',
  'sqlite/store',
  'store',
].map(name => `packages/storage/src/${name}.ts`)

const isReplay = (path: string) =>
  path.startsWith('packages/replay/') && !isTest(path) && !isTesting(path)

export const verifierStandsApart: Rule = ({ path, imports }) =>
  path === verifier || readers.includes(path) || isReplay(path)
    ? imports
        .filter(imported => /^packages\/(?:transparency|storage|eventsourcing)\//.test(imported))
        .filter(imported => ![...readers, ...storageReads].includes(imported))
        .map(imported => `${path} imports ${imported}: the verifier would trust the writer's code`)
    : []

/** Patterns that must not be in any file: they hold on one machine only. */
const elsewhere: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w.~@}-])\/(?:work|root|home|Users)\/[\w.-]+/, 'a path of one machine'],
  [
    /https?:\/\/(?:registry|repo\d?|proxy|files|static|deb|index)\.[\w-]+\.\w+/,
    "a registry's host",
  ],
  [/\bshared\//, 'a folder that says nothing'],
]

export const holdsOnEveryMachine = ({ path, text }: TextFile): readonly StyleProblem[] =>
  elsewhere.flatMap(([pattern, what]) => {
    const found = pattern.exec(text)
    return found ? [`${path}:${lineOf({ path, text }, found.index)} has ${what}: ${found[0]}`] : []
  })
