import { batchesOf } from '@jejak/eventsourcing/projection'
import type { ExportKind, ExportRow } from '@jejak/export/kind'
import { courseOf } from '@jejak/history/certified'
import type { LogName } from '@jejak/history/fact'
import { type PersonalDataPorts, personalDataOf } from '../personal-data.ts'
import type { PersonFacts } from '../read-model/person.ts'
import type { CompletedLine, Queries } from '../read-model/queries.ts'
import type { ExportQuery, LeftOut } from './export.ts'

export type RowPorts = PersonalDataPorts & {
  readonly queries: Pick<Queries, 'completed' | 'person'>
  /** The organiser of the courses. */
  readonly organizer: string
}

/** Input of one run of an export, and its counts. */
export type ExportRun = {
  readonly kind: Pick<ExportKind, 'rowOf'>
  readonly query: ExportQuery
  /** The sizes of the heads that the manifest names: what came later is left for the next. */
  readonly sizes: ReadonlyMap<LogName, number>
  /** Counts the completed courses that are not in it, by the reason. */
  readonly leftOut: LeftOut
  /** The records that are in a row. */
  readonly people: Set<string>
}

/** A row for each completed course that has a certificate, unless that was revoked. */
export async function* courseRows(ports: RowPorts, run: ExportRun): AsyncGenerator<ExportRow> {
  const { unit, year } = run.query
  const completed = ports.queries.completed({
    ...(unit !== undefined && { agency: unit }),
    ...(year !== undefined && { year }),
  })
  for await (const lines of batchesOf(completed)) {
    const people = await peopleOf(ports, run, lines)
    const records = [...people].map(([, { asnIds, facts }]) => ({ asnId: asnIds[0] ?? '', facts }))
    const personal = await personalDataOf(ports, records)
    const nips = new Map([...people.keys()].map((asnId, at) => [asnId, personal[at]?.nip]))
    for (const line of lines) {
      const person = people.get(line.asnId)
      // Undefined if a fact is missing, because its stream is parked.
      const course = person && courseOf(person.facts, person.reference, line)
      const nip = nips.get(line.asnId)
      if (course === 'later') continue
      if (course === 'revoked') run.leftOut.revoked++
      else if (course === undefined) run.leftOut.incomplete++
      else if (nip === undefined) run.leftOut.erased++
      else {
        run.people.add(person?.asnIds[0] ?? line.asnId)
        yield run.kind.rowOf({ ...course, nip, organizer: ports.organizer })
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
