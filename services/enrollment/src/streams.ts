import { enrollmentEvents } from '@jejak/events/enrollment'
import type { Decider } from '@jejak/eventsourcing/decider'
import type { EventLog, RequestQuery } from '@jejak/eventsourcing/log'
import { type Codec, streamsOfKind } from '@jejak/eventsourcing/transact'
import { sealing } from '@jejak/privacy/seal'
import { assessor } from './assessors/assessor.ts'
import { career } from './career/career.ts'
import { claim, type Provenance } from './claims/claim.ts'
import { employee } from './employee.ts'
import { enrollment } from './enrollment.ts'
import { learning } from './learning/learning.ts'
import { cohort } from './programs/cohort.ts'
import { program } from './programs/program.ts'
import { agency } from './registers/agency.ts'
import { ruleSets } from './registers/rule-set.ts'
import { subjectRequest } from './subject-request.ts'

/** The streams of this service, by kind. `source` is the log's origin. */
export const openEnrollmentStreams = (log: EventLog, source: string) => ({
  employees: streamsOfKind(
    log,
    'employee',
    employee,
    sealing(noting(employee, ['EmployeePosted', 'SubjectErased']), source),
  ),
  programs: streams(log, 'program', program, source),
  cohorts: streams(log, 'cohort', cohort, source),
  enrollments: streams(log, 'enrollment', enrollment, source),
  subjectRequests: streams(log, 'subject-request', subjectRequest, source),
  agencies: streams(log, 'agency', agency, source),
  assessors: streams(log, 'assessor', assessor, source),
  learning: streams(log, 'learning', learning, source),
  careers: streams(log, 'career', career, source),
  claims: streamsOfKind(log, 'claim', claim, sealing(noting(claim), source)),
  ruleSets: streamsOfKind(log, 'rule-set', ruleSets, sealing(noting(ruleSets), source)),
  recall: (request: RequestQuery) => log.recall(request),
})

export type EnrollmentStreams = ReturnType<typeof openEnrollmentStreams>

const streams = <State, Event extends { readonly type: string }>(
  log: EventLog,
  kind: string,
  decider: Decider<State, Event>,
  source: string,
) => streamsOfKind(log, kind, decider, sealing(codecOf(decider), source))

/** The codec of one kind of stream: only the events that its decider knows. */
const codecOf = <State, Event extends { readonly type: string }>(
  decider: Decider<State, Event>,
): Codec<Event> => {
  const codec = enrollmentEvents as unknown as Codec<Event>
  const isOurs = (event: Event) => Object.hasOwn(decider.evolve, event.type)
  return {
    encode: codec.encode,
    lift: (entry, bytes) => {
      const event = codec.lift(entry, bytes)
      return event && isOurs(event) ? event : undefined
    },
  }
}

/** Adds where an event comes from, of all or of some types: what follows from it names it. */
const noting = <State, Event extends { readonly type: string; readonly from?: Provenance }>(
  decider: Decider<State, Event>,
  types?: readonly Event['type'][],
): Codec<Event> => {
  const { encode, lift } = codecOf(decider)
  return {
    encode,
    lift(entry, bytes) {
      const event = lift(entry, bytes)
      if (!event || types?.includes(event.type) === false) return event
      const { id, time, actor, correlationid } = entry
      const attributes = Object.fromEntries(
        Object.entries({ actor, correlationid }).filter(([, value]) => typeof value === 'string'),
      ) as Provenance['attributes']
      return { ...event, from: { id, time, attributes } }
    },
  }
}
