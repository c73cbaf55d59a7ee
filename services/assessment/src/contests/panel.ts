// tidy: who may decide, apart from the calls
import type { ContestRules } from '@jejak/competency/contest'
import { refusedBy } from '@jejak/rpc/error'
import type { IdentifiedActor, People } from '../people.ts'

type Panel = {
  /** Records of civil servants, or ids of assessors. */
  readonly panel: readonly string[]
  /** Who has assessed: the same kinds of ids. */
  readonly assessorId: string
  /** All records of the person who contests. */
  readonly records: readonly string[]
  /** Undefined if no rules held on the day of the contest. */
  readonly set: { readonly id: string; readonly rules: ContestRules } | undefined
  readonly today: string
}

/**
 * Refuses a panel that may not decide a contest: it must not hold the person who contests, nor the
 * assessor of what they contest, under whichever id, and have as many persons as the rules want.
 */
export const refusePanel = async (
  { actor }: Pick<People, 'actor'>,
  { panel, assessorId, records, set, today }: Panel,
): Promise<void> => {
  const found = await Promise.all(panel.map(id => actor(id, today)))
  const members = found.filter((member): member is IdentifiedActor => member?.mayAct === true)
  if (members.length < panel.length) {
    const panelist = panel.find((_, at) => found[at]?.mayAct !== true) ?? ''
    throw refusedBy('PANELIST_UNKNOWN', { panelist })
  }
  if (holds(members, records)) throw refusedBy('PANEL_HAS_PERSON')
  if (set?.rules.panel.withoutAssessor !== false) {
    const assessor = await actor(assessorId, today)
    if (holds(members, [...(assessor?.ids ?? [assessorId])])) throw refusedBy('PANEL_HAS_ASSESSOR')
  }
  const least = set?.rules.panel.members ?? 1
  if (new Set(members.map(({ key }) => key)).size < least) {
    throw refusedBy({ key: 'PANEL_TOO_SMALL', values: { least, ruleSet: set?.id ?? '' } })
  }
}

const holds = (members: readonly IdentifiedActor[], ids: readonly string[]): boolean =>
  members.some(member => ids.some(id => member.ids.has(id)))
