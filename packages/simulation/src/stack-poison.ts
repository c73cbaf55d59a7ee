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
import { competencies, framework } from './assessing.ts'
import { within } from './scenario.ts'
import type { Fault, Ground } from './stack-scenario.ts'

const enrollmentId = '0197a000-0000-7000-8000-0000000000e1'
const asnId = '0197a000-0000-7000-8000-0000000000e2'
const position = 'jabatan-uji'

/** Reporting fails at an event that says nothing, and is told to go on without it. */
const broken = { service: 'reporting', log: 'assessment', stream: `standard/${position}` }
/** Certification fails at a document of its own, which is mended. */
const blocked = {
  service: 'certification',
  log: 'enrollment',
  stream: `enrollment/${enrollmentId}`,
}
const streams = [broken, blocked]

export const poisoned = new RegExp(`^(${broken.stream}|${blocked.stream}|discards)$`)

const standardSet: EventOf<typeof assessmentEvents> = {
  type: 'StandardSet',
  position,
  validFrom: '2026-01-01',
  legalBasis: 'SK uji',
  requirements: [{ framework, competency: competencies[0], level: 3 }],
}
const nominated: EventOf<typeof enrollmentEvents> = {
  type: 'EnrollmentNominated',
  enrollmentId,
  asnId,
  programId: enrollmentId,
  cohortId: enrollmentId,
}

const workBetween = 60
const parkedWithinMs = 60_000

/** Parks two streams, lets the others flow on, and has both go on. */
export const poison: Fault = async ground => {
  const { world, stack, office, renew } = ground
  await within(world.random, 0, 1_500)
  for (const name of serviceNames.toReversed()) await stack.services[name].stop()
  const standard = assessmentEvents.encode(standardSet, v7())
  await append(ground, broken, [{ ...standard, id: v7(), data: {} }, standard])
  await append(ground, blocked, [enrollmentEvents.encode(nominated, v7())])
  await put(ground, {}) // It has no enrollments to add one to.
  for (const name of serviceNames) await stack.services[name].restart()
  renew()
  const { parked } = office.hr
  await until('the parking of both streams', parkedWithinMs, async () => {
    return (await parkedIn(ground)).join() === streams.map(nameOf).toSorted().join()
  })
  const before = office.ledger.answers.length
  await until('work beside parked streams', parkedWithinMs, async () => {
    return ground.stop.aborted || office.ledger.answers.length > before + workBetween
  })
  const discard = { requestId: v7(), ...broken, version: 1, reason: 'uji coba' }
  await office.ledger.insist(() => parked.discardParked(discard))
  await put(ground, undefined)
  await office.ledger.insist(() => parked.retryParked(blocked))
  world.progress()
  return (await parkedIn(ground)).map(stream => `${stream} is parked all the same`)
}

const nameOf = ({ service, log, stream }: typeof broken) => `${service} ${log} ${stream}`

const parkedIn = async ({ office: { ledger, hr } }: Ground) => {
  const names: string[] = []
  for (const { service } of streams) {
    const { parked } = await ledger.insist(() => hr.parked.listParked({ service }))
    names.push(...parked.map(({ log, stream }) => nameOf({ service, log, stream })))
  }
  return names.toSorted()
}

/** Nobody else writes to the log: its service has ended. */
const append = async (
  { stack: { mongoUrl: url, folder } }: Ground,
  { log: service, stream }: typeof broken,
  events: readonly NewEvent[],
) => {
  const keys = join(folder, 'keys')
  const database = databaseOf(service)
  const log = await openMongoLog({ url, database, service, keys, onKey: () => {} })
  const appended = await log.append({ stream, expected: 0, events })
  await log.close()
  if ('refused' in appended) throw new Error(`${stream}: ${appended.refused}`)
}

const put = async ({ kept: { stores } }: Ground, document: unknown) => {
  const { service } = blocked
  const from = await stores.certification.cursor(service, 'test')
  const documents = new Map([[`asn/${asnId}`, document]])
  await stores.certification.apply(service, { reader: 'test', from, to: from, documents })
}
