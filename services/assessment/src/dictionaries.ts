import type { CompetencyDictionary } from '@jejak/competency/dictionary'
import { near } from '@jejak/competency/near'
import { assessmentEvents } from '@jejak/events/assessment'
import { keptBriefly } from '@jejak/eventsourcing/kept-briefly'
import type { EventLog } from '@jejak/eventsourcing/log'
import { hasText, readingOn } from '@jejak/eventsourcing/read-on'
import { codeProblem, type FieldProblem, type Problems } from '@jejak/rpc/validate'
import { competencyOf, type Framework, retirementsIn } from './framework.ts'
import type { AssessmentStreams } from './streams.ts'

export type PublishedFramework = Extract<Framework, { readonly status: 'published' }>

/** A competency that somebody is to be rated at. */
type Rated = {
  readonly framework: string
  readonly competency: string
  readonly level: number
  /** The day on which they are; undefined where it may have been retired since. */
  readonly on?: string
}

export type Dictionaries = ReturnType<typeof openDictionaries>

/** The dictionaries of a log: what one was published with never changes, what came of it may. */
export const openDictionaries = (log: EventLog, { frameworks }: AssessmentStreams) => {
  const known = new Set<string>()
  const readOn = readingOn(log, entries => {
    for (const entry of entries) {
      const id = publishedIn(entry)
      if (id) known.add(id)
    }
  })

  const found = keptBriefly(async (id: string): Promise<PublishedFramework | undefined> => {
    const framework = await frameworks.read(id)
    if (framework.status === 'absent' || framework.missing > 0) return undefined
    known.add(id)
    return framework
  })
  const find = found.ask

  const unpublished = (id: string): FieldProblem => ({
    key: 'framework-unpublished',
    values: { meant: near(id, [...known]) },
  })

  return {
    find,

    /** Reads it again for the next question: it was written. */
    changed: found.forget,

    /** In the order of their ids: all that were published before it was asked. */
    list: async (): Promise<readonly PublishedFramework[]> => {
      await readOn()
      const all = await Promise.all([...known].toSorted().map(find))
      return all.filter(framework => framework !== undefined)
    },

    /** What is wrong with the id of a dictionary, beyond its form. */
    idProblem: async (id: string): Promise<FieldProblem> =>
      codeProblem(id) || (await find(id)) ? undefined : unpublished(id),

    /** What is wrong with the name of a competency, beyond its form. */
    nameProblems: async (named: Pick<Rated, 'framework' | 'competency'>): Promise<Problems> => {
      if (codeProblem(named.framework)) return {}
      const framework = await find(named.framework)
      if (!framework) return { framework: unpublished(named.framework) }
      return { competency: unlisted(framework.dictionary, named.competency) }
    },

    /** Likewise of one that somebody is to be rated at, and of the level. */
    problems: async (rated: Rated): Promise<Problems> => {
      if (codeProblem(rated.framework)) return {}
      const framework = await find(rated.framework)
      if (!framework) return { framework: unpublished(rated.framework) }
      const { dictionary } = framework
      if (dictionary.scale.length === 0) return { framework: 'framework-without-levels' }
      return {
        ...present('competency', unlisted(dictionary, rated.competency) ?? over(framework, rated)),
        ...present('level', unscaled(dictionary, rated.level)),
      }
    },
  }
}

/** Only what is wrong: the rest of a field's problems are found elsewhere. */
const present = (field: string, problem: FieldProblem): Problems =>
  problem === undefined ? {} : { [field]: problem }

const unlisted = (dictionary: CompetencyDictionary, competency: string): FieldProblem => {
  if (codeProblem(competency) || competencyOf(dictionary, competency)) return undefined
  const codes = dictionary.competencies.map(({ code }) => code)
  const values = { framework: dictionary.frameworkId, meant: near(competency, codes) }
  return { key: 'competency-unlisted', values }
}

const over = (framework: PublishedFramework, { competency, on }: Rated): FieldProblem => {
  if (on === undefined || framework.retired.length === 0) return undefined
  const retired = retirementsIn(framework).find(each => each.competency === competency)
  if (!retired || retired.since > on) return undefined
  const { since, successor } = retired
  const instead = successor && `${successor.competency} (${successor.framework})`
  return { key: 'competency-retired', values: { since, instead } }
}

const unscaled = ({ scale }: CompetencyDictionary, level: number): FieldProblem => {
  const levels = scale.map(each => each.level)
  // A number that is no level of any dictionary is found without one.
  if (levels.includes(level) || level < 1 || level > 5) return undefined
  return { key: 'level-unscaled', values: { levels } }
}

const marker = 'FrameworkPublished'

/** Nearly all entries are assessments. */
const publishedIn = (entry: Uint8Array): string | undefined => {
  const event = hasText(entry, marker) ? assessmentEvents.read(entry) : undefined
  return event?.type === marker ? event.frameworkId : undefined
}
