import { type PublisherHistory, streamEvents } from '@jejak/consumer/port'
import type { RecordedEvent } from '@jejak/eventsourcing/log'
import { batchesOf } from '@jejak/eventsourcing/projection'
import type { ExportKind, ExportRow } from '@jejak/export/kind'
import { type CourseIds, courseOf } from '@jejak/history/certified'
import { enrollmentsIn } from '@jejak/history/doubles'
import { type Fact, factOf, type LogName, named } from '@jejak/history/fact'
import { referenceOf } from '@jejak/history/reference'
import { type PersonalDataPorts, personalDataOf } from '../personal-data.ts'
import type { PersonFacts } from '../read-model/person.ts'
import type { CompletedLine, Queries } from '../read-model/queries.ts'
import type { ExportQuery, LeftOut } from './export.ts'

export type RowPorts = PersonalDataPorts & {
  readonly queries: Pick<Queries, 'completed' | 'hadPeople' | 'person'>
  /** Reads the logs; each event is proven. */
  readonly proven: PublisherHistory
  /** The organiser of the courses. */
  readonly organizer: string
}

/** Input of one run of an export, and its counts. */
export type ExportRun = {
  readonly kind: Pick<ExportKind, 'rowOf' | 'needs'>
  readonly query: ExportQuery
  /** The day of which each NIP is, RFC 3339 full-date. */
  readonly day: string
  /** The sizes of the heads that the manifest names: what came later is left for the next. */
  readonly sizes: ReadonlyMap<LogName, number>
  /** Counts the completed courses that are not in it, by the reason. */
  readonly leftOut: LeftOut
  /** Counts the rows that lack what the ministry needs, by the field. */
  readonly lacking: Map<string, number>
  /** The records that are in a row. */
  readonly people: Set<string>
}

/**
 * A row for each completed course that has a certificate, unless that was revoked. The read model
 * only finds them: what a row says of a course comes from entries that are each proven.
 */
export async function* courseRows(ports: RowPorts, run: ExportRun): AsyncGenerator<ExportRow> {
  const { unit, year } = run.query
  const completed = ports.queries.completed({
    ...(unit !== undefined && { agency: unit }),
    ...(year !== undefined && { year }),
  })
  const courseInLogs = openCourses(ports.proven, run.sizes)
  for await (const lines of batchesOf(completed)) {
    const people = await peopleOf(ports, run, lines)
    const records = [...people].map(([, { asnIds, facts }]) => ({ asnId: asnIds[0] ?? '', facts }))
    const personal = await personalDataOf(ports, records, run.day)
    const owners = new Map([...people.keys()].map((asnId, at) => [asnId, personal[at]]))
    const courses = await Promise.all(lines.map(line => courseInLogs(line, people.get(line.asnId))))
    for (const [at, line] of lines.entries()) {
      const person = people.get(line.asnId)
      const course = courses[at]
      const owner = owners.get(line.asnId)
      if (course === 'later') continue
      if (course === 'revoked' || course === 'double') run.leftOut[course]++
      else if (course === undefined) run.leftOut.incomplete++
      else if (owner === undefined) run.leftOut.erased++
      else {
        run.people.add(person?.asnIds[0] ?? line.asnId)
        const { nip, bknId } = owner
        const bkn = bknId === undefined ? {} : { bkn: { person: bknId } }
        const row = run.kind.rowOf({ ...course, nip, organizer: ports.organizer, ...bkn })
        for (const field of Object.keys(run.kind.needs)) {
          if (!row[field]) run.lacking.set(field, (run.lacking.get(field) ?? 0) + 1)
        }
        yield row
      }
    }
  }
}

/** By the record of the line. Without facts that the heads do not prove. */
const peopleOf = async (
  { queries }: Pick<RowPorts, 'queries'>,
  { sizes }: ExportRun,
  lines: readonly CompletedLine[],
): Promise<ReadonlyMap<string, PersonFacts>> => {
  const asnIds = [...new Set(lines.map(({ asnId }) => asnId))]
  const found = await Promise.all(asnIds.map(asnId => queries.person(asnId)))
  return new Map(
    asnIds.flatMap((asnId, at) => {
      const person = found[at]
      if (!person) return []
      const facts = person.facts.filter(({ log, position }) => position < (sizes.get(log) ?? 0))
      return [[asnId, { ...person, facts }] as const]
    }),
  )
}

/** Courses by proven entries alone, up to the heads that the manifest names. */
const openCourses = (proven: PublisherHistory, sizes: ExportRun['sizes']) => {
  const factsAmong = (log: LogName, events: readonly RecordedEvent[]) =>
    events
      .filter(({ position }) => position < (sizes.get(log) ?? 0))
      .flatMap(({ position, entry }) => factOf(log, position, entry) ?? [])
  const factsIn = async (log: LogName, stream: string) =>
    factsAmong(log, await streamEvents(proven, log, stream))
  /** Many people share a programme and a cohort, whose first events say all about them. */
  const known = new Map<string, Promise<readonly Fact[]>>()
  const firstOf = (stream: string) => {
    const found = known.get(stream)
    if (found) return found
    const first = proven('enrollment', { stream, to: 1 })
    const facts = first.then(({ events }) => factsAmong('enrollment', events))
    known.set(stream, facts)
    return facts
  }
  const factsOfEnrollment = async ({ enrollmentId, certificateId }: Partial<CourseIds>) => [
    ...(await factsIn('enrollment', `enrollment/${enrollmentId}`)),
    ...(certificateId ? await factsIn('certification', `certificate/${certificateId}`) : []),
  ]
  /** Undefined also if it is somebody else's. */
  return async (ids: CourseIds, person: Pick<PersonFacts, 'asnIds' | 'facts'> | undefined) => {
    const own = await factsOfEnrollment(ids)
    const [nominated] = named(own, 'EnrollmentNominated')
    const [issued] = named(own, 'CertificateIssued')
    if (!nominated || !issued) return 'later'
    const { asnId, programId, cohortId } = nominated.data
    if (!person?.asnIds.includes(asnId) || issued.data.enrollmentId !== ids.enrollmentId) {
      return undefined
    }
    const others = enrollmentsIn(person.facts).filter(
      other => other.cohortId === cohortId && other.enrollmentId !== ids.enrollmentId,
    )
    const facts = await Promise.all(
      others.map(({ enrollmentId, certificate }) =>
        factsOfEnrollment({ enrollmentId, ...certificate?.data }),
      ),
    )
    const reference = [
      ...(await firstOf(`program/${programId}`)),
      ...(await firstOf(`cohort/${cohortId}`)),
    ]
    return courseOf([...own, ...facts.flat()], referenceOf(reference), ids)
  }
}
