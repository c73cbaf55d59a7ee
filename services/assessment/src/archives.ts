import {
  archives as builtIn,
  type RegisteredArchive,
  takesDocumentOf,
} from '@jejak/competency/archives'
import { near } from '@jejak/competency/near'
import { assessmentEvents } from '@jejak/events/assessment'
import { keptBriefly } from '@jejak/eventsourcing/kept-briefly'
import type { EventLog } from '@jejak/eventsourcing/log'
import { hasText, readingOn } from '@jejak/eventsourcing/read-on'
import type { Evidence } from '@jejak/proto/jejak/assessment/v1/assessment'
import {
  codeProblem,
  type FieldProblem,
  identifierProblem,
  type Problems,
} from '@jejak/rpc/validate'
import type { AssessmentStreams } from './streams.ts'

export type Archives = ReturnType<typeof openArchives>

/** The register of archives, which each assessment with a document in one asks. */
export const openArchives = (log: EventLog, { archives }: AssessmentStreams) => {
  const known = new Map<string, RegisteredArchive>(builtIn.map(archive => [archive.code, archive]))
  const readOn = readingOn(log, entries => {
    for (const entry of entries) {
      const archive = registeredIn(entry)
      if (archive) known.set(archive.code, archive)
    }
  })

  const found = keptBriefly(async (code: string): Promise<RegisteredArchive | undefined> => {
    const state = await archives.read(code)
    if (state.status === 'absent') return undefined
    known.set(code, state.archive)
    return state.archive
  })

  const unregistered = async (code: string, day: string, today: string): Promise<FieldProblem> => {
    const archive = await found.ask(code)
    if (archive && takesDocumentOf(archive, day, today)) return undefined
    const open = [...known.values()].filter(each => takesDocumentOf(each, day, today))
    const codes = open.map(({ code }) => code)
    return { key: 'archive-unregistered', values: { meant: near(code, codes) } }
  }

  return {
    /** Reads it again for the next question: it was written. */
    changed: found.forget,

    /** In the order of their codes: all that were registered before it was asked. */
    list: async (): Promise<readonly RegisteredArchive[]> => {
      await readOn()
      return [...known.values()].toSorted((a, b) => (a.code < b.code ? -1 : 1))
    },

    /** What is wrong with the place of a document of this day. */
    problems: async (document: Evidence, day: string, today: string): Promise<Problems> => {
      const { archive: code, identifier, uri } = document
      const address = uri === '' ? {} : { uri: 'evidence-address' as const }
      if (code === '') {
        if (identifier === '') return address
        return {
          ...address,
          archive: 'archive-missing',
          identifier: identifierProblem(identifier),
        }
      }
      return {
        ...address,
        archive: codeProblem(code) ?? (await unregistered(code, day, today)),
        identifier: identifier === '' ? 'identifier-missing' : identifierProblem(identifier),
      }
    },
  }
}

const marker = 'ArchiveRegistered'

/** Nearly all entries are assessments. */
const registeredIn = (entry: Uint8Array): RegisteredArchive | undefined => {
  const event = hasText(entry, marker) ? assessmentEvents.read(entry) : undefined
  if (event?.type !== marker) return undefined
  const { type: _, ...archive } = event
  return archive
}
