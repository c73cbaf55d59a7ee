import { dayBefore } from '@jejak/competency/calendar'
import { servedAfter } from '@jejak/competency/days'
import { recordsMax } from '@jejak/competency/person-records'
import type { Retained } from '@jejak/competency/retention'
import { isRefusal } from '@jejak/eventsourcing/decider'
import { commitment, plain } from '@jejak/privacy/seal'
import type { Vault } from '@jejak/privacy/vault'
import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { authorise } from '@jejak/rpc/authorise'
import { refusedBy } from '@jejak/rpc/error'
import type { Handlers } from '@jejak/rpc/implement'
import type { Recall } from '@jejak/rpc/recall'
import { warningOf } from '@jejak/rpc/validate'
import { attributesOf, joinRecorded, recordedOrThrow } from '@jejak/rpc/write'
import type { Claims } from './claims/claims.ts'
import { type Found, type LocalDirectory, personOf } from './directory.ts'
import { absorb, changeNip, erase, merge, post, register } from './employee.ts'
import {
  checkMerge,
  nipChangeWarnings,
  type PostingRegisters,
  postingWarnings,
  readErasure,
  readNipChange,
  readPosted,
  readRegistration,
} from './employee-request.ts'
import type { Lists } from './lists.ts'
import { reserving } from './nips.ts'
import { employeeReasons } from './reasons.ts'
import type { Agencies } from './registers/agencies.ts'
import type { Settling } from './settling.ts'
import type { EnrollmentStreams } from './streams.ts'
import { keyedContent, repeatedOf, writingOf } from './writing.ts'

type Handler = Handlers<typeof EmployeeService>
const { method } = EmployeeService

export type EmployeePorts = PostingRegisters & {
  readonly streams: EnrollmentStreams
  readonly directory: LocalDirectory
  readonly vault: Vault
  readonly claims: Pick<Claims, 'endOf' | 'endDoubles'>
  readonly lists: Pick<Lists, 'ids'>
  /** The day in Makassar. */
  readonly today: () => string
  readonly agencies: Agencies
  readonly settling: Settling
}

export const registering = (ports: EmployeePorts) => {
  const { streams, directory, vault, agencies, today } = ports
  const { employees } = streams
  const reserve = reserving(employees, directory, vault)
  return (async (request, call) => {
    const { asnId, person, posting, warnings } = await readRegistration(request, ports, today())
    const agency = await agencies.bringing(posting.agency)
    authorise(call, 'enrollment.RegisterEmployee', { agency })
    // Once the stream has begun this is a retry, or another's id: a NIP is not its to reserve.
    const { status } = await employees.read(asnId)
    if (status === 'absent') await reserve(call, person.nip, asnId)
    // And its key is in the log: another would open nothing of it.
    const key = status === 'absent' ? await vault.create(asnId) : (await vault.keys([asnId]))[0]
    if (!key) throw refusedBy('KEY_LOST')
    if (key === 'erased') throw refusedBy('EMPLOYEE_ERASED')
    const transacted = await employees.transact(asnId, {
      ...writingOf(call, method.registerEmployee, request, { key }),
      decide: state =>
        register(state, {
          asnId,
          keyId: key.keyId,
          commitment: commitment(key),
          person: plain(key, person),
          posting,
        }),
    })
    if ('unchanged' in transacted) throw refusedBy('REQUEST_ID_REUSED')
    return { asnId, recorded: await recordedOrThrow(transacted, employeeReasons), warnings }
  }) satisfies Handler['registerEmployee']
}

export const changingNip = ({ streams, directory, vault }: EmployeePorts) => {
  const { employees } = streams
  const reserve = reserving(employees, directory, vault)
  return (async (request, call) => {
    const change = readNipChange(request)
    const { asnId, nip, reason, since } = change
    authorise(call, 'enrollment.ChangeNip', {})
    const [key] = await vault.keys([asnId])
    if (!key) throw refusedBy('EMPLOYEE_UNKNOWN')
    if (key === 'erased') throw refusedBy('EMPLOYEE_ERASED')
    const write = writingOf(call, method.changeNip, request, { key })
    const before = await repeatedOf(streams, write)
    const current = await employees.read(asnId)
    const warnings = nipChangeWarnings(change, personOf(current, key, dayBefore(since)))
    if (before) return { recorded: before, warnings }
    if (current.status === 'active') await reserve(call, nip, asnId)
    const [life = {}] = await directory.lifeDays([asnId])
    const transacted = await employees.transact(asnId, {
      ...write,
      decide: state => {
        const sealed = { asnId, nip: plain(key, nip), reason, since }
        const held = personOf(state, key, since)?.nip === nip
        return changeNip(state, sealed, held, life)
      },
    })
    return { recorded: await recordedOrThrow(transacted, employeeReasons), warnings }
  }) satisfies Handler['changeNip']
}

export const posting = (ports: EmployeePorts) =>
  (async (request, call) => {
    const { streams, directory } = ports
    const { asnId, posting } = await readPosted(request, ports)
    authorise(call, 'enrollment.PostEmployee', {})
    const [life = {}] = await directory.lifeDays([asnId])
    const suggest = await directory.suggesting(asnId)
    const transacted = await streams.employees.transact(asnId, {
      ...writingOf(call, method.postEmployee, request),
      decide: state => post(state, asnId, posting, life, suggest),
    })
    const recorded = await recordedOrThrow(transacted, employeeReasons)
    return { recorded, warnings: postingWarnings(posting, life) }
  }) satisfies Handler['postEmployee']

