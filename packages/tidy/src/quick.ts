import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { isTest } from './graph.ts'
import { parse, readTree, type SourceFile } from './source.ts'

/** Starts a process, a thread or a server, or waits for a database of the machine. */
const isSlow = (file: SourceFile): boolean =>
  file.packages.includes('node:child_process') ||
  file.text.includes('new Worker(') ||
  file.path === 'packages/rpc/src/serve.ts' ||
  file.path === 'packages/export/src/memory.test.ts' || // writes 200,000 rows in each format
  file.path.startsWith('infra/local/src/')

/** The tests that need no server and no process of their own, by what they import. */
export const quickTests = (tree: readonly SourceFile[]): readonly string[] => {
  const files = new Map(tree.map(file => [file.path, file]))
  const isQuick = (path: string, seen: Set<string>): boolean => {
    const file = files.get(path)
    if (!file || seen.has(path)) return true
    seen.add(path)
    return !isSlow(file) && file.runtimeImports.every(imported => isQuick(imported, seen))
  }
  return tree.map(({ path }) => path).filter(path => isTest(path) && isQuick(path, new Set()))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  const tree = readTree(root)
    .filter(({ path }) => path.endsWith('.ts'))
    .map(parse)
  const tests = quickTests(tree)
  const all = tree.filter(({ path }) => isTest(path)).length
  console.log(`${tests.length} of ${all} test files: those without a server, a process or a thread`)
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=dot', ...tests]
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  process.exitCode = status ?? 1
}
