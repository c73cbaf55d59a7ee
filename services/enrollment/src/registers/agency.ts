import {
  type AgencyEnd,
  type AgencyTitle,
  registeredAgency,
} from '@jejak/competency/agency-register'
import type { StreamEventOf } from '@jejak/events/declaration'
import type { enrollmentEvents } from '@jejak/events/enrollment'
import { type Decider, type Outcome, refuse } from '@jejak/eventsourcing/decider'

export type AgencyEvent = StreamEventOf<typeof enrollmentEvents, 'agency'>
type Of<T extends AgencyEvent['type']> = Omit<Extract<AgencyEvent, { readonly type: T }>, 'type'>

/** What was recorded of an agency, beyond what comes with the program. */
export type Agency = {
  /** In the order in which they were recorded. */
  readonly titles: readonly AgencyTitle[]
  readonly closed?: AgencyEnd
}

export const agency: Decider<Agency, AgencyEvent> = {
  initial: { titles: [] },
  evolve: {
    AgencyRegistered: (state, event) => named(state, event),
    AgencyRenamed: (state, event) => named(state, event),
    AgencyClosed: (state, { since, successor }) => ({
      ...state,
      closed: { since, ...(successor !== undefined && { successor }) },
    }),
  },
}

const named = (state: Agency, { title, since }: AgencyTitle): Agency => ({
  ...state,
  titles: [...state.titles, { title, since }],
})

export type Refused = 'AgencyUnknown' | 'AgencyRegistered' | 'AgencyClosed' | 'AgencyOpen'
type Decided = Outcome<AgencyEvent, Refused>

/** A code stands for one agency for ever: also that of one that was closed is not given again. */
export const registerAgency = (current: Agency, registration: Of<'AgencyRegistered'>): Decided => {
  const known = registeredAgency(registration.agency, current)
  if (!known) return [{ type: 'AgencyRegistered', ...registration }]
  const [{ title, since }] = known.titles
  const isSame = title === registration.title && since === registration.since
  return isSame ? [] : refuse('AgencyRegistered')
}

export const renameAgency = (current: Agency, renamed: Of<'AgencyRenamed'>): Decided => {
  const known = registeredAgency(renamed.agency, current)
  if (!known || known.titles[0].since >= renamed.since) return refuse('AgencyUnknown')
  if (known.closed && known.closed.since <= renamed.since) return refuse('AgencyClosed')
  const isKnown = known.titles.some(
    ({ title, since }) => title === renamed.title && since === renamed.since,
  )
  return isKnown ? [] : [{ type: 'AgencyRenamed', ...renamed }]
}

/** What was said of an end first stays, unless it is corrected: then the newest counts. */
export const closeAgency = (
  current: Agency,
  end: Of<'AgencyClosed'>,
  correction = false,
): Decided => {
  const known = registeredAgency(end.agency, current)
  if (!known || known.titles[0].since >= end.since) return refuse('AgencyUnknown')
  if (!known.closed) return correction ? refuse('AgencyOpen') : [{ type: 'AgencyClosed', ...end }]
  const isSame = known.closed.since === end.since && known.closed.successor === end.successor
  if (isSame) return []
  return correction ? [{ type: 'AgencyClosed', ...end }] : refuse('AgencyClosed')
}
