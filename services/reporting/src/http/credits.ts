// tidy: the fields of hours, for every answer that has them.
import type { CreditLine } from '@jejak/history/hours'
import { type Static, Type } from 'typebox'
import { closed, countField, dayField, uuidField } from './fields.ts'

const jpField = Type.Number({ minimum: 0, description: 'JP (jam pelajaran)' })

const reasonField = Type.Object(
  {
    kind: Type.Enum([
      ...['revoked', 'unknown-form', 'not-stated', 'session-cap', 'day-cap', 'month-cap'],
      ...['per-session', 'per-activity', 'abroad', 'rounded'],
    ] as const),
    on: Type.Optional(dayField),
    month: Type.Optional(Type.String({ description: '2026-01' })),
    form: Type.Optional(countField),
    jp: Type.Optional(jpField),
    maxJp: Type.Optional(jpField),
    maxSessions: Type.Optional(countField),
    morePercent: Type.Optional(Type.Number()),
  },
  closed,
)

/** What one training, or what was learned elsewhere, gives of the hours of a year. */
export const creditField = Type.Object(
  {
    activityId: { ...uuidField, description: 'of the enrollment, or of what was learned' },
    form: Type.Integer({ minimum: 1, description: 'jenisDiklat of SIASN' }),
    formAssumed: Type.Optional(
      Type.Literal(true, { description: 'of a programme of which nobody has said the form' }),
    ),
    claimedJp: jpField,
    creditedJp: jpField,
    attributedOn: { ...dayField, description: 'the day in whose year it counts' },
    ruleSet: Type.String({ description: 'of kind hours, one of ruleSets' }),
    reasons: Type.Array(reasonField, { description: 'why that is not what was claimed' }),
    restsOn: Type.Array(Type.String(), { description: 'ids of events' }),
  },
  closed,
)

export const creditAnswers = (credits: readonly CreditLine[]): Static<typeof creditField>[] =>
  credits.map(({ reasons, restsOn, ...credit }) => ({
    ...credit,
    reasons: [...reasons],
    restsOn: [...restsOn],
  }))
