import type { PersonalDataRead } from '@jejak/events/read-audit'
import type { EventLog, NewEvent } from '@jejak/eventsourcing/log'
import { v7 } from 'uuid'
import type { Call } from './call.ts'
import { appendError, attributesOf } from './write.ts'

/** The personal data that a call gives out. */
export type PersonalRead = {
  /** The people whose records are read, 1000 at most. */
  readonly asnIds: readonly string[]
  /** By name: `nip`, `birthDate`. */
  readonly fields: readonly string[]
  readonly purpose?: string
}

/** Resolves once the read is recorded, and throws if it can't be: then nothing is answered. */
export type RecordRead = (
  call: Pick<Call, 'principal' | 'correlationId'>,
  read: PersonalRead,
) => Promise<void>

export type ReadLog = {
  readonly log: Pick<EventLog, 'append'>
  /** Encodes with the catalogue of the service that writes the log. */
  readonly encode: (
    event: PersonalDataRead & { readonly type: 'PersonalDataRead' },
    id: string,
  ) => NewEvent
  readonly today: () => string
}

/** Records each read of personal data; an answer without any is not recorded. */
export const recordingReads =
  ({ log, encode, today }: ReadLog): RecordRead =>
  async (call, read) => {
    if (read.asnIds.length === 0 || read.fields.length === 0) return
    const { id: reader, agency } = call.principal
    // A service is no reader: the schema has no such role, and the log refuses the event.
    const role = call.principal.role as PersonalDataRead['role']
    const readId = v7()
    const who = { readId, reader, role, ...(agency && { agency }) }
    const given = { ...read, asnIds: [...read.asnIds], fields: [...read.fields] }
    const event = encode({ type: 'PersonalDataRead', ...who, ...given }, readId)
    const outcome = await log.append({
      stream: `access/${today()}`,
      expected: 'any',
      events: [{ ...event, attributes: attributesOf(call) }],
    })
    if (!('refused' in outcome)) return
    // The caller has sent nothing that is wrong.
    if (outcome.refused === 'Invalid') throw new Error(JSON.stringify(outcome.violations))
    throw appendError(outcome)
  }
