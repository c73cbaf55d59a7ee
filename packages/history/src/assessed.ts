import { type CompetencyLevel, levelsOf } from '@jejak/competency/figures/levels'
import { countsUntil, type LevelRuleSet, levelRuleOf, type Rating } from '@jejak/competency/level'
import { notes } from '@jejak/texts/notes'
import { localise } from '@jejak/texts/text'
import { type Fact, type FactOf, named } from './fact.ts'
import type { Validities, Validity } from './validity.ts'

type Assessed = FactOf<'AssessmentRecorded' | 'AssessmentCorrected'>
type Contest = {
  readonly contested: FactOf<'AssessmentContested'>
  readonly resolved: FactOf<'ContestResolved'> | undefined
  /** Without a decision. */
  readonly ended: FactOf<'ContestEnded'> | undefined
}

export type Assessments = {
  readonly ratings: readonly Rating[]
  /** By the assessment that was wrong. */
  readonly corrections: ReadonlyMap<string, FactOf<'AssessmentCorrected'>>
  readonly contests: readonly Contest[]
  /** The latest of each assessment. */
  readonly latest: ReadonlyMap<string, Contest>
}

/** All assessments that were known: a correction holds for days before it as well. */
export const assessmentsIn = (known: readonly Fact[]): Assessments => {
  const corrected = named(known, 'AssessmentCorrected').toReversed()
  const corrections = new Map(corrected.map(fact => [fact.data.supersedes, fact]))
  const resolved = named(known, 'ContestResolved').toReversed()
  const decisions = new Map(resolved.map(fact => [fact.data.contestId, fact]))
  const ends = new Map(named(known, 'ContestEnded').map(fact => [fact.data.contestId, fact]))
  const contests = named(known, 'AssessmentContested').map(contested => ({
    contested,
    resolved: decisions.get(contested.data.contestId),
    ended: ends.get(contested.data.contestId),
  }))
  const latest = new Map(contests.map(contest => [contest.contested.data.assessmentId, contest]))
  const ratings = assessedOf(known).map(({ position, data }) => ({
    ...data,
    recorded: position,
    superseded: corrections.has(data.assessmentId),
    upheld: latest.get(data.assessmentId)?.resolved?.data.upheld === true,
  }))
  return { ratings, corrections, contests, latest }
}

const assessedOf = (facts: readonly Fact[]): readonly Assessed[] =>
  named(facts, 'AssessmentRecorded', 'AssessmentCorrected')

/** The ids of the assessments among the facts. */
export const assessmentIdsIn = (facts: readonly Fact[]): ReadonlySet<string> =>
  new Set(assessedOf(facts).map(({ data }) => data.assessmentId))

/** `policy` is the id of the rule set that it is by. */
export type LevelLine = CompetencyLevel & { readonly policy: string }

export const levelLinesOf = (
  { ratings }: Assessments,
  policy: LevelRuleSet | undefined,
  asOf: string,
): readonly LevelLine[] =>
  policy ? levelsOf(ratings, policy, asOf).map(level => ({ ...level, policy: policy.id })) : []

/** `held` are the facts that were true by the day. */
export const assessmentValidities = (
  held: readonly Fact[],
  assessments: Assessments,
  levels: readonly LevelLine[],
  policy: LevelRuleSet | undefined,
  asOf: string,
): Validities => {
  const { corrections, contests, latest } = assessments
  const used = new Set(levels.flatMap(({ assessmentIds }) => assessmentIds))
  const later = new Map(
    assessedOf(held)
      .filter(({ data }) => used.has(data.assessmentId))
      .map(fact => [codeOf(fact), fact]),
  )
  const validityOf = (fact: Assessed): Validity => {
    const { assessmentId, framework, occurredOn } = fact.data
    const correction = corrections.get(assessmentId)
    if (correction) {
      const note = localise(notes.corrected(correction.data.reason))
      return { state: 'superseded', by: correction.id, note }
    }
    const { contested, resolved, ended } = latest.get(assessmentId) ?? {}
    if (resolved?.data.upheld) {
      const note = localise(notes.contestUpheld(resolved.data.reason))
      return { state: 'upheld', by: resolved.id, note }
    }
    if (contested && !resolved && !ended) return { state: 'contested', by: contested.id }
    const rule = policy && levelRuleOf(policy, framework)
    const until = rule && countsUntil({ occurredOn }, rule)
    if (until && until < asOf) {
      return { state: 'expired', note: localise(notes.countedUntil(until)) }
    }
    const instead = later.get(codeOf(fact))
    if (instead && !used.has(assessmentId)) {
      const text = rule?.pick === 'latest' ? notes.laterAssessment : notes.otherAssessment
      return { state: 'over', by: instead.id, note: localise(text) }
    }
    const note = resolved && localise(notes.contestRejected(resolved.data.reason))
    return { state: 'counts', ...(note && { note }) }
  }
  return new Map<Fact, Validity>([
    ...assessedOf(held).map(fact => [fact, validityOf(fact)] as const),
    ...contests.flatMap(({ contested, resolved, ended }) => {
      const end = resolved ?? ended
      return end ? [[contested, { state: 'over', by: end.id } as const] as const] : []
    }),
  ])
}

const codeOf = ({ data }: Assessed) => `${data.framework}/${data.competency}`
