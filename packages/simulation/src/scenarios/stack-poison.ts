import { join } from 'node:path'
import { assessmentEvents } from '@jejak/events/assessment'
import { enrollmentEvents } from '@jejak/events/enrollment'
import type { EventOf } from '@jejak/eventsourcing/catalogue'
import type { NewEvent } from '@jejak/eventsourcing/log'
import { serviceNames } from '@jejak/local/stack-environment'
import { until } from '@jejak/local/until'
import { openMongoLog } from '@jejak/standalone/log'
import { databaseOf } from '@jejak/standalone/service'
import { v7 } from 'uuid'
import { competencies, frameworkCode } from '../workload/assessing.ts'
import type { StackFault, StackUnderTest } from './stack.ts'
import { repeated } from './stack-faults.ts'

const position = 'jabatan-uji'
const ids = '0197a000-0000-7000-8000-'
const idOf = (kind: string, number: number) => `${ids}${kind}${String(number).padStart(10, '0')}`

/** Two streams that consumers fail at, each in its own way. */
const poisonOf = (number: number) => {
  const [enrollmentId, asnId] = [idOf('e1', number), idOf('e2', number)]
  return {
    enrollmentId,
    asnId,
    position: `${position}-${number}`,
    /** Reporting fails at an event without data, until it is discarded. */
    broken: {
      service: 'reporting',
      log: 'assessment',
      stream: `standard/${position}-${number}`,
    },
    /** Certification fails at a corrupt document of its own. */
    blocked: {
      service: 'certification',
      log: 'enrollment',
      stream: `enrollment/${enrollmentId}`,
    },
  }
}
type Poison = ReturnType<typeof poisonOf>
type PoisonedStream = Poison['broken']

export const poisonedStream = new RegExp(
  `^(standard/${position}-\\d+|enrollment/${ids}e1\\d+|discards)$`,
)

const standardSet = ({ position }: Poison): EventOf<typeof assessmentEvents> => ({
  type: 'StandardSet',
  position,
  validFrom: '2026-01-01',
  legalBasis: 'SK uji',
  requirements: [{ framework: frameworkCode, competency: competencies[0], level: 3 }],
})
const nominated = ({ enrollmentId, asnId }: Poison): EventOf<typeof enrollmentEvents> => ({
  type: 'EnrollmentNominated',
  enrollmentId,
  asnId,
  programId: enrollmentId,
  cohortId: enrollmentId,
})

const publishers = ['enrollment', 'assessment'] as const
const workBetween = 60
const parkedWithinMs = 60_000

/** Parks two streams, checks that the others go on, and resumes both. */
export const poisonStreams: StackFault = repeated(async (target, number) => {
  const { stack, workload, reconnect, stop } = target
  const { parked } = workload.hr
  const one = poisonOf(number)
  // Every other time the failing services run while the events are published.
  const stopped = number % 2 === 0 ? serviceNames : publishers
  for (const name of stopped.toReversed()) await stack.services[name].stop()
  const standard = assessmentEvents.encode(standardSet(one), v7())
  await append(target, one.broken, [{ ...standard, id: v7(), data: {} }, standard])
  await append(target, one.blocked, [enrollmentEvents.encode(nominated(one), v7())])
  await put(target, one, {}) // A document without enrollments.
  for (const name of stopped) await stack.services[name].restart()
  reconnect()
  const both = [one.broken, one.blocked].map(nameOf).toSorted().join()
  await until('the parking of both streams, and of no other', parkedWithinMs, async () => {
    return (await parkedIn(target)).join() === both
  })
  const before = workload.answers.answeredAtMs.length
  await until('work beside parked streams', parkedWithinMs, async () => {
    return stop.aborted || workload.answers.answeredAtMs.length > before + workBetween
  })
  const discard = (place: PoisonedStream) => {
    const request = { requestId: v7(), ...place, version: 1, reason: 'uji coba' }
    return workload.answers.insist(() => parked.discardParked(request))
  }
  await discard(one.broken)
  const isMended = number % 4 < 2
  if (!isMended) await discard(one.blocked)
  await put(target, one, undefined)
  if (isMended) await workload.answers.insist(() => parked.retryParked(one.blocked))
  const stillParked = await parkedIn(target)
  if (stillParked.length > 0) throw new Error(`${stillParked} is parked all the same`)
})

const nameOf = ({ service, log, stream }: PoisonedStream) => `${service} ${log} ${stream}`

const parkedIn = async ({ workload: { answers, hr } }: StackUnderTest) => {
  const names: string[] = []
  for (const service of ['reporting', 'certification']) {
    const { parked } = await answers.insist(() => hr.parked.listParked({ service }))
    names.push(...parked.map(({ log, stream }) => nameOf({ service, log, stream })))
  }
  return names.toSorted()
}

/** Appends to the log of a service that is stopped. */
const append = async (
  { stack: { mongoUrl: url, folder } }: StackUnderTest,
  { log: service, stream }: PoisonedStream,
  events: readonly NewEvent[],
) => {
  const keys = join(folder, 'keys')
  const database = databaseOf(service)
  const log = await openMongoLog({ url, database, service, keys, onKey: () => {} })
  const appended = await log.append({ stream, expected: 0, events })
  await log.close()
  if ('refused' in appended) throw new Error(`${stream}: ${appended.refused}`)
}

const put = async (
  { stores: { stores } }: StackUnderTest,
  { asnId, blocked }: Poison,
  document: unknown,
) => {
  const { service } = blocked
  const documents = new Map([[`asn/${asnId}`, document]])
  await stores.certification.apply(service, { documents })
}
