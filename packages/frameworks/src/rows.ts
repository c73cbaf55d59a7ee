import {
  type CompetencyDictionary,
  type CompetencyKind,
  competencyKinds,
  type DescribedLevel,
  type DictionaryCompetency,
} from '@jejak/competency/dictionary'
import type { Faulty } from '@jejak/texts/framework-faults'
import type { HeaderOptions } from './case.ts'
import type { FileFault, ParsedFile } from './dictionary-file.ts'
import { officialScale } from './official-scale.ts'

/** A row of a table: a competency, and one thing that is seen at one of its levels. */
export type DictionaryRow = {
  readonly line: number
  readonly code: string
  readonly title?: string
  readonly kind?: string
  readonly description?: string
  readonly group?: string
  readonly level?: string
  readonly levelDescription?: string
  readonly indicator?: string
}

/** What the first row of a competency says; later ones may repeat it, or leave it empty. */
const repeated = ['title', 'kind', 'description', 'group'] as const

/** What a row says wrongly by itself, or otherwise than the first row of its competency. */
const faultsOf = (row: DictionaryRow, first: DictionaryRow): readonly FileFault[] => {
  const at = (field: string, fault: Faulty): FileFault => ({
    path: `${row.line}.${field}`,
    fault,
  })
  const { code, kind, level, indicator } = row
  const faults: FileFault[] = []
  if (row === first && !(row.title && kind)) {
    faults.push(at('title', { key: 'first-row-fields', values: { code } }))
  }
  if (kind !== undefined && !competencyKinds.some(known => known === kind)) {
    faults.push(at('kind', { key: 'one-of', values: { known: competencyKinds } }))
  }
  if (level !== undefined && !/^[1-5]$/.test(level)) {
    faults.push(at('level', { key: 'level-number', values: { value: level.slice(0, 20) } }))
  }
  if ((level === undefined) !== (indicator === undefined)) {
    faults.push(at('indicator', 'indicator-without-level'))
  }
  for (const field of repeated) {
    if (row[field] !== undefined && row[field] !== first[field]) {
      faults.push(at(field, { key: 'row-differs', values: { code, field } }))
    }
  }
  return faults
}

/** A dictionary of the rows of a table, with what no row can say of it; or all faults, by line. */
export const dictionaryOfRows = (
  rows: readonly DictionaryRow[],
  header: HeaderOptions & { readonly id: string },
): ParsedFile<{ readonly dictionary: CompetencyDictionary }> => {
  const byCode = Map.groupBy(rows, ({ code }) => code)
  const faults = [...byCode.values()].flatMap(own =>
    own.flatMap(row => faultsOf(row, own[0] as DictionaryRow)),
  )
  if (faults.length > 0) return { faults }
  const { id, title = id, legalBasis = '', validFrom = '', sample = false, series = id } = header
  const { version, replaces } = header
  const competencies = [...byCode.values()].map(competencyOfRows)
  const conduct = competencies.every(({ kind }) => kind === 'perilaku')
  return {
    dictionary: {
      frameworkId: id,
      title,
      legalBasis,
      validFrom,
      sample,
      series,
      ...(version && { version }),
      ...(replaces && { replaces }),
      scale: conduct ? [] : officialScale(),
      competencies,
    },
  }
}

const competencyOfRows = (rows: readonly DictionaryRow[]): DictionaryCompetency => {
  const { code, title = '', kind, description, group } = rows[0] as DictionaryRow
  const byLevel = Map.groupBy(
    rows.filter(({ level }) => level !== undefined),
    ({ level }) => Number(level),
  )
  const levels = [...byLevel]
    .toSorted(([a], [b]) => a - b)
    .map(([level, own]): DescribedLevel => {
      const text = own.find(({ levelDescription }) => levelDescription)?.levelDescription
      const indicators = own.flatMap(({ indicator }) => indicator ?? [])
      return { level, ...(text && { description: text }), indicators }
    })
  return {
    code,
    title,
    kind: kind as CompetencyKind,
    ...(description && { description }),
    ...(group && { group }),
    ...(levels.length > 0 && { levels }),
  }
}
