import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'

const root = () => {
  const { XDG_CACHE_HOME: caches } = env
  return join(caches || join(homedir(), '.cache'), 'jejak')
}

/**
 * The folder of that name in the user's cache, filled once. The name carries the version: what is
 * in the cache is never changed.
 */
export const cached = async (
  name: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> => {
  const folder = join(root(), name)
  if (existsSync(folder)) return folder
  await mkdir(root(), { recursive: true })
  const scratch = await mkdtemp(join(root(), `${name}-`))
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
