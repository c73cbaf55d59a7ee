import { isDeepStrictEqual } from 'node:util'
import { dayOf } from '@jejak/competency/calendar'
import { doublesAmong } from '@jejak/competency/enrolled-once'
import type { LevelRuleSet, Rating } from '@jejak/competency/level'
import { type PublisherHistory, streamEvents } from '@jejak/consumer/port'
import { decode } from '@jejak/eventsourcing/entry'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import { otherRecordOf } from '@jejak/history/about'
import { assessmentsIn } from '@jejak/history/assessed'
import { factOf, type LogName } from '@jejak/history/fact'
import { adoptedIn, ruleStream } from '@jejak/history/reference'
import { ruleSetsOf } from '@jejak/rules/rule-sets'
import type { Certificates } from './certificates.ts'
import { type Known, type KnownPorts, openKnown } from './known.ts'
import { certificateIdOf } from './number.ts'
import type { Process } from './phase.ts'
import { certificationProjector } from './projector.ts'
import {
  type EnrollmentDocument,
  enrollmentKey,
  type PersonRecord,
  type ProgramDocument,
  personRecords,
  programKey,
  projectionName,
} from './read-model.ts'

export type Sources = {
  readonly certificates: Pick<Certificates, 'read'>
  readonly store: Pick<ProjectionStore, 'load'>
  /** Reads the streams of assessment, and of enrollment those of the rules. */
  readonly history: PublisherHistory
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

/** The state of an enrollment now. */
export const processOf = async (
  { certificates, store, history, clock }: Sources,
  enrollmentId: string,
): Promise<Process> => {
  const load = (keys: readonly string[]) => store.load(projectionName, keys)
  const [certificate = { status: 'absent' }] = await certificates.read([
    certificateIdOf(enrollmentId),
  ])
  const [enrollment] = (await load([enrollmentKey(enrollmentId)])) as [EnrollmentDocument?]
  const [program] = (enrollment ? await load([programKey(enrollment.programId)]) : []) as [
    ProgramDocument?,
  ]
  const records = enrollment
    ? await personRecords(load, enrollment.asnId)
    : new Map<string, PersonRecord>()
  const alike = enrollment ? await alikeOf(load, records, enrollmentId, enrollment) : []
  const today = dayOf(clock())
  return {
    enrollmentId,
    enrollment,
    program,
    records: [...records.keys()],
    erased: [...records.values()].some(({ erased }) => erased),
    alike: alike.map(each => each.enrollmentId),
    countsInstead: enrollment && (await countingOf(certificates, enrollmentId, enrollment, alike)),
    ratings: await ratingsOf(history, [...records.keys()]),
    certificate,
    policy: await levelRulesOn(history, today),
    today,
  }
}

type Alike = EnrollmentDocument & { readonly enrollmentId: string }

/** The person's other enrollments in the same cohort, under any record, that were completed. */
const alikeOf = async (
  load: (keys: readonly string[]) => Promise<readonly unknown[]>,
  records: ReadonlyMap<string, PersonRecord>,
  enrollmentId: string,
  { cohortId }: EnrollmentDocument,
): Promise<readonly Alike[]> => {
  const all = [...records.values()].flatMap(({ enrollments }) => enrollments)
  const ids = all.filter(id => id !== enrollmentId)
  const found = (await load(ids.map(enrollmentKey))) as readonly (EnrollmentDocument | undefined)[]
  return ids.flatMap((id, at) => {
    const other = found[at]
    const isAlike = other && other.status !== 'open' && cohortId && other.cohortId === cohortId
    return isAlike ? [{ ...other, enrollmentId: id }] : []
  })
}

/**
 * The enrollment that has the one certificate of the person for the cohort, valid or revoked, or
 * the one that is to have it. Undefined if that is the enrollment itself.
 */
const countingOf = async (
  certificates: Sources['certificates'],
  enrollmentId: string,
  enrollment: EnrollmentDocument,
  alike: readonly Alike[],
): Promise<string | undefined> => {
  if (alike.length === 0) return undefined
  const issued = await certificates.read(alike.map(each => certificateIdOf(each.enrollmentId)))
  const holder = alike.find((_, at) => issued[at]?.status !== 'absent')
  if (holder) return holder.enrollmentId
  const doubles = doublesAmong(
    [{ ...enrollment, enrollmentId }, ...alike].map(each => ({
      ...{ enrollmentId: each.enrollmentId, cohortId: each.cohortId ?? '', certified: false },
      status: each.status === 'open' ? ('nominated' as const) : ('completed' as const),
      nominatedAt: each.nominatedAt ?? 0,
    })),
  )
  return doubles.get(enrollmentId)?.enrollmentId
}

/** The read model says otherwise than the entries of the logs, which are proven. */
export class ReadModelDiffers extends Error {
  override name = 'ReadModelDiffers'
}

/** A process as entries tell it that are each proven, and those entries. */
export type ProvenProcess = {
  readonly process: Process
  readonly known: Known
}

/**
 * The same again, from proven entries alone: those of the enrollment, of its programme and of the
 * person's records. The read model only says which these are. It is decided on what logs had when
 * their heads were read, and on nothing later. Throws `EntryAltered`, and `ReadModelDiffers` if the
 * read model has the enrollment otherwise.
 */
export const provenProcessOf = async (
  sources: Sources & KnownPorts,
  process: Process,
): Promise<ProvenProcess> => {
  for (let readings = 1; ; readings++) {
    const known = await openKnown(sources)
    const proven = await processAt({ ...sources, proven: known.history }, process).catch(
      (error: unknown) => error as Error,
    )
    // What came meanwhile is behind the heads: they are read again, and so is all the rest.
    const isBehind = known.hasMore() && readings < readingsMax
    if (!isBehind && proven instanceof Error) throw proven
    if (!isBehind && !(proven instanceof Error)) return { process: proven, known }
  }
}

/** A log that grows faster than one stream of it is read is tried again later. */
const readingsMax = 5

const processAt = async (
  { proven, ...sources }: Sources & { readonly proven: PublisherHistory },
  { enrollmentId, enrollment, program, records, alike }: Process,
): Promise<Process> => {
  const documents = new Map<string, unknown>()
  const load = async (keys: readonly string[]) => keys.map(key => documents.get(key))
  const apply = async (stream: string) => {
    const events = await streamEvents(proven, 'enrollment', stream)
    for (const event of events) {
      const message = { log: 'enrollment', stream, ...event }
      const changed = await certificationProjector(message, decode(event.entry), load)
      for (const [key, document] of changed) documents.set(key, document)
    }
    return events.flatMap(({ position, entry }) => factOf('enrollment', position, entry) ?? [])
  }
  await apply(`program/${enrollment?.programId}`)
  const asnIds = new Set(records)
  for (const asnId of asnIds) {
    // Also records that the read model has not heard of yet.
    for (const fact of await apply(`employee/${asnId}`)) asnIds.add(otherRecordOf(fact) ?? asnId)
  }
  for (const id of [...alike, enrollmentId]) await apply(`enrollment/${id}`)
  const store = { load: (_: string, keys: readonly string[]) => load(keys) }
  const process = await processOf({ ...sources, store, history: proven }, enrollmentId)
  const judged = (one: EnrollmentDocument | undefined) => [one?.asnId, one?.programId, one?.status]
  if (
    isDeepStrictEqual(judged(process.enrollment), judged(enrollment)) &&
    isDeepStrictEqual(process.program, program)
  ) {
    return process
  }
  throw new ReadModelDiffers(
    `certification has read of ${enrollmentId} what the log of enrollment does not say`,
  )
}

/** The rules of the day, by the sets that were adopted up to now. */
const levelRulesOn = async (history: PublisherHistory, day: string): Promise<LevelRuleSet> => {
  const adopted = await factsIn(history, 'enrollment', ruleStream('level-policy'))
  const rules = ruleSetsOf(adoptedIn(adopted)).on('level-policy', day)
  if (!rules) throw new Error(`no rules say which level counts on ${day}`)
  return rules
}

/**
 * All ratings of a person, whatever record they came under, as the log of assessment has them now.
 * Certification keeps none: an event of assessment only says that it is time to look.
 */
const ratingsOf = async (
  history: PublisherHistory,
  records: readonly string[],
): Promise<readonly Rating[]> => {
  const streams = await Promise.all(
    records.map(asnId => factsIn(history, 'assessment', `competency/${asnId}`)),
  )
  return assessmentsIn(streams.flat().toSorted((a, b) => a.position - b.position)).ratings
}

const factsIn = async (history: PublisherHistory, log: LogName, stream: string) => {
  const events = await streamEvents(history, log, stream)
  return events.flatMap(({ position, entry }) => factOf(log, position, entry) ?? [])
}
