import {
  type Assignment,
  holdsOffice,
  type OfficeRules,
  officeOf,
  type PositionLevels,
  requiredLevelOf,
} from '../offices.ts'
import { postingOn } from '../posting.ts'
import { type Dated, inForce } from '../rules.ts'
import type { PositionStandard } from '../standards.ts'
import type { Requirement } from './gap.ts'

/** Rules of one kind that hold on a day, as their set has them. */
type Ruled<R> = Pick<Dated, 'id' | 'validFrom' | 'legalBasis'> & { readonly rules: R }

/** A version of the dictionary of managerial and sociocultural competencies, of every position. */
export type CommonDictionary = {
  readonly frameworkId: string
  readonly validFrom: string
  /** The codes of the managerial and sociocultural ones, in the order of the dictionary. */
  readonly competencies: readonly string[]
  /** Since when some of them are rated no more. */
  readonly retired?: readonly { readonly competency: string; readonly since: string }[]
}

/** What a standard that nobody has set for a position follows from. */
export type DefaultRules = {
  readonly offices?: Ruled<OfficeRules> | undefined
  readonly positionLevels?: Ruled<PositionLevels> | undefined
  /** In any order; of one day, the last. */
  readonly dictionaries: readonly CommonDictionary[]
}

/** A standard as it was set for a position, by which event. */
export type SetStandard = PositionStandard & { readonly eventId?: string | undefined }

/** What is required of a position on a day, and by what. */
export type StandardOn = {
  readonly position: string
  /** The level of the office; undefined if neither its posting nor its code says it. */
  readonly office?: string
  readonly validFrom: string
  readonly legalBasis: string
  readonly requirements: readonly Requirement[]
  /** The event that has set it for the position. */
  readonly eventId?: string
  /** Or else the rule set by which the level of the office requires it. */
  readonly ruleSet?: string
}

/** An office that somebody holds: its position, and its level if the posting has it. */
export type HeldOffice = { readonly position: string; readonly office?: string | undefined }

/**
 * What is required of a position on a day: the standard that was set for it, in the order of
 * recording, and otherwise every managerial and sociocultural competency at the level that the
 * level of the office requires (PermenPANRB 38/2017). Undefined if neither is there.
 */
export const standardOn = (
  { position, office: posted }: HeldOffice,
  day: string,
  set: readonly SetStandard[],
  { offices, positionLevels, dictionaries }: DefaultRules,
): StandardOn | undefined => {
  const office = offices ? officeOf(offices.rules, position, posted) : posted
  const known = office === undefined ? {} : { office }
  const own = inForce(set, day)
  if (own) {
    const { validFrom, legalBasis, requirements, eventId } = own
    const by = eventId === undefined ? {} : { eventId }
    return { position, ...known, validFrom, legalBasis, requirements, ...by }
  }
  const level = office && positionLevels && requiredLevelOf(positionLevels.rules, office)
  const dictionary = inForce(dictionaries, day)
  if (!level || !dictionary) return undefined
  const { frameworkId: framework, competencies, retired = [] } = dictionary
  const over = new Set(retired.filter(({ since }) => since <= day).map(each => each.competency))
  const { id: ruleSet, legalBasis } = positionLevels
  const [validFrom = ''] = [positionLevels.validFrom, dictionary.validFrom].toSorted().toReversed()
  return {
    ...{ position, office, validFrom, legalBasis, ruleSet },
    requirements: competencies
      .filter(competency => !over.has(competency))
      .map(competency => ({ framework, competency, level })),
  }
}

type Posted = HeldOffice & {
  readonly since: string
  readonly assignment?: Assignment | undefined
}

/**
 * The posting whose office somebody holds on a day. Whoever stands in for another (PLT, PLH) or
 * has a task beside their own holds the office of before; `postings` are in the order of their
 * days. Undefined if they never held one.
 */
export const heldOn = <P extends Posted>(
  postings: readonly P[],
  day: string,
  offices: OfficeRules | undefined,
): P | undefined => {
  const isHeld = ({ assignment }: P) => holdsOffice(offices, assignment)
  const begun = postings.filter(({ since }) => since <= day)
  if (begun.length > 0) return begun.findLast(isHeld)
  const first = postingOn(postings, day)
  return first && isHeld(first) ? first : undefined
}
