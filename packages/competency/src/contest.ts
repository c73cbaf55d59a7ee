import type { RuleRow } from './rules.ts'

/** Rules of contests of assessments. */
export type ContestRules = RuleRow & {
  /** Calendar days after the assessment was recorded. */
  readonly fileWithinDays: number
  /** False: HR can't let anybody contest one after that, whatever the reason. */
  readonly lateWithReason?: boolean
  /** Calendar days after the contest was filed. */
  readonly decideWithinDays: number
  readonly panel: {
    readonly members: number
    /** Whoever assessed does not decide. */
    readonly withoutAssessor: boolean
  }
}
