import { type SiasnKursus, siasnKursus } from '@jejak/export/siasn-kursus'
import { courseOf } from '@jejak/history/certified'
import type { LogName } from '@jejak/history/fact'
import { type PersonalDataPorts, personalDataOf } from '../personal-data.ts'
import { batches } from '../read-model/batches.ts'
import type { PersonFacts } from '../read-model/person.ts'
import type { CompletedLine, Queries } from '../read-model/queries.ts'

export type ExportQuery = { readonly unit?: string; readonly year?: number }

/** Completed courses that are not in an export, by why. */
export type LeftOut = { erased: number; revoked: number; incomplete: number }

export type RowPorts = PersonalDataPorts & {
  readonly queries: Pick<Queries, 'completed' | 'person'>
  /** Who has trained them. */
  readonly organizer: string
}

export type Asked = {
  readonly query: ExportQuery
  /** The sizes of the heads that the export names: what came later is left for the next. */
  readonly sizes: ReadonlyMap<LogName, number>
  /** Counts what is left out. */
  readonly leftOut: LeftOut
  /** Told of each record that is in a row. */
  readonly onPerson: (asnId: string) => void
}

/** A row for each completed course that has a certificate, which was not revoked. */
export async function* courseRows(ports: RowPorts, asked: Asked): AsyncGenerator<SiasnKursus> {
  const { unit, year } = asked.query
  const completed = ports.queries.completed({
    ...(unit !== undefined && { agency: unit }),
    ...(year !== undefined && { year }),
  })
  for await (const lines of batches(completed)) {
    const people = await peopleOf(ports, asked, lines)
    const known = [...people].map(([, { asnIds, facts }]) => ({ asnId: asnIds[0] ?? '', facts }))
    const personal = await personalDataOf(ports, known)
    const nips = new Map([...people.keys()].map((asnId, at) => [asnId, personal[at]?.nip]))
    for (const line of lines) {
      const person = people.get(line.asnId)
      // Undefined of what is not whole, because a stream is parked.
      const course = person && courseOf(person.facts, person.reference, line)
      const nip = nips.get(line.asnId)
      if (course === 'later') continue
      if (course === 'revoked') asked.leftOut.revoked++
      else if (course === undefined) asked.leftOut.incomplete++
      else if (nip === undefined) asked.leftOut.erased++
      else {
        asked.onPerson(person?.asnIds[0] ?? line.asnId)
        yield siasnKursus({ ...course, nip, organizer: ports.organizer })
      }
    }
  }
}

/** By the records that were asked for, and no fact that the heads don't prove. */
const peopleOf = async (
  { queries }: Pick<RowPorts, 'queries'>,
  { sizes }: Asked,
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
