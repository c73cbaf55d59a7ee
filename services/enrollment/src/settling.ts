import type { TokenStore } from '@jejak/access/tokens'
import { doublesAmong } from '@jejak/competency/enrolled-once'
import { refuse } from '@jejak/eventsourcing/decider'
import type { EventLog, NewEvent } from '@jejak/eventsourcing/log'
import { batchesOf } from '@jejak/eventsourcing/projection'
import { serial } from '@jejak/messaging/serial'
import type { Vault } from '@jejak/privacy/vault'
import type { MergeEmployeesRequest } from '@jejak/proto/jejak/enrollment/v1/employee'
import { type CallWrite, recordedOrThrow, recordedUnlessRefused } from '@jejak/rpc/write'
import type { Found, LocalDirectory } from './directory.ts'
import { erase, merge, type Refused } from './employee.ts'
import { type Begun, withdrawAs } from './enrollment.ts'
import type { Lists } from './lists.ts'
import { releaseSeat } from './programs/cohort.ts'
import { cohortReasons, employeeReasons, enrollmentReasons } from './reasons.ts'
import type { EnrollmentStreams } from './streams.ts'

/** Why an enrollment was withdrawn that nobody has withdrawn: in the log for ever. */
const because = {
  erased: 'The personal data of the person was erased.',
  double: 'Another enrollment of the same person in the same cohort counts.',
} as const

export type SettlingPorts = {
  readonly log: Pick<EventLog, 'readStreams'>
  readonly streams: EnrollmentStreams
  readonly directory: Pick<LocalDirectory, 'records' | 'survivor'>
  readonly vault: Pick<Vault, 'erase'>
  readonly lists: Lists
  readonly tokens: Pick<TokenStore, 'revokeOf'>
}

type Attributes = NonNullable<NewEvent['attributes']>

/** All enrollments of a person, under whichever record. */
const begunBy = async (
  { streams, lists }: Pick<SettlingPorts, 'streams' | 'lists'>,
  records: readonly Found[],
): Promise<readonly Begun[]> => {
  const ids = await Array.fromAsync(lists.ids(records.map(({ asnId }) => `asn/${asnId}` as const)))
  const states = await Promise.all(ids.map(streams.enrollments.read))
  return states.filter(state => state.status !== 'absent')
}

export type Settling = ReturnType<typeof openSettling>

/**
 * Ends what a merge or an erasure leaves of a person, each in its own stream: merges that only the
 * survivor has recorded, records that are not erased yet, tokens, and enrollments that can't go on,
 * with their seats. Doing it twice is doing it once. Both sides of a race call it after they have
 * written, so that the later one sees both.
 */
export const openSettling = (ports: SettlingPorts) => {
  const { streams, directory, lists } = ports

  const inTurn = serial()

  /**
   * One merge after the other, each by what those before it have stored: three records that go into
   * one another at once would be a ring, which none survives.
   */
  const mergeInto = (
    { survivorId, duplicateId, reason }: Merging,
    write: Partial<CallWrite>,
  ): ReturnType<typeof streams.employees.transact<Refused>> =>
    inTurn('merge', async () => {
      const last = (await directory.survivor(survivorId))?.asnId
      const decide = (state: Found['state']) =>
        last === duplicateId
          ? refuse('MergesInCircle')
          : merge(state, duplicateId, survivorId, reason)
      return streams.employees.transact(duplicateId, { ...write, decide })
    })

  const settle = async (asnId: string, attributes: Attributes): Promise<void> => {
    const asked = await Array.fromAsync(lists.unsettled(asnId)) // Before what it asks for is read.
    const merged = await endMerges(ports, mergeInto, asnId, attributes)
    let records = await directory.records(asnId)
    if (records.some(isErased)) {
      records = await endRecords(ports, records, attributes)
    }
    for (let round = 1; !(await endEnrollments(ports, records, attributes)); round++) {
      if (round === roundsMax) throw new Error(`the enrollments of ${asnId} keep changing`)
    }
    for (const each of asked) await lists.settled(each)
    for (const each of merged) await settle(each, attributes)
  }

  return {
    mergeInto,
    /** One person, by any record of theirs. */
    settle,
    /** What a crash has left: nobody, if every call came to its end. */
    async settleAll(): Promise<void> {
      for await (const left of batchesOf(lists.unsettled(), atOnceMax)) {
        await Promise.all(
          left.map(({ asnId, cause }) =>
            settle(asnId, { actor: 'enrollment', causationid: cause }),
          ),
        )
      }
    },
    /** All enrollments of a person, by all their records. */
    begun: (records: readonly Found[]) => begunBy({ streams, lists }, records),
    /** The person's enrollment that goes on in the cohort, if there is one. */
    async running(records: readonly Found[], cohortId: string): Promise<Begun | undefined> {
      const all = await begunBy({ streams, lists }, records)
      return all.find(each => each.nomination.cohortId === cohortId && !hasEnded(each))
    },
  }
}

