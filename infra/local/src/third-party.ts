import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cached } from './cache.ts'
import { runProgram } from './run.ts'

/**
 * A folder for PYTHONPATH with the packages of a requirements file, installed once. The name
 * carries their versions.
 */
export const pythonPackages = (name: string, requirements: string): Promise<string> =>
  cached(name, async target => {
    const options = ['--quiet', '--target', target, '-r', requirements]
    await runProgram('python3', ['-m', 'pip', 'install', ...options])
  })

/** The path of a Go program, built once for each state of its source and each version of Go. */
export const goProgram = async (source: string): Promise<string> => {
  const state = createHash('sha256').update((await runProgram('go', ['version'])).stdout)
  for (const file of (await readdir(source)).toSorted()) {
    state.update(file).update(await readFile(join(source, file)))
  }
  const name = `go-${state.digest('hex').slice(0, 16)}`
  const folder = await cached(name, async target => {
    await runProgram('go', ['build', '-o', join(target, 'program'), '.'], source)
  })
  return join(folder, 'program')
}
