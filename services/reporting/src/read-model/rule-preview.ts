import { dayOf } from '@jejak/competency/calendar'
import { batchesOf } from '@jejak/eventsourcing/projection'
import { historyOf } from '@jejak/history/history'
import { personRecordsOf } from '@jejak/history/person-records'
import { checkRuleSet } from '@jejak/rules/built-in'
import type { DatedRules } from '@jejak/rules/kinds'
import type { ParsedRuleSet } from '@jejak/rules/rule-set-file'
import { type AdoptedRuleSet, ruleSetsOf } from '@jejak/rules/rule-sets'
import { measuredAs } from './gaps.ts'
import { type PersonFacts, readPerson } from './person.ts'
import { standardsBy } from './person-gaps.ts'
import { everybody, peopleAt } from './posted.ts'
import { adoptedRules, type NamedRules, namedRules } from './rules.ts'
import type { ReadModel } from './versions.ts'

export type PreviewQuery = {
  /** The text of the file that may be adopted. */
  readonly content: string
  /** Whose figures; those of everybody if not given. */
  readonly agency?: string | undefined
  /** The day of the figures; the first day of the set, or today if that has passed. */
  readonly asOf?: string | undefined
}

/** One figure of a person, by what holds and by what would hold; absent where there is none. */
export type ChangedFigure = {
  readonly figure: FigureName
  /** What it is of: a competency with its dictionary, a purpose of categories, a year. */
  readonly of: string
  readonly from?: string | number
  readonly to?: string | number
}

export type FigureName = 'level' | 'required' | 'match' | 'category' | 'hours'

export type ChangedPerson = {
  readonly asnId: string
  readonly figures: readonly ChangedFigure[]
}

/** How many people have the same change. */
export type ChangeSum = ChangedFigure & { readonly people: number }

export type RulePreview = {
  readonly asOf: string
  readonly agency?: string | undefined
  readonly ruleSet: NamedRules
  /** The set that holds now on that day. */
  readonly replaces?: NamedRules
  /** People who were looked at. */
  readonly people: number
  readonly changed: number
  /** The most frequent first. */
  readonly sums: readonly ChangeSum[]
  /** The first of those who change. */
  readonly changes: readonly ChangedPerson[]
  /** Those who change too, and are not listed. */
  readonly leftOut: number
}

/** What is wrong with the file. */
export type RuleProblems = Extract<ParsedRuleSet, { readonly problems: unknown }>

export const changesMax = 500
export const sumsMax = 200

/**
 * Who would have other figures if a rule set were adopted now: the figures are computed twice, by
 * the functions that answer for people, so they are what then will be answered.
 */
export const previewOfRules = async (
  readModel: ReadModel,
  { content, agency, asOf }: PreviewQuery,
  nowMs: number,
): Promise<RulePreview | RuleProblems> => {
  const today = dayOf(nowMs)
  const adopted = await adoptedRules(readModel)
  const checked = checkRuleSet(Buffer.from(content), ruleSetsOf(adopted).all('offices'))
  if ('problems' in checked) return checked
  const { set } = checked
  const day = asOf ?? [set.validFrom, today].toSorted()[1] ?? today
  const candidate = { id: 'preview', time: new Date(nowMs).toISOString(), content }
  const figuresBy = async (ruleSets: readonly AdoptedRuleSet[]): Promise<FiguresOf> => {
    const standards = await standardsBy(readModel, { day }, ruleSetsOf(ruleSets))
    return ({ reference, ...person }) =>
      figuresOf({ ...person, reference: { ...reference, ruleSets } }, standards, day, nowMs)
  }
  const [before, after] = [await figuresBy(adopted), await figuresBy([...adopted, candidate])]
  const changes = collecting()
  for await (const batch of batchesOf(peopleOf(readModel, agency, day))) {
    const read = await Promise.all(batch.map(({ posting }) => readPerson(readModel, posting.asnId)))
    for (const person of read) {
      if (person) changes.add(person, changesIn(await before(person), await after(person)))
    }
  }
  const holding = ruleSetsOf(adopted).on(set.kind, day)
  return {
    asOf: day,
    ...(agency !== undefined && { agency }),
    ruleSet: named(set, content),
    ...(holding && { replaces: named(holding, holding.content, holding.adoptedBy) }),
    ...changes.sums(),
  }
}

const peopleOf = (readModel: ReadModel, agency: string | undefined, day: string) =>
  agency === undefined ? everybody(readModel, { day }) : peopleAt(readModel, agency, { day })

const collecting = () => {
  const sums = new Map<string, ChangeSum>()
  const changes: ChangedPerson[] = []
  let [people, changed] = [0, 0]
  return {
    add: ({ asnIds: [asnId = ''] }: PersonFacts, figures: readonly ChangedFigure[]) => {
      people++
      if (figures.length === 0) return
      changed++
      for (const figure of figures) {
        const key = JSON.stringify(figure)
        sums.set(key, { ...figure, people: (sums.get(key)?.people ?? 0) + 1 })
      }
      if (changes.length < changesMax) changes.push({ asnId, figures })
    },
    sums: () => ({
      people,
      changed,
      sums: [...sums.values()].toSorted((a, b) => b.people - a.people).slice(0, sumsMax),
      changes,
      leftOut: changed - changes.length,
    }),
  }
}

const named = (set: DatedRules, content: string, adoptedBy?: string): NamedRules =>
  namedRules([{ ...set, content, ...(adoptedBy !== undefined && { adoptedBy }) }])[0] as NamedRules

type Figure = Pick<ChangedFigure, 'figure' | 'of'> & { readonly is: string | number }
type FiguresOf = (person: PersonFacts) => Promise<readonly Figure[]>

const figuresOf = async (
  { asnIds, facts, reference }: PersonFacts,
  standards: Awaited<ReturnType<typeof standardsBy>>,
  day: string,
  nowMs: number,
): Promise<readonly Figure[]> => {
  const history = historyOf(asnIds, facts, reference, { asOf: day, now: nowMs })
  const [asnId = ''] = asnIds
  const measured = measuredAs(standards, personRecordsOf(asnId, facts), undefined, day)
  const standard = measured && (await standards.standardOf(measured))
  const lines = standards.linesOf(asnId, facts, standard)
  const match = standards.matchOf(lines, standard?.office ?? measured?.office)
  return [
    ...history.levels.map(
      ({ framework, competency, level }): Figure => ({
        figure: 'level',
        of: `${framework}/${competency}`,
        is: level,
      }),
    ),
    ...lines.map(
      ({ framework, competency, requiredLevel }): Figure => ({
        figure: 'required',
        of: `${framework}/${competency}`,
        is: requiredLevel,
      }),
    ),
    ...(match ? [{ figure: 'match', of: 'JPM', is: match.percent } as const] : []),
    ...(match?.categories ?? []).map(
      ({ purpose, code }): Figure => ({ figure: 'category', of: purpose, is: code }),
    ),
    ...history.hours.map(({ year, jp }): Figure => ({ figure: 'hours', of: `${year}`, is: jp })),
  ]
}

const changesIn = (
  before: readonly Figure[],
  after: readonly Figure[],
): readonly ChangedFigure[] => {
  const key = ({ figure, of }: Figure) => `${figure} ${of}`
  const [was, will] = [before, after].map(side => new Map(side.map(each => [key(each), each])))
  return [...new Map([...(was ?? []), ...(will ?? [])]).values()].flatMap(each => {
    const [from, to] = [was?.get(key(each))?.is, will?.get(key(each))?.is]
    if (from === to) return []
    const { figure, of } = each
    return { figure, of, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
  })
}
