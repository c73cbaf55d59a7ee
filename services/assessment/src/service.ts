import { dayOf } from '@jejak/competency/calendar'
import { dictionaries as builtIn } from '@jejak/competency/dictionary'
import type { EventLog } from '@jejak/eventsourcing/log'
import type { SubjectKeys } from '@jejak/privacy/vault'
import type { Implementation } from '@jejak/rpc/implement'
import { assessmentRpc } from './assessment-rpc.ts'
import { recordBuiltIn } from './built-in.ts'
import { openDictionaries } from './dictionaries.ts'
import { frameworkRpc } from './framework-rpc.ts'
import { type Employees, openPeople } from './people.ts'
import { openAssessmentStreams } from './streams.ts'

export type AssessmentServicePorts = {
  readonly log: EventLog
  /** The log's origin. */
  readonly source: string
  readonly employees: Employees
  readonly keys: SubjectKeys
  /** Milliseconds since the epoch. */
  readonly clock: () => number
  /** Told of bugs that a caller sees no more of than INTERNAL. */
  readonly failed?: (error: unknown) => void
}

export type AssessmentService = {
  readonly implementations: readonly Implementation[]
  /** Nothing runs by itself here; the ports stay open. */
  readonly close: () => Promise<void>
}

/** Resolves once the log has the dictionaries and standards that come with the program. */
export const assessmentService = async (
  ports: AssessmentServicePorts,
): Promise<AssessmentService> => {
  const { log, source, employees, keys, clock, failed } = ports
  const streams = openAssessmentStreams(log, source)
  await recordBuiltIn(streams)
  const dictionaries = openDictionaries(log, streams)
  // To be suggested to who misspells one.
  await Promise.all(builtIn.map(({ frameworkId }) => dictionaries.find(frameworkId)))
  const today = () => dayOf(clock())
  const serving = { streams, dictionaries, people: openPeople(employees), keys, today, failed }
  return {
    implementations: [assessmentRpc(serving), frameworkRpc(serving)],
    close: async () => {},
  }
}
