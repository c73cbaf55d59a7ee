import { isDeepStrictEqual } from 'node:util'
import type { assessmentEvents } from '@jejak/events/assessment'
import type { StreamEventOf } from '@jejak/events/declaration'
import { type Decider, type Outcome, refuse } from '@jejak/eventsourcing/decider'

export type FrameworkEvent = StreamEventOf<typeof assessmentEvents, 'framework'>
export type Dictionary = Omit<FrameworkEvent, 'type'>

export type Framework =
  | { readonly status: 'absent' }
  | { readonly status: 'published'; readonly dictionary: Dictionary }

export const framework: Decider<Framework, FrameworkEvent> = {
  initial: { status: 'absent' },
  evolve: {
    FrameworkPublished: (_, { type: __, ...dictionary }) => ({ status: 'published', dictionary }),
  },
}

export type Refused = 'PublishedOtherwise'

/** Levels rest on it: another content is another dictionary. */
export const publishFramework = (
  current: Framework,
  dictionary: Dictionary,
): Outcome<FrameworkEvent, Refused> => {
  if (current.status === 'absent') return [{ type: 'FrameworkPublished', ...dictionary }]
  return isDeepStrictEqual(current.dictionary, dictionary) ? [] : refuse('PublishedOtherwise')
}
