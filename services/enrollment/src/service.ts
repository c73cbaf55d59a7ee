import { dayOf } from '@jejak/competency/calendar'
import { enrollmentEvents } from '@jejak/events/enrollment'
import type { EventLog } from '@jejak/eventsourcing/log'
import { type ProjectionStore, project } from '@jejak/eventsourcing/projection'
import { refuseErased, type Vault } from '@jejak/privacy/vault'
import type { Implementation } from '@jejak/rpc/implement'
import { recordingReads } from '@jejak/rpc/read-audit'
import { type Employees, openDirectory } from './directory.ts'
import { employeeRpc } from './employee-rpc.ts'
import { enrollmentRpc } from './enrollment-rpc.ts'
import { chunks, type Lists, lists, openLists } from './lists.ts'
import { programRpc } from './program-rpc.ts'
import { openEnrollmentStreams } from './streams.ts'

export type ServicePorts = {
  readonly log: EventLog
  /** The log's origin. */
  readonly source: string
  readonly vault: Vault
  /** Of the lists; they can be built again from the log. */
  readonly store: ProjectionStore
  /** Milliseconds since the epoch. */
  readonly clock: () => number
}

export type EnrollmentService = {
  readonly implementations: readonly Implementation[]
  readonly employees: Employees
  /** Stops what it does by itself. The ports stay open. */
  readonly close: () => Promise<void>
}

/** Resolves once the vault has no key of anybody who is erased: before, it must not serve. */
export const enrollmentService = async (ports: ServicePorts): Promise<EnrollmentService> => {
  const { log, source, vault, store, clock } = ports
  const streams = openEnrollmentStreams(log, source)
  const today = () => dayOf(clock())
  const directory = openDirectory(streams.employees, vault, today)
  const { encode } = enrollmentEvents
  const recordRead = recordingReads({ log, encode, today })
  const serving = { streams, directory, vault, lists: openLists(log, store), today, recordRead }
  await finishErasures(serving.lists, vault)
  const closing = new AbortController()
  // A list comes to the end of the log before it answers, and says what is wrong: this only keeps
  // that short.
  const following = project(log, store, lists, closing.signal).catch(() => {})
  return {
    implementations: [employeeRpc(serving), programRpc(serving), enrollmentRpc(serving)],
    employees: directory,
    close: async () => {
      closing.abort()
      await following
    },
  }
}

const subjectsMax = 256

const finishErasures = async (
  { ids }: Pick<Lists, 'ids'>,
  vault: Pick<Vault, 'keys' | 'erase'>,
): Promise<void> => {
  for await (const subjects of chunks(ids(['erased']), subjectsMax)) {
    await refuseErased(vault, subjects)
  }
}
