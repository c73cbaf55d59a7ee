import type { RegisteredArchive } from '@jejak/competency/archives'
import type { assessmentEvents } from '@jejak/events/assessment'
import type { StreamEventOf } from '@jejak/events/declaration'
import { type Decider, type Outcome, refuse } from '@jejak/eventsourcing/decider'

export type ArchiveEvent = StreamEventOf<typeof assessmentEvents, 'archive'>

export type Archive =
  | { readonly status: 'absent' }
  | { readonly status: 'registered'; readonly archive: RegisteredArchive }

export const archive: Decider<Archive, ArchiveEvent> = {
  initial: { status: 'absent' },
  evolve: {
    ArchiveRegistered: (_, { type: __, ...archive }) => ({ status: 'registered', archive }),
  },
}

export type Refused = 'RegisteredOtherwise'

/** A code stands for one archive for ever: only its last day can be said later. */
export const registerArchive = (
  current: Archive,
  registered: RegisteredArchive,
): Outcome<ArchiveEvent, Refused> => {
  const event = { type: 'ArchiveRegistered', ...registered } as const
  if (current.status === 'absent') return [event]
  const { title, from, until } = current.archive
  if (title !== registered.title || from !== registered.from) return refuse('RegisteredOtherwise')
  return until === registered.until ? [] : [event]
}
