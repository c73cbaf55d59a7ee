import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { withPlace } from '../storage-place.ts'
import type { StoragePlace } from '../subjects/subject.ts'
import type { Suite } from '../suite.ts'
import { eventsPerPerson, trainingServices } from '../training-logs.ts'
import { runWorker } from '../worker-process.ts'
import type { CatchUpAnswer, CatchUpTask } from '../workers/catch-up.ts'
import type { Publish, Published } from '../workers/catch-up-publisher.ts'

/**
 * A new read model of reporting on MongoDB, from logs of other services that it reads over gRPC,
 * beside its lower bounds: reading the same logs, and writing as many documents.
 */
export const catchUpSuite: Suite = async (storage, { catchUpEvents }, _, during) => {
  const people = Math.ceil(catchUpEvents / eventsPerPerson)
  await withPlace(storage, async logs => {
    const measured = (measure: CatchUpTask['measure'], address: string, place: StoragePlace) =>
      runWorker<CatchUpTask, CatchUpAnswer>(child, { measure, logs, place, address, people })
    await measured('fill', '', logs)
    const step = (measure: CatchUpTask['measure'], subject: string) => () =>
      withPlace(storage, place =>
        publishing({ place: logs, services: trainingServices }, async address => {
          const { events, seconds, mib } = await measured(measure, address, place)
          return [
            { subject, clients: 1, unit: 'events/s' as const, value: events / seconds },
            { subject, clients: 1, unit: 'MiB at most' as const, value: mib },
          ]
        }),
      )
    await during([
      step('read', 'bare-grpc-read'),
      step('insert', 'bare-mongo-insert'),
      step('bootstrap', 'reporting-first-start'),
      step('rebuild', 'reporting-rebuild'),
    ])
  })
}

const child = new URL('../workers/catch-up.ts', import.meta.url)
const publisher = new URL('../workers/catch-up-publisher.ts', import.meta.url)

/** Each measurement has a publisher of its own, with empty caches. */
const publishing = async <Result>(
  publish: Publish,
  use: (address: string) => Promise<Result>,
): Promise<Result> => {
  const server: ChildProcess = fork(publisher, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  try {
    server.send(publish)
    const [{ port }] = (await once(server, 'message')) as [Published]
    return await use(`127.0.0.1:${port}`)
  } finally {
    server.disconnect()
    await once(server, 'exit')
  }
}
