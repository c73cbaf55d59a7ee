import { dayOf } from '@jejak/competency/calendar'
import { policies, type Rating } from '@jejak/competency/level'
import { inForce } from '@jejak/competency/rules'
import type { PublisherHistory } from '@jejak/consumer/port'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import { assessmentsIn } from '@jejak/history/assessed'
import { factOf } from '@jejak/history/fact'
import type { Certificates } from './certificates.ts'
import { certificateIdOf } from './number.ts'
import type { Process } from './phase.ts'
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
    ratings: await ratingsOf(history, [...records.keys()]),
    certificate,
    policy,
    today,
  }
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
  const entries: { readonly position: number; readonly entry: Uint8Array }[] = []
  for (let from = 1; ; ) {
    const { events, end } = await history(log, { stream, from })
    entries.push(...events)
    from = (events.at(-1)?.version ?? from) + 1
    if (end) return entries.flatMap(({ position, entry }) => factOf(log, position, entry) ?? [])
  }
}
