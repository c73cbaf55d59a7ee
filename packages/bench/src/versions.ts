import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { MongoClient } from 'mongodb'
import type { Versions } from './report.ts'
import { peerVersion } from './subjects/peers.ts'

type Package = { readonly version: string }

const ours = createRequire(import.meta.url)
const versionIn = (file: string) => (JSON.parse(readFileSync(file, 'utf8')) as Package).version

/** What the numbers were measured with. */
export const versionsOf = async (url: string): Promise<Versions> => {
  const { node, sqlite = '' } = process.versions
  const client = await MongoClient.connect(url)
  const { version: mongod } = await client.db('admin').command({ buildInfo: 1 })
  await client.close()
  return {
    jejak: versionIn(ours.resolve('../../../package.json')),
    node,
    sqlite,
    mongod: String(mongod),
    'mongodb driver': versionIn(ours.resolve('mongodb/package.json')),
    'emmett-mongodb': peerVersion('@event-driven-io/emmett-mongodb'),
    'emmett-sqlite': peerVersion('@event-driven-io/emmett-sqlite'),
    processor: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
  }
}
