import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import type { Place } from './subjects/subject.ts'
import type { Answer, Task } from './task.ts'

const child = new URL('workers/task.ts', import.meta.url)

/** Has a fresh process do it. */
export const run = (task: Task): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const worker = fork(child, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const name = `${task.subject} ${task.measure}`
    let said: { readonly answer?: Answer; readonly error?: string } = {}
    worker.once('message', message => {
      said = message as typeof said
    })
    worker.once('exit', (code, signal) => {
      if (said.answer) resolve(said.answer)
      else reject(new Error(`${name}: ${said.error ?? `ended with ${signal ?? code}`}`))
    })
    worker.send(task)
  })

/** Where everything of one benchmark is; each use has a place of its own that goes after it. */
export type Ground = { readonly folder: string; readonly mongo: string }

export const within = async <Result>(
  ground: Ground,
  use: (place: Place) => Promise<Result>,
): Promise<Result> => {
  const database = `bench-${randomUUID()}`
  const place = { folder: join(ground.folder, database), mongo: ground.mongo, database }
  await mkdir(place.folder, { recursive: true })
  try {
    return await use(place)
  } finally {
    await rm(place.folder, { recursive: true })
    const client = await MongoClient.connect(ground.mongo)
    // Its own, and those that were named after it.
    const { databases } = await client.db().admin().listDatabases({ nameOnly: true })
    const made = databases.map(({ name }) => name).filter(name => name.startsWith(database))
    for (const name of made) await client.db(name).dropDatabase()
    await client.close()
  }
}
