import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { within } from '../ground.ts'
import type { Place } from '../subjects/subject.ts'
import type { Suite } from '../suite.ts'
import { eventsPerPerson, services } from '../training.ts'
import type { CatchUpAnswer, CatchUpTask } from '../workers/catch-up.ts'
import type { Publish, Published } from '../workers/publisher.ts'
import { answerOf } from './rebuild.ts'

/**
 * A new read model of reporting on MongoDB, of logs that others have there and are read over gRPC,
 * beside what it can't be faster than: the reading of them, and the writing of as many documents.
 */
export const catchUp: Suite = async (ground, { catchUpEvents }, _, during) => {
  const people = Math.ceil(catchUpEvents / eventsPerPerson)
  await within(ground, async logs => {
    const measured = (measure: CatchUpTask['measure'], address: string, place: Place) =>
      answerOf<CatchUpTask, CatchUpAnswer>(child, { measure, logs, place, address, people })
    await measured('fill', '', logs)
    const step = (measure: CatchUpTask['measure'], subject: string) => () =>
      within(ground, place =>
        publishing({ place: logs, services }, async address => {
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
const publisher = new URL('../workers/publisher.ts', import.meta.url)

/** Each measurement has a publisher of its own, which has nothing in its caches. */
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
