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
import { competencies, framework } from '../workload/assessing.ts'
import type { Fault, Ground } from './stack.ts'
import { again } from './stack-faults.ts'

const position = 'jabatan-uji'
const ids = '0197a000-0000-7000-8000-'
const idOf = (kind: string, number: number) => `${ids}${kind}${String(number).padStart(10, '0')}`

/** Two streams that fail, each its own way. */
const poisonOf = (number: number) => {
  const [enrollmentId, asnId] = [idOf('e1', number), idOf('e2', number)]
  return {
    enrollmentId,
    asnId,
    position: `${position}-${number}`,
    /** Reporting fails at an event that says nothing, and is told to go on without it. */
    broken: {
      service: 'reporting',
      log: 'assessment',
      stream: `standard/${position}-${number}`,
    },
    /** Certification fails at a document of its own. */
    blocked: {
      service: 'certification',
      log: 'enrollment',
      stream: `enrollment/${enrollmentId}`,
    },
  }
}
type Poison = ReturnType<typeof poisonOf>
type Place = Poison['broken']

export const poisoned = new RegExp(`^(standard/${position}-\\d+|enrollment/${ids}e1\\d+|discards)$`)

const standardSet = ({ position }: Poison): EventOf<typeof assessmentEvents> => ({
  type: 'StandardSet',
  position,
  validFrom: '2026-01-01',
  legalBasis: 'SK uji',
  requirements: [{ framework, competency: competencies[0], level: 3 }],
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

/** Parks two streams, lets the others flow on, and has both go on. */
export const poison: Fault = again(async (ground, number) => {
  const { stack, office, renew, stop } = ground
  const { parked } = office.hr
  const one = poisonOf(number)
  // Every other time those who fail hear of it as they run.
  const names = number % 2 === 0 ? serviceNames : publishers
  for (const name of names.toReversed()) await stack.services[name].stop()
  const standard = assessmentEvents.encode(standardSet(one), v7())
  await append(ground, one.broken, [{ ...standard, id: v7(), data: {} }, standard])
  await append(ground, one.blocked, [enrollmentEvents.encode(nominated(one), v7())])
  await put(ground, one, {}) // It has no enrollments to add one to.
  for (const name of names) await stack.services[name].restart()
  renew()
  const both = [one.broken, one.blocked].map(nameOf).toSorted().join()
  await until('the parking of both streams, and of no other', parkedWithinMs, async () => {
    return (await parkedIn(ground)).join() === both
  })
  const before = office.ledger.answers.length
  await until('work beside parked streams', parkedWithinMs, async () => {
    return stop.aborted || office.ledger.answers.length > before + workBetween
  })
  const discard = (place: Place) => {
    const request = { requestId: v7(), ...place, version: 1, reason: 'uji coba' }
    return office.ledger.insist(() => parked.discardParked(request))
  }
  await discard(one.broken)
  const isMended = number % 4 < 2
  if (!isMended) await discard(one.blocked)
  await put(ground, one, undefined)
  if (isMended) await office.ledger.insist(() => parked.retryParked(one.blocked))
  const left = await parkedIn(ground)
  if (left.length > 0) throw new Error(`${left} is parked all the same`)
})

const nameOf = ({ service, log, stream }: Place) => `${service} ${log} ${stream}`

const parkedIn = async ({ office: { ledger, hr } }: Ground) => {
  const names: string[] = []
  for (const service of ['reporting', 'certification']) {
    const { parked } = await ledger.insist(() => hr.parked.listParked({ service }))
    names.push(...parked.map(({ log, stream }) => nameOf({ service, log, stream })))
  }
  return names.toSorted()
}

/** Nobody else writes to the log: its service has ended. */
const append = async (
  { stack: { mongoUrl: url, folder } }: Ground,
  { log: service, stream }: Place,
  events: readonly NewEvent[],
) => {
  const keys = join(folder, 'keys')
  const database = databaseOf(service)
  const log = await openMongoLog({ url, database, service, keys, onKey: () => {} })
  const appended = await log.append({ stream, expected: 0, events })
  await log.close()
  if ('refused' in appended) throw new Error(`${stream}: ${appended.refused}`)
}

const put = async ({ kept: { stores } }: Ground, { asnId, blocked }: Poison, document: unknown) => {
  const { service } = blocked
  const documents = new Map([[`asn/${asnId}`, document]])
  await stores.certification.apply(service, { documents })
}
