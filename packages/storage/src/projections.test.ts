import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectionContract } from '@jejak/eventsourcing/projection-contract'
import { describeMongo } from '@jejak/local/suites'
import { MongoClient } from 'mongodb'
import { memoryProjections } from './memory-projections.ts'
import { mongoProjections } from './mongo/projections.ts'
import { sqliteProjections, sqliteProjectionsApart } from './sqlite/projections.ts'

projectionContract('memory', async () => {
  const models = new Map()
  return { open: async () => memoryProjections(models), remove: async () => {} }
})

for (const [name, open] of [
  ['node:sqlite', sqliteProjections],
  ['node:sqlite, written by a thread', sqliteProjectionsApart],
] as const) {
  projectionContract(name, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'jejak-'))
    return {
      open: async () => open(join(folder, 'models')),
      remove: async () => rmSync(folder, { recursive: true }),
    }
  })
}

describeMongo('on a real server', ({ url }) => {
  projectionContract('MongoDB', async () => {
    const database = `models-${randomUUID()}`
    return {
      open: () => mongoProjections(url, database),
      remove: async () => {
        const client = new MongoClient(url)
        await client.db(database).dropDatabase()
        await client.close()
      },
    }
  })
})
