// tidy: one file a kind of rules
import type { ContestRules } from '@jejak/competency/contest'
import { Type } from 'typebox'
import { fields, row, ruleKind } from './kind.ts'

const days = Type.Integer({ minimum: 1, maximum: 3_650 })

const schema = row({
  fileWithinDays: days,
  lateWithReason: Type.Optional(Type.Boolean()),
  decideWithinDays: days,
  panel: fields({
    members: Type.Integer({ minimum: 1, maximum: 25 }),
    withoutAssessor: Type.Boolean(),
  }),
})

export const contestKind = ruleKind<ContestRules, typeof schema>(schema, ({ panel }) =>
  panel.members % 2 === 1 ? [] : [{ path: ['panel', 'members'], fault: 'even-panel' }],
)
