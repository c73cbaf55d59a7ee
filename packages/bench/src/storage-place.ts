import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import type { StoragePlace } from './subjects/subject.ts'

/** The folder and the MongoDB of a benchmark's data. */
export type BenchStorage = { readonly folder: string; readonly mongo: string }

/** Makes a folder and a database for one use, and removes them after it. */
export const withPlace = async <Result>(
  storage: BenchStorage,
  use: (place: StoragePlace) => Promise<Result>,
): Promise<Result> => {
  const database = `bench-${randomUUID()}`
  const place = { folder: join(storage.folder, database), mongo: storage.mongo, database }
  await mkdir(place.folder, { recursive: true })
  try {
    return await use(place)
  } finally {
    await rm(place.folder, { recursive: true })
    const client = await MongoClient.connect(storage.mongo)
    // Its own database, and those of services, whose names begin with it.
    const { databases } = await client.db().admin().listDatabases({ nameOnly: true })
    const made = databases.map(({ name }) => name).filter(name => name.startsWith(database))
    for (const name of made) await client.db(name).dropDatabase()
    await client.close()
  }
}
