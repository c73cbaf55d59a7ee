import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Principal } from '@jejak/access/principal'
import type { Grant } from '@jejak/access/token'
import { exportLog } from '@jejak/audit/log/export-log'
import { serveHttp } from '@jejak/embedded/http'
import { type Clients, eventually, openTestbed } from '@jejak/embedded/testing/testbed'
import { openDataSource } from '@jejak/replay/source'
import { keysFolder } from '@jejak/storage/data-folder'

/** Somebody with a token. */
export type Caller = Principal & { readonly token: string }

/** Running services: what random histories are played on. */
export type Installation = {
  readonly issue: (grant: Grant) => Promise<Caller>
  readonly as: (caller: Caller) => Clients
  /** Address of the reports: `127.0.0.1:8080`. */
  readonly http: string
  /** Resolves once the services have nothing left to consume or to do. */
  readonly settled: () => Promise<void>
  /** Exports the log of each service, to a folder each. */
  readonly exportLogs: () => Promise<readonly string[]>
  /** Everything that a test writes. */
  readonly folder: string
  /** By the clock of the services, in milliseconds. */
  readonly now: () => number
  /** Lets time pass, if the clock can be moved. */
  readonly pass: (ms: number) => void
  readonly close: () => Promise<void>
}

export const services = ['enrollment', 'assessment', 'certification', 'reporting'] as const

const dayMs = 86_400_000
/** Two days ago: histories have room to let time pass, and nothing is of a day that is to come. */
export const startMs = Date.now() - 2 * dayMs

/** The services in this process. */
export const openOneProcess = async (): Promise<Installation> => {
  let now = startMs
  const clock = () => now
  const bed = await openTestbed({ clock, clockOf: () => clock })
  const { data, folder } = bed
  const http = await serveHttp('127.0.0.1:0', { ready: () => true, reports: bed.reports })
  return {
    folder,
    http: `127.0.0.1:${http.port}`,
    issue: async grant => {
      const { token, principal } = bed.tokens.issue(grant)
      return { token, ...principal }
    },
    as: ({ token }) => bed.as(token),
    settled: async () => {
      await eventually(bed.idle)
    },
    exportLogs: () =>
      exportingLogs(join(folder, 'exported'), keysFolder(data), name => openDataSource(data, name)),
    now: clock,
    pass: ms => {
      now += ms
    },
    close: async () => {
      await http.close()
      await bed.close()
    },
  }
}

/** Writes the same as `jejak log export`. */
export const exportingLogs = async (
  directory: string,
  keys: string,
  open: (service: string) => ReturnType<typeof openDataSource>,
): Promise<readonly string[]> => {
  mkdirSync(directory, { recursive: true })
  const folders: string[] = []
  for (const service of services) {
    const source = await open(service)
    const folder = join(directory, service)
    await exportLog(source, folder, { keys })
    await source.close()
    folders.push(folder)
  }
  return folders
}
