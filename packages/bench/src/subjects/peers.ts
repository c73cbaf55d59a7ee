import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../peers', import.meta.url))
const lock = join(folder, 'package-lock.json')
const installed = join(folder, 'node_modules/.installed')

/** Installs the peers, once for each state of their lockfile. */
export const installPeers = (say: (line: string) => void) => {
  if (existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(lock, 'utf8'))
    return
  say('installing the peers in packages/bench/peers: 1 to 2 minutes where sqlite3 has to be built')
  // If its binary cannot be fetched, sqlite3 is built against the headers of this Node.
  const headers = dirname(dirname(process.execPath))
  const built = existsSync(join(headers, 'include/node/node_api.h'))
  execFileSync('npm', ['ci', '--prefix', folder, '--no-fund', '--no-audit', '--loglevel=error'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...(built && { npm_config_nodedir: headers }) },
  })
  copyFileSync(lock, installed)
}

/** The version of a peer, or of one of its dependencies. */
export const peerVersion = (name: string): string => {
  const file = join(folder, 'node_modules', name, 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version
}
