import { isDeepStrictEqual } from 'node:util'
import type { StreamEventOf } from '@jejak/events/declaration'
import type { enrollmentEvents } from '@jejak/events/enrollment'
import { type Decider, type Outcome, refuse } from '@jejak/eventsourcing/decider'

export type ProgramEvent = StreamEventOf<typeof enrollmentEvents, 'program'>
export type Syllabus = Omit<ProgramEvent, 'type'>

export type Program =
  | { readonly status: 'absent' }
  | { readonly status: 'published'; readonly syllabus: Syllabus }

export const program: Decider<Program, ProgramEvent> = {
  initial: { status: 'absent' },
  evolve: {
    ProgramPublished: (_, { type: __, ...syllabus }) => ({ status: 'published', syllabus }),
  },
}

export type Refused = 'PublishedOtherwise'

export const publishProgram = (
  current: Program,
  syllabus: Syllabus,
): Outcome<ProgramEvent, Refused> => {
  if (current.status === 'absent') return [{ type: 'ProgramPublished', ...syllabus }]
  return isDeepStrictEqual(current.syllabus, syllabus) ? [] : refuse('PublishedOtherwise')
}
