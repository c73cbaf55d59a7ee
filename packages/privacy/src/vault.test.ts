import { randomBytes, randomUUID } from 'node:crypto'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describeMongo } from '@jejak/local/suites'
import { type Document, MongoClient } from 'mongodb'
import { durableContract } from './durable-contract.ts'
import { type MemoryRows, memoryVault } from './memory-vault.ts'
import { mongoVault } from './mongo-vault.ts'
import { sqliteVault } from './sqlite-vault.ts'
import { vaultContract } from './vault-contract.ts'

const wrappingKey = randomBytes(32)

vaultContract('memory', async () => {
  let rows: MemoryRows = { keys: new Map(), nips: new Map() }
  return {
    open: async () => memoryVault(rows),
    copy: async () => {
      const copied = { keys: new Map(rows.keys), nips: new Map(rows.nips) }
      return async () => {
        rows = copied
      }
    },
    remove: async () => {},
  }
})

const onSqlite = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jejak-'))
  const path = join(folder, 'vault.db')
  return {
    open: (key: Uint8Array = wrappingKey) => sqliteVault(path, key),
    copy: async () => {
      copyFileSync(path, join(folder, 'copy'))
      return async () => copyFileSync(join(folder, 'copy'), path)
    },
    stolen: async () =>
      Buffer.concat(readdirSync(folder).map(file => readFileSync(join(folder, file)))),
    wrapped: async (subject: string) => {
      const db = new DatabaseSync(path, { readOnly: true })
      const row = db.prepare('select wrapped from keys where subject = ?').get(subject)
      db.close()
      return Buffer.from(row?.['wrapped'] as Uint8Array)
    },
    swap: async (one: string, other: string) => {
      const db = new DatabaseSync(path)
      const move = db.prepare('update keys set subject = ? where subject = ?')
      for (const [from, to] of [
        [one, 'x'],
        [other, one],
        ['x', other],
      ])
        move.run(to ?? '', from ?? '')
      db.close()
    },
    remove: async () => rmSync(folder, { recursive: true }),
  }
}
vaultContract('node:sqlite', onSqlite)
durableContract('node:sqlite', onSqlite)

describeMongo('on a real server', ({ url }) => {
  const onMongo = async () => {
    const database = `vault-${randomUUID()}`
    const client = await new MongoClient(url).connect()
    const subjects = client.db(database).collection<Document & { _id: string }>('subjects')
    return {
      open: (key: Uint8Array = wrappingKey) => mongoVault(url, database, key),
      copy: async () => {
        const copied = await subjects.find().toArray()
        return async () => {
          await subjects.deleteMany({})
          await subjects.insertMany(copied)
        }
      },
      stolen: async () => {
        const raw = await subjects.find({}, { raw: true }).toArray()
        return Buffer.concat(raw as unknown as Uint8Array[])
      },
      wrapped: async (subject: string) =>
        Buffer.from((await subjects.findOne({ _id: subject }))?.['key'].wrapped.buffer),
      swap: async (one: string, other: string) => {
        const [first, second] = await Promise.all(
          [one, other].map(_id => subjects.findOne({ _id })),
        )
        await subjects.updateOne({ _id: one }, { $set: { key: second?.['key'] } })
        await subjects.updateOne({ _id: other }, { $set: { key: first?.['key'] } })
      },
      remove: async () => {
        await client.db(database).dropDatabase()
        await client.close()
      },
    }
  }
  vaultContract('MongoDB', onMongo)
  durableContract('MongoDB', onMongo)
})
