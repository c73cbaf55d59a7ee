import type { CommonDictionary } from '@jejak/competency/figures/standard'
import { everyones } from '@jejak/competency/standards'
import { type Fact, named } from '@jejak/history/fact'
import { dictionaryKey, dictionaryPrefix } from './keys.ts'
import { knownBy } from './posted.ts'
import type { Document } from './reads.ts'
import type { ReadModel } from './versions.ts'

/** What one event says, as far as default standards go by it. */
type Part = { readonly frameworkId: string; readonly time: string } & (
  | {
      readonly series: string
      readonly validFrom: string
      readonly competencies: readonly string[]
    }
  | { readonly competency: string }
  | { readonly retired: string; readonly since: string }
)

const isCommon = ({ kind }: { readonly kind: string }): boolean =>
  kind === 'manajerial' || kind === 'sosial-kultural'

/** A dictionary may have 900 technical competencies, of which default standards need none. */
export const dictionaryDocuments = (fact: Fact): readonly Document[] => {
  const part = partOf(fact)
  return part ? [[dictionaryKey(part.frameworkId, fact.version), part]] : []
}

const partOf = (fact: Fact): Part | undefined => {
  const { time } = fact
  const [published] = named([fact], 'FrameworkPublished')
  if (published) {
    const { frameworkId, series, validFrom, competencies = [] } = published.data
    const common = competencies.filter(isCommon).map(({ code }) => code)
    return { frameworkId, time, series, validFrom, competencies: common }
  }
  const [defined] = named([fact], 'CompetencyDefined')
  if (defined) {
    const { frameworkId, code: competency } = defined.data
    return isCommon(defined.data) ? { frameworkId, time, competency } : undefined
  }
  const [over] = named([fact], 'CompetencyRetired')
  if (!over) return undefined
  const { frameworkId, competency: retired, since } = over.data
  return { frameworkId, time, retired, since }
}

/** The versions of the dictionary of every position, as they were known by a moment. */
export const commonDictionaries = async (
  readModel: ReadModel,
  knownAt: string | undefined,
): Promise<readonly CommonDictionary[]> => {
  const all = await Array.fromAsync(readModel.dump(dictionaryPrefix), ([, part]) => part as Part)
  const byFramework = Map.groupBy(knownBy(all, knownAt), ({ frameworkId }) => frameworkId)
  return [...byFramework].flatMap(([frameworkId, parts]) => {
    const header = parts.find(part => 'series' in part)
    if (header?.series !== everyones.framework) return []
    const defined = parts.flatMap(part => ('competency' in part ? [part.competency] : []))
    // What was said last of a competency counts.
    const since = new Map(
      parts.flatMap(p => ('retired' in p ? [[p.retired, p.since] as const] : [])),
    )
    const retired = [...since].map(([competency, since]) => ({ competency, since }))
    const competencies = [...header.competencies, ...defined]
    return [{ frameworkId, validFrom: header.validFrom, competencies, retired }]
  })
}
