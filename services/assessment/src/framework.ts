import { isDeepStrictEqual } from 'node:util'
import type { CompetencyDictionary, DictionaryCompetency } from '@jejak/competency/dictionary'
import type { assessmentEvents } from '@jejak/events/assessment'
import type { StreamEventOf } from '@jejak/events/declaration'
import { type Decider, type Outcome, refuse } from '@jejak/eventsourcing/decider'
import type { Equivalent, Retirement } from '@jejak/frameworks/equivalents'

type Kept = StreamEventOf<typeof assessmentEvents, 'framework'>
/** Its entry says which event it is and when it was recorded; a decision knows neither. */
export type FrameworkEvent = Kept & { readonly eventId?: string; readonly recordedAt?: string }

type Of<T extends Kept['type']> = Omit<Extract<Kept, { readonly type: T }>, 'type'>
export type Retired = Of<'CompetencyRetired'>
export type Equated = Of<'CompetencyEquated'>

/** An event of the log, and when it was recorded. */
type Recorded<T> = T & { readonly eventId: string; readonly recordedAt: string }

export type Framework =
  | { readonly status: 'absent' }
  | {
      readonly status: 'published'
      readonly dictionary: CompetencyDictionary
      readonly recordedAt: string
      /** How many competencies are still to come: more than none only within an append. */
      readonly missing: number
      /** All that were ever said, in their order. */
      readonly retired: readonly Recorded<Retired>[]
      readonly equated: readonly Recorded<Equated>[]
    }

const ofEntry = ({ eventId = '', recordedAt = '' }: FrameworkEvent) => ({ eventId, recordedAt })

export const framework: Decider<Framework, FrameworkEvent> = {
  initial: { status: 'absent' },
  evolve: {
    FrameworkPublished: (_, event) => {
      const { type, eventId: __, recordedAt = '', defined, competencies = [], ...header } = event
      return {
        status: 'published',
        dictionary: { ...header, competencies },
        recordedAt,
        missing: defined,
        retired: [],
        equated: [],
      }
    },
    CompetencyDefined: (state, event) => {
      if (state.status === 'absent') return state
      const { type, eventId: _, recordedAt: __, frameworkId, ...competency } = event
      const { dictionary, missing } = state
      const competencies = [...dictionary.competencies, competency]
      return { ...state, dictionary: { ...dictionary, competencies }, missing: missing - 1 }
    },
    CompetencyRetired: (state, { type, ...said }) =>
      state.status === 'absent'
        ? state
        : { ...state, retired: [...state.retired, { ...said, ...ofEntry({ type, ...said }) }] },
    CompetencyEquated: (state, { type, ...said }) =>
      state.status === 'absent'
        ? state
        : { ...state, equated: [...state.equated, { ...said, ...ofEntry({ type, ...said }) }] },
  },
}

export type Refused = 'PublishedOtherwise' | 'FrameworkUnknown' | 'CompetencyUnknown' | 'ItsOwn'
type Decided = Outcome<FrameworkEvent, Refused>

/** Levels rest on it: another content is another dictionary. It is all one append. */
export const publishFramework = (
  current: Framework,
  dictionary: CompetencyDictionary,
): Outcome<FrameworkEvent, 'PublishedOtherwise'> => {
  if (current.status === 'absent') return eventsOf(dictionary)
  return isDeepStrictEqual(current.dictionary, dictionary) ? [] : refuse('PublishedOtherwise')
}

// A dictionary is data from outside: what it is made of is copied as its events have it.
const eventsOf = ({ competencies, ...header }: CompetencyDictionary): readonly FrameworkEvent[] => {
  const { frameworkId } = header
  return [
    {
      type: 'FrameworkPublished',
      ...structuredClone(header),
      defined: competencies.length,
    } as FrameworkEvent,
    ...competencies.map(
      competency =>
        ({
          type: 'CompetencyDefined',
          frameworkId,
          ...structuredClone(competency),
        }) as FrameworkEvent,
    ),
  ]
}

const unknown = (current: Framework, competency: string): Refused | undefined => {
  if (current.status === 'absent') return 'FrameworkUnknown'
  const { competencies } = current.dictionary
  return competencies.some(({ code }) => code === competency) ? undefined : 'CompetencyUnknown'
}

/** A day that was wrong is mended by retiring it anew: the last one counts. */
export const retireCompetency = (current: Framework, retired: Retired): Decided => {
  const refused = unknown(current, retired.competency)
  if (refused) return refuse(refused)
  const { frameworkId, competency, successor } = retired
  if (successor?.framework === frameworkId && successor.competency === competency) {
    return refuse('ItsOwn')
  }
  const last = retirementsIn(current).find(known => known.competency === competency)
  return last && isDeepStrictEqual(contentOf(last), contentOf(retired))
    ? []
    : [{ type: 'CompetencyRetired', ...retired }]
}

const contentOf = ({ competency, since, reason, successor }: Retired | Retirement) => ({
  competency,
  since,
  reason,
  ...(successor && { successor }),
})

/** What is said already is left out; to take back what nobody has said is nothing. */
export const equateCompetencies = (current: Framework, pairs: readonly Equated[]): Decided => {
  for (const { frameworkId, competency, other } of pairs) {
    const refused = unknown(current, competency)
    if (refused) return refuse(refused)
    if (other.framework === frameworkId && other.competency === competency) return refuse('ItsOwn')
  }
  const known = equivalentsIn(current)
  return pairs.flatMap(pair => {
    const last = known.find(each => pairOf(each) === pairOf(pair))
    const same = last
      ? last.relation === pair.relation && last.reason === pair.reason
      : pair.relation === 'none'
    return same ? [] : [{ type: 'CompetencyEquated' as const, ...pair }]
  })
}

const pairOf = ({ competency, other }: Pick<Equated, 'competency' | 'other'>) =>
  `${competency} ${other.framework}/${other.competency}`

/** The retirements that count, of those recorded by a time; of all without one. */
export const retirementsIn = (state: Framework, knownAt?: string): readonly Retirement[] =>
  state.status === 'absent'
    ? []
    : lastOf(state.retired, knownAt, ({ competency }) => competency).map(
        ({ frameworkId: _, recordedAt: __, ...retirement }) => retirement,
      )

/** Likewise the equivalents that were not taken back. */
export const equivalentsIn = (state: Framework, knownAt?: string): readonly Equivalent[] =>
  state.status === 'absent'
    ? []
    : lastOf(state.equated, knownAt, pairOf).flatMap(
        ({ frameworkId: _, recordedAt: __, relation, ...rest }) =>
          relation === 'none' ? [] : [{ ...rest, relation }],
      )

const lastOf = <T extends { readonly recordedAt: string }>(
  said: readonly T[],
  knownAt: string | undefined,
  keyOf: (item: T) => string,
): readonly T[] => {
  const known = said.filter(({ recordedAt }) => knownAt === undefined || recordedAt <= knownAt)
  return [...new Map(known.map(item => [keyOf(item), item])).values()]
}

export const competencyOf = (
  { competencies }: CompetencyDictionary,
  code: string,
): DictionaryCompetency | undefined => competencies.find(competency => competency.code === code)
