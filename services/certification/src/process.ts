import { dayOf } from '@jejak/competency/calendar'
import { policies } from '@jejak/competency/level'
import { inForce } from '@jejak/competency/rules'
import type { PublisherHistory } from '@jejak/consumer/consumer'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import type { Certificates } from './certificates.ts'
import { type Enrollment, enrollmentKey, type Program, programKey } from './effect.ts'
import { certificateIdOf } from './number.ts'
import { personRecords } from './person.ts'
import type { Process } from './phase.ts'
import { ratingsOf } from './ratings.ts'

/** The consumer's name, and that of the projection which has its documents. */
export const consumer = 'certification'

export type Sources = {
  readonly certificates: Pick<Certificates, 'read'>
  readonly store: Pick<ProjectionStore, 'load'>
  /** Reads the streams of assessment. */
  readonly history: PublisherHistory
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

/** What is known of an enrollment now. */
export const processOf = async (
  { certificates, store, history, clock }: Sources,
  enrollmentId: string,
): Promise<Process> => {
  const load = (keys: readonly string[]) => store.load(consumer, keys)
  const [certificate = { status: 'absent' }] = await certificates.read([
    certificateIdOf(enrollmentId),
  ])
  const [enrollment] = (await load([enrollmentKey(enrollmentId)])) as [Enrollment | undefined]
  const [program] = (enrollment ? await load([programKey(enrollment.programId)]) : []) as [Program?]
  const records = enrollment ? await personRecords(load, enrollment.asnId) : new Map()
  const today = dayOf(clock())
  const policy = inForce(policies, today)
  if (!policy) throw new Error(`no policy says which level counts on ${today}`)
  return {
    enrollmentId,
    enrollment,
    program,
    ratings: await ratingsOf(history, [...records.keys()]),
    certificate,
    policy,
    today,
  }
}
