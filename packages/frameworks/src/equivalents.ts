import type { CompetencyName } from '@jejak/competency/dictionary'
import { inForce } from '@jejak/competency/rules'

/** What the other is to the one that is spoken of. */
export type Relation = 'same' | 'broader' | 'narrower'

/** From a day on nobody is rated at the competency any more. */
export type Retirement = {
  readonly competency: string
  readonly since: string
  readonly reason: string
  readonly successor?: CompetencyName
  /** The event that says so. */
  readonly eventId: string
}

export type Equivalent = {
  readonly competency: string
  readonly relation: Relation
  readonly other: CompetencyName
  readonly reason: string
  readonly eventId: string
}

/** A dictionary with what is known of its competencies, as far as a resolution needs it. */
export type Resolvable = {
  readonly frameworkId: string
  readonly series: string
  readonly validFrom: string
  readonly retirements: readonly Retirement[]
  readonly equivalents: readonly Equivalent[]
}

export type ResolutionStep = CompetencyName & {
  /** Why this one stands in the place of the one before it. */
  readonly because: 'retired' | 'newer-version'
  readonly eventId: string
}

export type Resolution = {
  /** What it is on the day; undefined if it was retired and nothing came in its place. */
  readonly current?: CompetencyName
  readonly steps: readonly ResolutionStep[]
  /** Why there is no current one. */
  readonly retirement?: Retirement
  /** What nothing but a part of it, or more than it, is: a person decides. */
  readonly related: readonly Equivalent[]
}

/** A longer way than any that dictionaries of one series have: each step is another version. */
const stepsMax = 100

/**
 * What a competency is on a day: a retired one is its successor, and one of a former version is the
 * same of the newest version of its series. A way in a circle ends before it comes back.
 */
export const resolveCompetency = (
  frameworks: readonly Resolvable[],
  named: CompetencyName,
  day: string,
): Resolution => {
  const steps: ResolutionStep[] = []
  const seen = new Set([keyOf(named)])
  let current = named
  let next = stepFrom(frameworks, current, day)
  while (next && !seen.has(keyOf(next)) && steps.length < stepsMax) {
    steps.push(next)
    seen.add(keyOf(next))
    current = { framework: next.framework, competency: next.competency }
    next = stepFrom(frameworks, current, day)
  }
  const retirement = retirementOf(frameworks, current, day)
  const related = relatedTo(frameworks, current).filter(({ relation }) => relation !== 'same')
  return { ...(retirement ? { retirement } : { current }), steps, related }
}

const keyOf = ({ framework, competency }: CompetencyName) => `${framework}/${competency}`

const stepFrom = (
  frameworks: readonly Resolvable[],
  named: CompetencyName,
  day: string,
): ResolutionStep | undefined => {
  const retired = retirementOf(frameworks, named, day)
  if (retired?.successor) {
    return { ...retired.successor, because: 'retired', eventId: retired.eventId }
  }
  const framework = frameworks.find(({ frameworkId }) => frameworkId === named.framework)
  if (!framework) return undefined
  const versions = frameworks.filter(({ series }) => series === framework.series)
  const newest = inForce(versions, day)
  if (!newest || newest.validFrom <= framework.validFrom) return undefined
  const same = relatedTo(frameworks, named).find(
    ({ relation, other }) => relation === 'same' && other.framework === newest.frameworkId,
  )
  return same && { ...same.other, because: 'newer-version', eventId: same.eventId }
}

const retirementOf = (
  frameworks: readonly Resolvable[],
  { framework, competency }: CompetencyName,
  day: string,
): Retirement | undefined =>
  frameworks
    .find(({ frameworkId }) => frameworkId === framework)
    ?.retirements.find(retired => retired.competency === competency && retired.since <= day)

const turned = { same: 'same', broader: 'narrower', narrower: 'broader' } as const

/** An equivalent is one of both, whichever dictionary it was said of. */
export const relatedTo = (
  frameworks: readonly Pick<Resolvable, 'frameworkId' | 'equivalents'>[],
  { framework, competency }: CompetencyName,
): readonly Equivalent[] =>
  frameworks.flatMap(({ frameworkId, equivalents }) =>
    equivalents.flatMap(equivalent => {
      const { other, relation } = equivalent
      if (frameworkId === framework && equivalent.competency === competency) return [equivalent]
      if (other.framework !== framework || other.competency !== competency) return []
      const turnedAround = { framework: frameworkId, competency: equivalent.competency }
      return [{ ...equivalent, competency, relation: turned[relation], other: turnedAround }]
    }),
  )
