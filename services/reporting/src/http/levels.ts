import { levelRuleOf } from '@jejak/competency/level'
import { type Fact, named } from '@jejak/history/fact'
import type { History } from '@jejak/history/history'
import { type Static, Type } from 'typebox'
import { closed, codeField, countField, dayField, uuidField } from './fields.ts'

export const levelField = Type.Object(
  {
    framework: codeField,
    competency: codeField,
    level: countField,
    policy: Type.String({ description: 'one of policies, of its dictionary or of all' }),
    ratings: Type.Array(
      Type.Object({
        assessmentId: uuidField,
        eventId: Type.String(),
        level: countField,
        occurredOn: dayField,
      }),
      { description: 'that it rests on' },
    ),
  },
  closed,
)

export const policyField = Type.Object(
  {
    id: Type.String({ description: 'of the rule set, one of ruleSets' }),
    dictionary: Type.String({ description: '* of all that have no rule of their own' }),
    validFrom: dayField,
    legalBasis: Type.String(),
    certainty: Type.Enum(['seen', 'second-hand', 'assumed']),
    validityMonths: countField,
    pick: Type.String(),
  },
  closed,
)

/** The rules that the levels go by, each once. */
export const policiesOf = ({ levels, ruleSets }: History): Static<typeof policyField>[] => {
  const set = ruleSets.find(set => set.kind === 'level-policy')
  const rules = set ? levels.map(({ framework }) => levelRuleOf(set, framework)) : []
  return [...new Set(rules)].flatMap(rule => {
    if (!set || !rule) return []
    const { id, validFrom, legalBasis, certainty } = set
    const { dictionary, pick, validityMonths } = rule
    return { id, validFrom, legalBasis, certainty, dictionary, pick, validityMonths }
  })
}

/** Each level, with the ratings that it is derived from. */
export const ratedLevels = (
  { levels }: History,
  facts: readonly Fact[],
): Static<typeof levelField>[] => {
  const assessed = named(facts, 'AssessmentRecorded', 'AssessmentCorrected')
  const ratings = new Map(
    assessed.map(({ id: eventId, data: { assessmentId, level, occurredOn } }) => [
      assessmentId,
      { assessmentId, eventId, level, occurredOn },
    ]),
  )
  return levels.map(({ assessmentIds, ...level }) => ({
    ...level,
    ratings: assessmentIds.flatMap(id => ratings.get(id) ?? []),
  }))
}
