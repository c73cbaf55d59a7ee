import {
  type Gap,
  type GapState,
  gapStateOf,
  gapsOf,
  matchSums,
} from '@jejak/competency/figures/gap'
import { levelsOf } from '@jejak/competency/figures/levels'
import { type JobMatch, jobMatchOf } from '@jejak/competency/figures/match'
import {
  heldOn,
  type SetStandard,
  type StandardOn,
  standardOn,
} from '@jejak/competency/figures/standard'
import { countsUntil, levelRuleOf } from '@jejak/competency/level'
import { assessmentsIn } from '@jejak/history/assessed'
import { type DataOf, type Fact, named } from '@jejak/history/fact'
import { personRecordsOf } from '@jejak/history/person-records'
import type { RuleKind } from '@jejak/rules/kinds'
import { type RuleSets, ruleSetsOf } from '@jejak/rules/rule-sets'
import { commonDictionaries } from './dictionaries.ts'
import { standardPrefix } from './keys.ts'
import { type AsKnown, knownBy } from './posted.ts'
import { adoptedRules, type NamedRules, namedRules } from './rules.ts'
import type { ReadModel } from './versions.ts'

type Posting = DataOf<'EmployeePosted'>

/** What somebody has in one competency that is required of them. */
export type GapLine = Gap & {
  readonly state: GapState
  /** The assessments that the level rests on. */
  readonly assessmentIds: readonly string[]
}

/** The position by which somebody is measured, and whether they hold its office. */
export type MeasuredPosition = {
  readonly position: string
  readonly office?: string | undefined
  /** False of those who only stand in for another: nothing is required of them by it. */
  readonly held: boolean
}

/** The job person match of a person, and by what it was reckoned. */
export type PersonMatch = JobMatch & {
  /** Required competencies of which no assessment counts: they are 0 in the sums. */
  readonly unknown: number
  readonly cap: string
  readonly ruleSet: string
}

/** The standards and rules of a day, each read once for all people. */
export const openStandards = async (readModel: ReadModel, { day, knownAt }: AsKnown) => {
  const rules = ruleSetsOf(await adoptedRules(readModel), knownAt)
  return standardsBy(readModel, { day, knownAt }, rules)
}

/** The standards of a day by rules that are given. */
export const standardsBy = async (
  readModel: ReadModel,
  { day, knownAt }: AsKnown,
  rules: RuleSets,
) => {
  const policy = rules.on('level-policy', day)
  const offices = rules.on('offices', day)
  const positionLevels = rules.on('position-levels', day)
  const match = rules.on('match', day)
  const dictionaries = await commonDictionaries(readModel, knownAt)
  const defaults = { offices, positionLevels, dictionaries }
  const read = new Map<string, Promise<StandardOn | undefined>>()

  const readStandard = async ({ position, office, held }: MeasuredPosition) => {
    const all = readModel.dump(standardPrefix(position))
    const facts = knownBy(await Array.fromAsync(all, ([, fact]) => fact as Fact), knownAt)
    const set = named(facts, 'StandardSet').map(
      ({ id, data }): SetStandard => ({ ...data, eventId: id }),
    )
    return held ? standardOn({ position, office }, day, set, defaults) : undefined
  }

  return {
    /** By which position of theirs somebody is measured. */
    measuredBy: (posting: Posting, postings: readonly Posting[]): MeasuredPosition => {
      const held = heldOn(postings, day, offices?.rules)
      const { position, office } = held ?? posting
      return { position, office, held: held !== undefined }
    },

    standardOf: (measured: MeasuredPosition): Promise<StandardOn | undefined> => {
      const key = JSON.stringify(measured)
      const found = read.get(key) ?? readStandard(measured)
      read.set(key, found)
      return found
    },

    /** The same levels as in `historyOf`, of what is required only. */
    linesOf: (asnId: string, facts: readonly Fact[], standard: StandardOn | undefined) => {
      if (!standard) return []
      const { requirements } = standard
      const names = new Set(requirements.map(nameOf))
      const { ratings } = assessmentsIn(personRecordsOf(asnId, facts, knownAt).facts)
      const required = ratings.filter(rating => names.has(nameOf(rating)))
      const levels = policy ? levelsOf(required, policy, day) : []
      const isOver = (rating: (typeof ratings)[number]) => {
        const rule = policy && levelRuleOf(policy, rating.framework)
        return !rating.superseded && !rating.upheld && rule && countsUntil(rating, rule) < day
      }
      const over = new Set(required.filter(isOver).map(nameOf))
      const restsOn = new Map(levels.map(level => [nameOf(level), level.assessmentIds]))
      return gapsOf(requirements, levels).map(
        (gap): GapLine => ({
          ...gap,
          state: gapStateOf(gap, over.has(nameOf(gap))),
          assessmentIds: restsOn.get(nameOf(gap)) ?? [],
        }),
      )
    },

    /** Undefined where nothing is required. */
    matchOf: (lines: readonly GapLine[], office: string | undefined): PersonMatch | undefined => {
      const found = match && jobMatchOf(matchSums(lines), match.rules, office)
      if (!found) return undefined
      const unknown = lines.filter(({ level }) => level === 0).length
      return { ...found, unknown, cap: match.rules.cap, ruleSet: match.id }
    },

    /** The rule sets that figures of the day go by, and for a person those of the match. */
    ruleSets: (...more: readonly RuleKind[]): readonly NamedRules[] =>
      namedRules(
        (['level-policy', 'offices', 'position-levels', ...more] as const)
          .map(kind => rules.on(kind, day))
          .filter(set => set !== undefined),
      ),
  }
}

export type Standards = Awaited<ReturnType<typeof openStandards>>

const nameOf = ({
  framework,
  competency,
}: {
  readonly framework: string
  readonly competency: string
}) => `${framework}/${competency}`
