import { setTimeout as sleep } from 'node:timers/promises'
import {
  consumersIn,
  documentsAnew,
  documentsIn,
  todosIn,
} from '@jejak/embedded/testing/rebuilt-read-models'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import { each, type StackServiceName, serviceNames } from '@jejak/local/stack-environment'
import { relayed } from '@jejak/messaging/relay'
import { databaseOf } from '@jejak/standalone/service'
import { openReading, type Reading } from '@jejak/storage/log/reading'
import { mongoProjections } from '@jejak/storage/mongo/projections'
import { mongoStore } from '@jejak/storage/mongo/store'
import { differences } from './differences.ts'

/** The logs and projections of the services in MongoDB, read while the services run. */
export type StackStores = {
  readonly logs: ReadonlyMap<string, Reading>
  readonly stores: Readonly<Record<StackServiceName, ProjectionStore>>
  readonly close: () => Promise<void>
}

export const openStackStores = async (url: string): Promise<StackStores> => {
  const open = <T>(store: (url: string, database: string) => Promise<T>) =>
    Promise.all(serviceNames.map(name => store(url, databaseOf(name))))
  const [logs, stores] = [await open(mongoStore), await open(mongoProjections)]
  return {
    logs: new Map(serviceNames.map((name, i) => [name, openReading(logs[i] as (typeof logs)[0])])),
    stores: each((_, at) => stores[at] as ProjectionStore),
    async close() {
      for (const { close } of [...logs, ...stores]) await close()
    },
  }
}

const idleWithinMs = 90_000
const lookEveryMs = 200

/** Waits until services have no work left. Answers the work that is left after the time limit. */
export const untilIdle = async (stores: StackStores): Promise<readonly string[]> => {
  for (const began = Date.now(); ; ) {
    const left = await pendingWork(stores).catch(error => [String(error)])
    if (left.length === 0 || Date.now() - began > idleWithinMs) return left
    await sleep(lookEveryMs)
  }
}

const pendingWork = async ({ logs, stores }: StackStores): Promise<string[]> => {
  const left: string[] = []
  const look = async (service: StackServiceName, projection: string, log: string) => {
    const { position } = await stores[service].cursor(projection, log)
    const size = (await logs.get(log)?.size()) ?? 0
    if (position < size) left.push(`${projection} is at ${position} of ${size} of ${log}`)
  }
  // In this order a log that grows meanwhile shows up as work left.
  for (const { service, name, logs } of await consumersIn(stores)) {
    for (const log of logs) await look(service, name, log)
    if (service !== 'certification') continue
    for (const key of await todosIn(stores)) left.push(`${service} has not done ${key}`)
  }
  for (const log of serviceNames) await look(log, relayed, log)
  return left
}

/** Differences of read models from those that the logs alone make. */
export const readModelDifferences = async ({
  logs,
  stores,
}: StackStores): Promise<readonly string[]> =>
  documentsAnew(logs).then(
    async documents => differences(await documentsIn(stores), documents),
    error => [String(error)],
  )
