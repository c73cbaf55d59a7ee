import { globSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { type Comment, type Node, type Program, parseSync, Visitor } from 'oxc-parser'

/** One TypeScript file, parsed. Paths are relative to the root of the tree, with `/`. */
export type SourceFile = {
  readonly path: string
  readonly text: string
  readonly lines: readonly string[]
  readonly program: Program
  readonly comments: readonly Comment[]
  /** Every file of the tree that it imports or re-exports, type or value, as a path. */
  readonly imports: readonly string[]
  /** Those that it needs when it runs: without imports of nothing but types. */
  readonly runtimeImports: readonly string[]
  /** Packages of others and of ours that it imports, as `vitest` or `@jejak/events`. */
  readonly packages: readonly string[]
  /** The names that it exports. */
  readonly exported: readonly string[]
}

/** A text of the tree, of any kind. */
export type TextFile = Pick<SourceFile, 'path' | 'text'>

/** Folders that nobody writes by hand. `gen` is generated from proto. */
const leftOut = ['node_modules', '.git', '.turbo', 'data', 'data.keys', 'gen']

/** Everything that a clone of the repository has, bar what is not text. */
export const readTree = (root: string): readonly TextFile[] =>
  globSync('**/*', {
    cwd: root,
    withFileTypes: true,
    exclude: entry => leftOut.includes(entry.name) && entry.isDirectory(),
  })
    .filter(entry => entry.isFile() && !entry.name.endsWith('.log'))
    .map(entry => posix.join(posix.relative(root, entry.parentPath), entry.name))
    .map(path => ({ path, text: readFileSync(posix.join(root, path), 'utf8') }))
    .filter(({ text }) => !text.includes('\0'))

export const parse = ({ path, text }: TextFile): SourceFile => {
  const { program, comments, module, errors } = parseSync(path, text)
  if (errors[0]) throw new SyntaxError(`${path}: ${errors[0].message}`)
  const { staticImports, staticExports, dynamicImports } = module
  const named = [
    ...staticImports.map(({ moduleRequest, entries }) => ({
      specifier: moduleRequest.value,
      isType: entries.length > 0 && entries.every(({ isType }) => isType),
    })),
    ...staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, isType }) =>
        moduleRequest ? { specifier: moduleRequest.value, isType } : [],
      ),
    ),
    ...dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
      const written = text.slice(start, end)
      const isLiteral = /^(['"`]).*\1$/.test(written)
      return isLiteral ? { specifier: written.slice(1, -1), isType: false } : []
    }),
  ]
  const filesOf = (imports: typeof named) =>
    imports.flatMap(({ specifier }) => resolve(path, specifier) ?? [])
  return {
    path,
    text,
    lines: text.split('\n'),
    program,
    comments,
    imports: filesOf(named),
    runtimeImports: filesOf(named.filter(({ isType }) => !isType)),
    packages: named.flatMap(
      ({ specifier }) => /^(?:@[^/]+\/)?[^/.][^/]*/.exec(specifier)?.[0] ?? [],
    ),
    exported: staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ exportName }) => exportName.name ?? []),
    ),
  }
}

/** Packages are named after their folders; a service has its folder's name as well. */
const resolve = (from: string, specifier: string): string | undefined => {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier)
  const [, name, file] = /^@jejak\/([\w-]+)\/(.+)$/.exec(specifier) ?? []
  if (!name) return undefined
  const root = services.has(name) ? 'services' : name === 'local' ? 'infra' : 'packages'
  return `${root}/${name}/src/${file}.ts`
}

const services = new Set(['enrollment', 'assessment', 'certification', 'reporting'])

export const lineOf = ({ text }: TextFile, offset: number): number =>
  text.slice(0, offset).split('\n').length

/** The functions of a file, each with how many lines are its own. */
export type Measured = { readonly from: number; readonly to: number; readonly lines: number }

/**
 * A function that has a name (a declaration, a constant, a method, or the callback of a sentence
 * as in `test('…', () => …)`) is measured by itself; other callbacks are part of where they stand.
 */
export const functionsOf = (source: SourceFile): readonly Measured[] => {
  const named = new Set<Node>()
  const open: { from: number; to: number; lines: number }[] = []
  const done: Measured[] = []
  const enter = (node: Node) => {
    if (!named.has(node) && open.length > 0) return
    const from = lineOf(source, node.start)
    const to = lineOf(source, node.end)
    open.push({ from, to, lines: to - from + 1 })
    named.add(node)
  }
  const leave = (node: Node) => {
    if (!named.has(node)) return
    const measured = open.pop()
    if (!measured) return
    done.push(measured)
    const outer = open.at(-1)
    if (outer) outer.lines -= measured.to - measured.from + 1
  }
  new Visitor({
    VariableDeclarator: ({ init }) => void (init && named.add(init)),
    Property: ({ value }) => void named.add(value),
    PropertyDefinition: ({ value }) => void (value && named.add(value)),
    MethodDefinition: ({ value }) => void named.add(value),
    CallExpression: ({ arguments: [first, ...rest] }) => {
      const sentence = first?.type === 'TemplateLiteral' || first?.type === 'Literal'
      if (sentence) for (const argument of rest) named.add(argument)
    },
    FunctionDeclaration: node => {
      named.add(node)
      enter(node)
    },
    'FunctionDeclaration:exit': leave,
    FunctionExpression: enter,
    'FunctionExpression:exit': leave,
    ArrowFunctionExpression: enter,
    'ArrowFunctionExpression:exit': leave,
  }).visit(source.program)
  return done
}
