import { assessmentEvents } from '@jejak/events/assessment'
import { decode } from '@jejak/eventsourcing/entry'
import type { EventLog } from '@jejak/eventsourcing/log'
import { hasText, readingOn } from '@jejak/eventsourcing/read-on'
import { recordedOrThrow } from '@jejak/rpc/write'
import { type Competency, endContest, markOverdue } from '../competency.ts'
import type { People } from '../people.ts'
import { competencyReasons } from '../reasons.ts'
import type { AssessmentStreams } from '../streams.ts'

/** A contest that is not decided, as the log has it. */
export type WaitingContest = {
  readonly contestId: string
  /** The record that it was filed for, which may have been merged since. */
  readonly asnId: string
  readonly assessmentId: string
  /** RFC 3339. */
  readonly filedAt: string
  /** The last day to decide it, and the rule set that says so; empty if no rules held. */
  readonly dueOn: string
  readonly ruleSet: string
  /** The log has that it is. */
  readonly isOverdue: boolean
}

export const isOverdueOn = ({ dueOn }: Pick<WaitingContest, 'dueOn'>, today: string): boolean =>
  dueOn !== '' && dueOn < today

/** The contests of a log that wait for a decision, in memory: few of all are open at once. */
export const openWaitingContests = (log: Pick<EventLog, 'read'>) => {
  const waiting = new Map<string, WaitingContest>()
  const readOn = readingOn(log, entries => {
    for (const entry of entries) if (hasText(entry, marker)) apply(waiting, entry)
  })
  return async (): Promise<readonly WaitingContest[]> => {
    await readOn()
    return [...waiting.values()]
  }
}

/** In the types of the events below. Nearly all entries are assessments. */
const marker = 'Contest'

const apply = (waiting: Map<string, WaitingContest>, entry: Uint8Array): void => {
  const event = assessmentEvents.read(entry)
  if (event?.type === 'AssessmentContested') {
    const { contestId, asnId, assessmentId, dueOn = '', ruleSet = '' } = event
    const filedAt = decode(entry).time
    const contest = { contestId, asnId, assessmentId, filedAt, dueOn, ruleSet }
    waiting.set(contestId, { ...contest, isOverdue: false })
  } else if (event?.type === 'ContestOverdue') {
    const before = waiting.get(event.contestId)
    if (before) waiting.set(event.contestId, { ...before, isOverdue: true })
  } else if (event?.type === 'ContestResolved' || event?.type === 'ContestEnded') {
    waiting.delete(event.contestId)
  }
}

export type ContestClockPorts = {
  readonly streams: AssessmentStreams
  readonly people: Pick<People, 'persons'>
  readonly waiting: () => Promise<readonly WaitingContest[]>
  readonly today: () => string
}

/**
 * Records of each open contest what time and enrollment have made of it: that its last day has
 * passed, or that it ends, for its person was erased. Doing it twice is doing it once.
 */
export const checkContests = async (ports: ContestClockPorts): Promise<void> => {
  const all = await ports.waiting()
  const persons = await ports.people.persons(all.map(({ asnId }) => asnId))
  const today = ports.today()
  for (const [at, { contestId, asnId, ...contest }] of all.entries()) {
    const named = { contestId, asnId }
    const isErased = persons[at]?.status === 'erased'
    if (!isErased && (contest.isOverdue || !isOverdueOn(contest, today))) continue
    const decide = (state: Competency) =>
      isErased ? endContest(state, named) : markOverdue(state, named, today)
    const attributes = { actor: 'assessment' }
    const transacted = await ports.streams.competencies.transact(asnId, { attributes, decide })
    await recordedOrThrow(transacted, competencyReasons)
  }
}