/** What the two had twice, as seats in one cohort, ends once they are one person. */
export const merging = (ports: EmployeePorts) => {
  const { directory, settling, claims } = ports
  const { employees } = ports.streams
  return (async (request, call) => {
    checkMerge(request)
    authorise(call, 'enrollment.MergeEmployees', {})
    const { survivorId, duplicateId, reason } = request
    const { mergedInto } = await employees.read(survivorId)
    if (mergedInto === duplicateId) throw refusedBy(employeeReasons.MergesInCircle)
    const possible = merge(await employees.read(duplicateId), duplicateId, survivorId, reason)
    if (isRefusal(possible)) throw refusedBy(employeeReasons[possible.refused])
    const both = [survivorId, duplicateId].map(directory.records)
    const records = new Set((await Promise.all(both)).flat().map(({ asnId }) => asnId))
    if (records.size > recordsMax) {
      throw refusedBy({ key: 'TOO_MANY_RECORDS', values: { most: recordsMax } })
    }
    const absorbed = await employees.transact(survivorId, {
      ...writingOf(call, method.mergeEmployees, request),
      decide: state => absorb(state, survivorId, duplicateId, reason),
    })
    const stored = await recordedOrThrow(absorbed, employeeReasons)
    const write = writingOf(call, method.mergeEmployees, request, { step: 1 })
    const merged = await settling.mergeInto(request, write)
    const recorded = joinRecorded([stored, await recordedOrThrow(merged, employeeReasons)])
    for (const each of [survivorId, duplicateId]) await settling.settle(each, attributesOf(call))
    await claims.endDoubles(survivorId, attributesOf(call))
    return { recorded, warnings: await mergeWarnings(ports, records) }
  }) satisfies Handler['mergeEmployees']
}

/** From now on they may not assess the other record, but what they have assessed stays. */
const mergeWarnings = async (
  { streams, lists }: EmployeePorts,
  records: ReadonlySet<string>,
): Promise<string[]> => {
  for await (const assessorId of lists.ids(['assessor'])) {
    const assessor = await streams.assessors.read(assessorId)
    if (assessor.status === 'absent' || !('asnId' in assessor.registration)) continue
    if (records.has(assessor.registration.asnId))
      return [warningOf('duplicate_id', 'merged-assessor')]
  }
  return []
}

/**
 * Records the event first, then destroys the key: after a crash in between, the start of the
 * service or a retry destroys it. All records of the person are erased, their tokens end, and so
 * does what they were nominated to or approved for.
 */
export const erasing = ({
  streams: { employees },
  directory,
  vault,
  settling,
  claims,
  today,
}: EmployeePorts) =>
  (async (request, call) => {
    const { asnId, erasure, retained } = readErasure(request, today())
    authorise(call, 'enrollment.EraseEmployee', {})
    const { status } = await employees.read(asnId)
    const all = await directory.records(asnId)
    if (status === 'active' || status === 'merged') {
      const { lastDayOfService } = erasure
      if (lastDayOfService) refuseServed(lastDayOfService, await servedOn(all, settling, today()))
      if (retained) throw refusedAs(retained)
    }
    const { attributes, ...known } = writingOf(call, method.eraseEmployee, request)
    const others = all.filter(record => record.asnId !== asnId)
    const stored = []
    const subjects = [asnId, ...others.map(record => record.asnId)]
    for (const subject of subjects) {
      const transacted = await employees.transact(subject, {
        attributes,
        ...(subject === asnId && known),
        decide: state => erase(state, subject, erasure),
      })
      stored.push(await recordedOrThrow(transacted, employeeReasons))
      await vault.erase(subject)
    }
    for (const subject of subjects) await settling.settle(subject, attributes)
    await claims.endOf(asnId, attributes)
    return { recorded: joinRecorded(stored) }
  }) satisfies Handler['eraseEmployee']

/** Days on which a person served: of their newest posting and of all that they attended. */
const servedOn = async (
  records: readonly Found[],
  settling: Pick<Settling, 'begun'>,
  today: string,
): Promise<readonly string[]> => {
  const postings = records.flatMap(({ state }) => state.postings.map(({ since }) => since))
  const enrollments = await settling.begun(records)
  return [
    ...postings.filter(since => since <= today),
    ...enrollments.flatMap(({ sessions, completedOn }) => [
      ...[...sessions.values()].map(({ heldOn }) => heldOn),
      ...(completedOn ? [completedOn] : []),
    ]),
  ]
}

const refuseServed = (lastDay: string, served: readonly string[]) => {
  const day = servedAfter(lastDay, served)
  if (!day) return
  const field = 'last_day_of_service'
  const values = { fault: 'still-served', field, day } as const
  throw refusedBy({ key: 'DAYS_CONTRADICT', values }, { field, contradicts: day })
}

const refusedAs = ({ until, rule, kelasArsip, legalBasis }: Retained) =>
  refusedBy(
    { key: 'RETAINED', values: { until, rule, kelasArsip, legalBasis } },
    { until, rule, kelasArsip },
  )

/**
 * How a retry of each call is answered with what it has stored. What was sealed can't be compared
 * once the person is erased: such a retry is told that they are.
 */
export const retriedEmployees = (ports: EmployeePorts, { retryingUnary }: Recall) => {
  const keyed = keyedContent(ports.vault)
  return {
    registerEmployee: retryingUnary(method.registerEmployee, registering(ports), {
      content: keyed(method.registerEmployee.input),
      answer: (recorded, { requestId }) => ({ asnId: requestId, recorded }),
    }),
    changeNip: retryingUnary(method.changeNip, changingNip(ports), {
      content: keyed(method.changeNip.input),
    }),
    mergeEmployees: retryingUnary(method.mergeEmployees, merging(ports), { steps: [0, 1] }),
    postEmployee: retryingUnary(method.postEmployee, posting(ports)),
    eraseEmployee: retryingUnary(method.eraseEmployee, erasing(ports)),
  }
}
