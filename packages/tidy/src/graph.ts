import type { SourceFile } from './source.ts'

export const isTest = (path: string): boolean => path.endsWith('.test.ts')

/** Whether only tests, simulation and bench use a file. */
export const isTesting = (path: string): boolean => path.includes('/src/testing/')

/** The product: without tests, what only they use, contract suites and what is generated. */
export const isProduct = (path: string): boolean =>
  !isTest(path) && !isTesting(path) && !path.endsWith('-contract.ts') && path.includes('/src/')

export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'))

/** `packages/events` of `packages/events/src/log.ts`. */
export const packageOf = (path: string): string => path.split('/').slice(0, 2).join('/')

/** The files that import a file, tests aside. */
export const importersOf = (
  tree: readonly SourceFile[],
): ReadonlyMap<string, readonly string[]> => {
  const importers = new Map<string, string[]>()
  for (const { path, imports } of tree) {
    if (isTest(path)) continue
    for (const imported of new Set(imports)) {
      const known = importers.get(imported)
      if (known) known.push(path)
      else importers.set(imported, [path])
    }
  }
  return importers
}

/** Under 60 lines, and imported by nothing but one file of its own folder. */
export const isTooSmall = (
  { path, lines }: SourceFile,
  importers: ReadonlyMap<string, readonly string[]>,
): boolean => {
  const [only, ...others] = importers.get(path) ?? []
  const small = lines.length - 1 < smallLines
  return small && only !== undefined && others.length === 0 && folderOf(only) === folderOf(path)
}

export const smallLines = 60

type Edges = ReadonlyMap<string, readonly string[]>

/** Groups of nodes that reach each other (Tarjan), each in the order of its names. */
export const circlesIn = (edges: Edges): readonly (readonly string[])[] => {
  const circles: string[][] = []
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const visit = (node: string): void => {
    const own = index.size
    index.set(node, own)
    low.set(node, own)
    stack.push(node)
    for (const next of edges.get(node) ?? []) {
      if (!index.has(next)) visit(next)
      const reached = stack.includes(next) ? (low.get(next) as number) : own
      low.set(node, Math.min(low.get(node) as number, reached))
    }
    if (low.get(node) !== own) return
    const circle = stack.splice(stack.indexOf(node))
    if (circle.length > 1) circles.push(circle.sort())
  }
  for (const node of edges.keys()) if (!index.has(node)) visit(node)
  return circles
}

/** Files that import each other in a circle; `types` counts imports of types as well. */
export const circlesOfFiles = (tree: readonly SourceFile[], types: boolean) =>
  circlesIn(
    new Map(
      tree.map(({ path, imports, runtimeImports }) => [path, types ? imports : runtimeImports]),
    ),
  )

/** Packages that import each other in a circle, by values or types, tests aside. */
export const circlesOfPackages = (tree: readonly SourceFile[]) => {
  const edges = new Map<string, string[]>()
  for (const { path, imports } of tree) {
    if (!isProduct(path)) continue
    const own = packageOf(path)
    const others = imports.map(packageOf).filter(other => other !== own)
    edges.set(own, [...(edges.get(own) ?? []), ...others])
  }
  return circlesIn(edges)
}

/** Names that more than one file of the product exports, each with those files. */
export const namesTwice = (tree: readonly SourceFile[]): ReadonlyMap<string, readonly string[]> => {
  const files = new Map<string, string[]>()
  for (const { path, exported } of tree) {
    if (!isProduct(path)) continue
    for (const name of new Set(exported)) files.set(name, [...(files.get(name) ?? []), path])
  }
  return new Map([...files].filter(([, paths]) => paths.length > 1))
}
