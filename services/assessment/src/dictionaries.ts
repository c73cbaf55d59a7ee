import { near } from '@jejak/competency/near'
import { assessmentEvents } from '@jejak/events/assessment'
import type { EventLog } from '@jejak/eventsourcing/log'
import { hasText, readingOn } from '@jejak/eventsourcing/read-on'
import { codeProblem, type Problems } from '@jejak/rpc/validate'
import type { Dictionary } from './framework.ts'
import type { AssessmentStreams } from './streams.ts'

export type Dictionaries = ReturnType<typeof openDictionaries>

/** The dictionaries of a log. One that is published never changes: it is read once. */
export const openDictionaries = (log: EventLog, { frameworks }: AssessmentStreams) => {
  const known = new Map<string, Dictionary>()
  const readOn = readingOn(log, entries => {
    for (const entry of entries) {
      const dictionary = published(entry)
      if (dictionary) known.set(dictionary.frameworkId, dictionary)
    }
  })

  const find = async (id: string): Promise<Dictionary | undefined> => {
    const before = known.get(id)
    if (before) return before
    const framework = await frameworks.read(id)
    if (framework.status === 'absent') return undefined
    known.set(id, framework.dictionary)
    return framework.dictionary
  }

  return {
    find,

    /** In the order of their ids: all that were published before it was asked. */
    list: async (): Promise<readonly Dictionary[]> => {
      await readOn()
      return [...known.values()].toSorted((a, b) => (a.frameworkId < b.frameworkId ? -1 : 1))
    },

    /** What is wrong with the name of a competency, beyond its form. */
    problems: async (named: {
      readonly framework: string
      readonly competency: string
    }): Promise<Problems> => {
      if (codeProblem(named.framework)) return {}
      const dictionary = await find(named.framework)
      if (!dictionary) {
        const meant = near(named.framework, [...known.keys()])
        return { framework: { key: 'framework-unpublished', values: { meant } } }
      }
      const codes = dictionary.competencies.map(({ code }) => code)
      if (codeProblem(named.competency) || codes.includes(named.competency)) return {}
      const values = { framework: dictionary.frameworkId, meant: near(named.competency, codes) }
      return { competency: { key: 'competency-unlisted', values } }
    },
  }
}

const marker = 'FrameworkPublished'

/** Nearly all entries are assessments. */
const published = (entry: Uint8Array): Dictionary | undefined => {
  const event = hasText(entry, marker) ? assessmentEvents.read(entry) : undefined
  if (event?.type !== marker) return undefined
  const { type: _, ...dictionary } = event
  return dictionary
}
