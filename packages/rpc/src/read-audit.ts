import { dayOf } from '@jejak/competency/calendar'
import { catalogueOf } from '@jejak/events/declaration'
import {
  type LogRead,
  type PersonalDataRead,
  packedIds,
  readAudit,
  readPeopleMax,
} from '@jejak/events/read-audit'
import type { EventLog } from '@jejak/eventsourcing/log'
import { v7 } from 'uuid'
import type { Call } from './call.ts'
import type { EntriesRead } from './gives-out.ts'
import { appendError, attributesOf } from './write.ts'

/** The personal data that a call gives out. */
export type PersonalRead = {
  readonly asnIds: readonly string[]
  /** By name: `nip`, `birthDate`. */
  readonly fields: readonly string[]
  readonly purpose?: string
}

type By = Pick<Call, 'principal' | 'correlationId'>

/** Each resolves once the read is recorded, and throws if it can't be: then nothing is answered. */
export type ReadAudit = {
  /** Answers without personal data are not recorded. */
  readonly people: (call: By, read: PersonalRead) => Promise<void>
  /** Resolves to the `readId`; what is `begun` ends. Services and empty reads are not recorded. */
  readonly entries: (call: By, read: EntriesRead, begun?: string) => Promise<string | undefined>
}

export type ReadAuditPorts = {
  /** The log of the service that gives the data out. */
  readonly log: Pick<EventLog, 'append'>
  readonly service: string
  /** Milliseconds since the epoch. */
  readonly clock: () => number
}

const hourMs = 3_600_000

/** Records who reads what, in the stream `access/<day>` of the service's own log. */
export const openReadAudit = ({ log, service, clock }: ReadAuditPorts): ReadAudit => {
  const { encode } = catalogueOf(service, readAudit)
  const memory = openMemory()

  const append = async (call: By, event: Parameters<typeof encode>[0], id: string) => {
    const outcome = await log.append({
      stream: `access/${dayOf(clock())}`,
      expected: 'any',
      events: [{ ...encode(event, id), attributes: attributesOf(call) }],
    })
    if (!('refused' in outcome)) return
    // The caller has sent nothing that is wrong.
    if (outcome.refused === 'Invalid') throw new Error(JSON.stringify(outcome.violations))
    throw appendError(outcome)
  }

  const people: ReadAudit['people'] = async (call, { asnIds, fields, purpose }) => {
    if (fields.length === 0) return
    // An hour ends at the same moment in Makassar: none of them is of two days.
    const until = new Date((Math.floor(clock() / hourMs) + 1) * hourMs).toISOString()
    const { id, role, agency } = call.principal
    const given = { fields: [...new Set(fields)].sort(), ...(purpose !== undefined && { purpose }) }
    const recorded = memory.recorded(until, JSON.stringify([id, role, agency, given]))
    const unknown = [...new Set(asnIds)].filter(asnId => !recorded.has(asnId))
    for (let from = 0; from < unknown.length; from += readPeopleMax) {
      const part = unknown.slice(from, from + readPeopleMax)
      const readId = v7()
      const who = whoOf(call, readId)
      const read: PersonalDataRead = { ...who, people: packedIds(part), ...given, until }
      await append(call, { type: 'PersonalDataRead', ...read }, readId)
      recorded.add(part)
    }
  }

  const entries: ReadAudit['entries'] = async (call, { log, stream, from, to }, begun) => {
    if (call.principal.role === 'service') return undefined
    if (begun === undefined && to !== undefined && to <= from) return undefined
    const readId = v7()
    const read: LogRead = {
      ...whoOf(call, readId),
      ...{ log, from, ...(stream !== undefined && { stream }), ...(to !== undefined && { to }) },
      ...(begun !== undefined && { begun }),
    }
    await append(call, { type: 'LogRead', ...read }, readId)
    return readId
  }

  return { people, entries }
}

const whoOf = ({ principal: { id: reader, role, agency } }: By, readId: string) => ({
  readId,
  reader,
  // A service is no reader: the schema has no such role, and the log refuses the event.
  role: role as LogRead['role'],
  ...(agency && { agency }),
})

/** So many people in this hour, 25 MB of memory at most. */
const rememberedMax = 250_000

/**
 * What is recorded of the present hour. Each event of it stands for all such reads up to its
 * `until`, so that recording one again says nothing new, and forgetting it costs an event and
 * nothing else. That is why reading in a loop does not fill the disk.
 */
const openMemory = () => {
  let hour = ''
  let size = 0
  const known = new Map<string, Set<string>>()
  const forget = () => {
    known.clear()
    size = 0
  }
  return {
    /** Whose read is recorded, up to `until` and by what `key` says of it. */
    recorded(until: string, key: string) {
      if (until !== hour) forget()
      hour = until
      return {
        has: (asnId: string) => known.get(key)?.has(asnId) === true,
        add(asnIds: readonly string[]) {
          if (until !== hour) return
          size += asnIds.length
          if (size > rememberedMax) return forget()
          const people = known.get(key) ?? new Set()
          for (const asnId of asnIds) people.add(asnId)
          known.set(key, people)
        },
      }
    },
  }
}
