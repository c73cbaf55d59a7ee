import type { ContestRules } from '@jejak/competency/contest'
import type { HourRules } from '@jejak/competency/figures/hours'
import type { IpAsnRules } from '@jejak/competency/figures/ip-asn'
import type { MatchRules } from '@jejak/competency/figures/match'
import type { LevelPolicies } from '@jejak/competency/level'
import type { OfficeRules, PositionLevels } from '@jejak/competency/offices'
import type { Dated } from '@jejak/competency/rules'
import { contestKind } from './contest.ts'
import { hourKind } from './hours.ts'
import { ipAsnKind } from './ip-asn.ts'
import type { RuleKindOf } from './kind.ts'
import { levelPolicyKind } from './level-policy.ts'
import { matchKind } from './match.ts'
import { officeKind, positionLevelKind } from './offices.ts'

/** What the rules of each kind are. */
export type RulesByKind = {
  readonly hours: HourRules
  readonly 'level-policy': LevelPolicies
  readonly match: MatchRules
  readonly 'position-levels': PositionLevels
  readonly offices: OfficeRules
  readonly contest: ContestRules
  readonly 'ip-asn': IpAsnRules
}

export type RuleKind = keyof RulesByKind

/** A rule set of a kind, as its file has it. */
export type DatedRules<K extends RuleKind = RuleKind> = {
  readonly [P in K]: Dated & {
    readonly kind: P
    readonly title: string
    readonly rules: RulesByKind[P]
  }
}[K]

export const ruleKindTable: { readonly [K in RuleKind]: RuleKindOf<RulesByKind[K]> } = {
  hours: hourKind,
  'level-policy': levelPolicyKind,
  match: matchKind,
  'position-levels': positionLevelKind,
  offices: officeKind,
  contest: contestKind,
  'ip-asn': ipAsnKind,
}

export const ruleKinds = Object.keys(ruleKindTable) as readonly RuleKind[]
