import { isDeepStrictEqual } from 'node:util'
import { dayOf } from '@jejak/competency/calendar'
import { policies, type Rating } from '@jejak/competency/level'
import { inForce } from '@jejak/competency/rules'
import { type PublisherHistory, streamEvents } from '@jejak/consumer/port'
import { decode } from '@jejak/eventsourcing/entry'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import { assessmentsIn } from '@jejak/history/assessed'
import { factOf } from '@jejak/history/fact'
import type { Certificates } from './certificates.ts'
import { certificateIdOf } from './number.ts'
import type { Process } from './phase.ts'
import { certificationProjector } from './projector.ts'
import {
  type EnrollmentDocument,
  enrollmentKey,
  type ProgramDocument,
  personRecords,
  programKey,
  projectionName,
} from './read-model.ts'

export type Sources = {
  readonly certificates: Pick<Certificates, 'read'>
  readonly store: Pick<ProjectionStore, 'load'>
  /** Reads the streams of assessment. */
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
  const records = enrollment ? await personRecords(load, enrollment.asnId) : new Map()
  const today = dayOf(clock())
  const policy = inForce(policies, today)
  if (!policy) throw new Error(`no policy says which level counts on ${today}`)
  return {
    enrollmentId,
    enrollment,
    program,
    records: [...records.keys()],
    ratings: await ratingsOf(history, [...records.keys()]),
    certificate,
    policy,
    today,
  }
}

/** The read model says otherwise than the entries of the logs, which are proven. */
export class ReadModelDiffers extends Error {
  override name = 'ReadModelDiffers'
}

/**
 * The same again, from proven entries alone: those of the enrollment, of its programme and, if
 * there are several, of the person's records. The read model only says which these are. Throws
 * `EntryAltered`, and `ReadModelDiffers` if the read model has the enrollment otherwise.
 */
export const provenProcessOf = async (
  { proven, ...sources }: Sources & { readonly proven: PublisherHistory },
  { enrollmentId, enrollment, program, records }: Process,
): Promise<Process> => {
  const documents = new Map<string, unknown>()
  const load = async (keys: readonly string[]) => keys.map(key => documents.get(key))
  const streams = [
    `program/${enrollment?.programId}`,
    ...(records.length > 1 ? records.map(asnId => `employee/${asnId}`) : []),
    `enrollment/${enrollmentId}`,
  ]
  for (const stream of streams) {
    for (const event of await streamEvents(proven, 'enrollment', stream)) {
      const message = { log: 'enrollment', stream, ...event }
      const changed = await certificationProjector(message, decode(event.entry), load)
      for (const [key, document] of changed) documents.set(key, document)
    }
  }
  const store = { load: (_: string, keys: readonly string[]) => load(keys) }
  const process = await processOf({ ...sources, store, history: proven }, enrollmentId)
  if (isDeepStrictEqual([process.enrollment, process.program], [enrollment, program])) {
    return process
  }
  throw new ReadModelDiffers(
    `certification has read of ${enrollmentId} what the log of enrollment does not say`,
  )
}

const log = 'assessment'

/**
 * All ratings of a person, whatever record they came under, as the log of assessment has them now.
 * Certification keeps none: an event of assessment only says that it is time to look.
 */
const ratingsOf = async (
  history: PublisherHistory,
  records: readonly string[],
): Promise<readonly Rating[]> => {
  const streams = await Promise.all(records.map(asnId => factsIn(history, `competency/${asnId}`)))
  return assessmentsIn(streams.flat().toSorted((a, b) => a.position - b.position)).ratings
}

const factsIn = async (history: PublisherHistory, stream: string) => {
  const events = await streamEvents(history, log, stream)
  return events.flatMap(({ position, entry }) => factOf(log, position, entry) ?? [])
}
