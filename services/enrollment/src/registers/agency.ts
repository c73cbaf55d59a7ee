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
  /** Whether a closing was withdrawn last. */
  readonly withdrawn?: true
}

export const agency: Decider<Agency, AgencyEvent> = {
  initial: { titles: [] },
  evolve: {
    AgencyRegistered: (state, event) => named(state, event),
    AgencyRenamed: (state, event) => named(state, event),
    AgencyClosed: ({ titles }, { since, successor }) => ({
      titles,
      closed: { since, ...(successor !== undefined && { successor }) },
    }),
    AgencyClosingWithdrawn: ({ titles }) => ({ titles, withdrawn: true }),
  },
}

const named = (state: Agency, { title, since }: AgencyTitle): Agency => ({
  ...state,
  titles: [...state.titles, { title, since }],
})

export type Refused =
  | 'AgencyUnknown'
  | 'AgencyRegistered'
  | 'AgencyClosed'
  | 'AgencyOpen'
  | 'NamedLater'
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

/**
 * The first end stays, unless it is corrected: then the newest counts. It may overtake a name that
 * has not begun by `today`, the day in Makassar, and not one that the agency has had.
 */
export const closeAgency = (
  current: Agency,
  end: Of<'AgencyClosed'>,
  today: string,
  correction = false,
): Decided => {
  const named = registeredAgency(end.agency, { titles: current.titles })
  if (!named || named.titles[0].since >= end.since) return refuse('AgencyUnknown')
  const { closed } = current
  if (closed?.since === end.since && closed.successor === end.successor) return []
  if (closed && !correction) return refuse('AgencyClosed')
  if (!closed && correction) return refuse('AgencyOpen')
  const hasBegun = ({ since }: AgencyTitle) =>
    since <= today && (closed === undefined || since < closed.since)
  const isNamedLater = named.titles.some(title => title.since >= end.since && hasBegun(title))
  return isNamedLater ? refuse('NamedLater') : [{ type: 'AgencyClosed', ...end }]
}

/** As if it had never been closed. */
export const withdrawClosing = (
  current: Agency,
  withdrawal: Of<'AgencyClosingWithdrawn'>,
): Decided => {
  if (!registeredAgency(withdrawal.agency, current)) return refuse('AgencyUnknown')
  if (current.closed) return [{ type: 'AgencyClosingWithdrawn', ...withdrawal }]
  return current.withdrawn ? [] : refuse('AgencyOpen')
}