type Merging = Pick<MergeEmployeesRequest, 'survivorId' | 'duplicateId' | 'reason'>

/** Each round ends something, or somebody has changed what it judged by. */
const roundsMax = 10
const atOnceMax = 64

const isErased = ({ state }: Found) => state.status === 'erased'
const hasEnded = ({ status }: Begun) => status === 'withdrawn' || status === 'refused'

/**
 * Merges what the record has absorbed, and answers which. One that survives itself, or has ended
 * otherwise meanwhile, stays; and nothing more goes into a record that is erased.
 */
const endMerges = async (
  { streams: { employees } }: SettlingPorts,
  mergeInto: Settling['mergeInto'],
  survivorId: string,
  attributes: Attributes,
): Promise<readonly string[]> => {
  const { status, absorbed } = await employees.read(survivorId)
  const merged: string[] = []
  for (const { duplicateId, reason } of status === 'erased' ? [] : absorbed) {
    const transacted = await mergeInto({ survivorId, duplicateId, reason }, { attributes })
    await recordedUnlessRefused(transacted, employeeReasons)
    if ('appended' in transacted) merged.push(duplicateId)
  }
  return merged
}

/** Erases the records of an erased person that are not: a crash, or a merge, came in between. */
const endRecords = async (
  { streams: { employees }, directory, vault, tokens }: SettlingPorts,
  records: readonly Found[],
  attributes: Attributes,
): Promise<readonly Found[]> => {
  const erasure = records.find(isErased)?.state.erasure
  if (!erasure) return records
  for (const { asnId } of records.filter(record => !isErased(record))) {
    const decide = (state: Found['state']) => erase(state, asnId, erasure)
    await recordedOrThrow(await employees.transact(asnId, { attributes, decide }), employeeReasons)
    await vault.erase(asnId)
  }
  await tokens.revokeOf(records.map(({ asnId }) => asnId))
  return directory.records(records[0]?.asnId ?? '')
}

/** False if there may be more to end. */
const endEnrollments = async (
  ports: SettlingPorts,
  records: readonly Found[],
  attributes: Attributes,
): Promise<boolean> => {
  const { cohorts, enrollments } = ports.streams
  const all = await begunBy(ports, records)
  const ends = records.some(isErased) ? all.filter(canEnd) : await doublesOf(ports, all)
  const reason = records.some(isErased) ? because.erased : because.double
  for (const { status, nomination } of ends) {
    const decide = (state: Parameters<typeof withdrawAs>[0]) => withdrawAs(state, status, reason)
    const ended = await enrollments.transact(nomination.enrollmentId, { attributes, decide })
    await recordedOrThrow(ended, enrollmentReasons)
  }
  // Of all that have ended: a crash may have come between an end and its seat.
  for (const { nomination } of [...all.filter(hasEnded), ...ends]) {
    const { enrollmentId, cohortId } = nomination
    if (!hasEnded((await enrollments.read(enrollmentId)) as Begun)) continue
    const decide = (state: Parameters<typeof releaseSeat>[0]) => releaseSeat(state, nomination)
    const released = await cohorts.transact(cohortId, { attributes, decide })
    await recordedOrThrow(released, cohortReasons)
  }
  return ends.length === 0
}

const canEnd = ({ status }: Begun) => status === 'nominated' || status === 'approved'

/** Those that don't count and can end. Which is certified matters among completed ones alone. */
const doublesOf = async (
  { log }: Pick<SettlingPorts, 'log'>,
  all: readonly Begun[],
): Promise<readonly Begun[]> => {
  const byCohort = Map.groupBy(
    all.filter(each => !hasEnded(each)),
    ({ nomination }) => nomination.cohortId,
  )
  const several = [...byCohort.values()].filter(({ length }) => length > 1).flat()
  const ids = several.map(({ nomination }) => nomination.enrollmentId)
  const first = await log.readStreams(ids.map(id => ({ stream: `enrollment/${id}`, to: 1 })))
  const doubles = doublesAmong(
    several.map(({ status, nomination }, at) => ({
      ...nomination,
      ...{ status, certified: false, nominatedAt: first[at]?.events[0]?.position ?? 0 },
    })),
  )
  return several.filter(each => canEnd(each) && doubles.has(each.nomination.enrollmentId))
}
