import type { DescMessage } from '@bufbuild/protobuf'
import { minutesPerJpOn } from '@jejak/competency/figures/hours'
import { minutesOfDay } from '@jejak/events/learning'
import { isRefusal } from '@jejak/eventsourcing/decider'
import {
  EnrollmentService,
  type RefuseRequest,
  type WithdrawRequest,
} from '@jejak/proto/jejak/enrollment/v1/enrollment'
import { authorise } from '@jejak/rpc/authorise'
import type { Call } from '@jejak/rpc/call'
import { invalid, refusedBy } from '@jejak/rpc/error'
import type { Handlers } from '@jejak/rpc/implement'
import type { Recall } from '@jejak/rpc/recall'
import {
  codeProblem,
  lifeDayWarnings,
  numberProblem,
  pastDayProblem,
  reasonProblem,
  unlessEmpty,
  uuidProblem,
  validate,
  violationsOf,
  warningOf,
} from '@jejak/rpc/validate'
import { attributesOf, type CallWrite, joinRecorded, recordedOrThrow } from '@jejak/rpc/write'
import {
  approve,
  attend,
  type Begun,
  complete,
  type DaysKnown,
  type Decided,
  type Enrollment,
  missingModules,
  nominate,
  type Refused,
  reject,
  withdraw,
} from './enrollment.ts'
import {
  begunOf,
  daysKnownOf,
  modulesOf,
  type EnrollmentPorts as ReadPorts,
} from './enrollment-reads.ts'
import { ceilingPassedBy } from './programs/ceiling.ts'
import { releaseSeat, type Seat, takeSeat } from './programs/cohort.ts'
import { cohortReasons, enrollmentReasons } from './reasons.ts'
import type { Settling } from './settling.ts'
import { ownOf, registeredPerson, writingOf } from './writing.ts'

type Handler = Handlers<typeof EnrollmentService>
const { method } = EnrollmentService

type Nomination = Begun['nomination']
export type EnrollmentPorts = ReadPorts & { readonly settling: Settling }

type Sent = { readonly requestId: string; readonly enrollmentId: string }

const ids = ({ requestId, enrollmentId }: Sent) => ({
  request_id: uuidProblem(requestId),
  enrollment_id: uuidProblem(enrollmentId),
})

/** The days that one was compared with: details of the refusal. */
const contradicted = async (refused: Refused, { cohort }: DaysKnown) =>
  cohort && (refused === 'OutsideCohort' || refused === 'CompletedBeforeCohort')
    ? { starts_on: cohort.startsOn, ends_on: cohort.endsOn }
    : undefined

/** The enrollment that a call names. Refuses a caller without the right to act on it. */
const actingOn = async (
  ports: EnrollmentPorts,
  call: Call,
  action: Parameters<typeof authorise>[1],
  enrollmentId: string,
) => {
  const begun = await begunOf(ports, enrollmentId)
  authorise(call, action, begun?.touched ?? ownOf(call))
  if (!begun) throw refusedBy('ENROLLMENT_UNKNOWN')
  return begun.state
}

/** Nothing goes on of an erased person. */
const refuseErased = async (
  { directory, settling }: EnrollmentPorts,
  { asnId }: Nomination,
  call: Call,
) => {
  const person = await directory.survivor(asnId)
  if (person?.state.status !== 'erased') return
  // A call that was cut off may have taken a seat since.
  await settling.settle(asnId, attributesOf(call))
  throw refusedBy('EMPLOYEE_ERASED')
}

/** A person is enrolled in a cohort once. What a merge or a call at once adds is ended. */
export const nominating = (ports: EnrollmentPorts) =>
  (async (request, call) => {
    const { streams, directory, settling } = ports
    const { requestId: enrollmentId, cohortId, asnId } = request
    validate({
      request_id: uuidProblem(enrollmentId),
      cohort_id: uuidProblem(cohortId),
      asn_id: uuidProblem(asnId),
    })
    const person = await directory.survivor(asnId)
    const touched = person ? await directory.touched(asnId) : ownOf(call)
    authorise(call, 'enrollment.Nominate', touched)
    const write = writingOf(call, method.nominate, request)
    const { asnId: survivorId } = registeredPerson(person)
    const cohort = await streams.cohorts.read(cohortId)
    if (cohort.status === 'absent') throw refusedBy('COHORT_UNKNOWN')
    const { programId } = cohort.plan
    // Once the stream has begun this is a retry, or another's id.
    const { status } = await streams.enrollments.read(enrollmentId)
    const running = await settling.running(await directory.records(asnId), cohortId)
    if (running && status === 'absent') {
      const { nomination } = running
      throw refusedBy('ENROLLED_ALREADY', { enrollment_id: nomination.enrollmentId })
    }
    const transacted = await streams.enrollments.transact(enrollmentId, {
      ...write,
      decide: state => nominate(state, { enrollmentId, asnId: survivorId, cohortId, programId }),
    })
    const recorded = await recordedOrThrow(transacted, enrollmentReasons)
    await settling.settle(survivorId, attributesOf(call))
    const above = await ceilingPassedBy(ports, {
      ...{ enrollmentId, asnId: survivorId, cohortId, programId },
    })
    const warnings = above ? [warningOf('cohort_id', { key: 'above-ceiling', values: above })] : []
    return { enrollmentId, recorded, warnings }
  }) satisfies Handler['nominate']

/**
 * Takes the seat first: a cohort is never overfull, whatever comes between. If the enrollment has
 * ended meanwhile, the seat is given back; if the process dies, a retry continues with its seat.
 */
export const approving = (ports: EnrollmentPorts) =>
  (async (request, call) => {
    const { enrollmentId, overrideReason } = request
    const why = unlessEmpty(overrideReason, reasonProblem)
    validate({ ...ids(request), override_reason: why })
    const begun = await actingOn(ports, call, 'enrollment.Approve', enrollmentId)
    const { cohorts, enrollments } = ports.streams
    const { cohortId, asnId } = begun.nomination
    const seat = { asnId, enrollmentId }
    await refuseErased(ports, begun.nomination, call)
    const possible = !isRefusal(approve(begun))
    const override = await overrideOf(ports, begun, overrideReason)
    const records = (await ports.directory.records(asnId)).map(record => record.asnId)
    const seated = await cohorts.transact(cohortId, {
      ...writingOf(call, method.approve, request),
      decide: state => (possible ? takeSeat(state, seat, records) : []),
    })
    const taken = await recordedOrThrow(seated, cohortReasons)
    const write = writingOf(call, method.approve, request, { step: 1 })
    const approved = await enrollments.transact(enrollmentId, {
      ...write,
      decide: state => approve(state, override),
    })
    if ('refused' in approved && approved.refused === 'NotNominated') {
      const { attributes } = write
      await cohorts.transact(cohortId, {
        attributes,
        decide: state => releaseSeat(state, seat),
      })
    }
    const recorded = joinRecorded([taken, await recordedOrThrow(approved, enrollmentReasons)])
    await ports.settling.settle(asnId, write.attributes)
    return { recorded }
  }) satisfies Handler['approve']

/** Refuses what lifts a year above its ceiling, unless a reason is given: that is recorded. */
const overrideOf = async (ports: EnrollmentPorts, begun: Begun, reason: string) => {
  if (begun.status !== 'nominated') return undefined
  const above = await ceilingPassedBy(ports, begun.nomination)
  if (!above) return undefined
  const { jp, ceilingJp, from, until, rule } = above
  if (reason !== '') return { reason, rule, jp, ceilingJp }
  throw refusedBy(
    { key: 'HOURS_ABOVE_CEILING', values: above },
    { jp: `${jp}`, ceiling_jp: `${ceilingJp}`, from, until, rule },
  )
}

/** Ends the enrollment, then gives back its seat if it has one. */
const ending = async (
  { streams: { cohorts, enrollments } }: EnrollmentPorts,
  { enrollmentId, asnId, cohortId }: Seat & { readonly cohortId: string },
  decide: (state: Enrollment) => Decided,
  [first, second]: readonly [CallWrite, CallWrite],
) => {
  const ended = await enrollments.transact(enrollmentId, { ...first, decide })
  const stored = await recordedOrThrow(ended, enrollmentReasons)
  const released = await cohorts.transact(cohortId, {
    ...second,
    decide: state => releaseSeat(state, { asnId, enrollmentId }),
  })
  return joinRecorded([stored, await recordedOrThrow(released, cohortReasons)])
}

const stepsOf = <I extends DescMessage>(
  call: Call,
  how: Parameters<typeof writingOf<I>>[1],
  request: Parameters<typeof writingOf<I>>[2],
) => [writingOf(call, how, request), writingOf(call, how, request, { step: 1 })] as const

const refuse = (ports: EnrollmentPorts, request: RefuseRequest, call: Call, seat: Nomination) => {
  const steps = stepsOf(call, method.refuse, request)
  return ending(ports, seat, now => reject(now, request.reason), steps)
}

const giveUp = (ports: EnrollmentPorts, request: WithdrawRequest, call: Call, seat: Nomination) => {
  const steps = stepsOf(call, method.withdraw, request)
  return ending(ports, seat, now => withdraw(now, request.reason), steps)
}

export const refusing = (ports: EnrollmentPorts) =>
  (async (request, call) => {
    validate({ ...ids(request), reason: reasonProblem(request.reason) })
    const { enrollmentId } = request
    const { nomination } = await actingOn(ports, call, 'enrollment.Refuse', enrollmentId)
    return { recorded: await refuse(ports, request, call, nomination) }
  }) satisfies Handler['refuse']

export const withdrawing = (ports: EnrollmentPorts) =>
  (async (request, call) => {
    validate({ ...ids(request), reason: reasonProblem(request.reason) })
    const { enrollmentId } = request
    const { nomination } = await actingOn(ports, call, 'enrollment.Withdraw', enrollmentId)
    return { recorded: await giveUp(ports, request, call, nomination) }
  }) satisfies Handler['withdraw']

/** In JP or in minutes: a request of before has JP alone. */
const attendedProblems = (
  { jp, minutes }: { readonly jp: number; readonly minutes: number },
  jpMax: number,
  minutesMax: number,
) => {
  if (minutes === 0) return { jp: numberProblem(jp, 1, jpMax) }
  return {
    jp: jp === 0 ? undefined : ('jp-or-minutes' as const),
    minutes: numberProblem(minutes, 1, Math.min(minutesMax, minutesOfDay)),
  }
}

export const attending = (ports: EnrollmentPorts) =>
  (async (request, call) => {
    const { requestId: sessionId, enrollmentId, module, heldOn } = request
    validate({
      ...ids(request),
      module: codeProblem(module),
      held_on: pastDayProblem(heldOn, ports.today()),
      ...attendedProblems(request, 24, minutesOfDay),
    })
    const action = 'enrollment.RecordAttendance'
    const { nomination } = await actingOn(ports, call, action, enrollmentId)
    await refuseErased(ports, nomination, call)
    const modules = await modulesOf(ports.streams, nomination.programId)
    const attended = modules.find(({ code }) => code === module)
    if (!attended) {
      const known = modules.map(({ code }) => code)
      throw invalid(violationsOf({ module: { key: 'module-unknown', values: { known } } }))
    }
    const known = await daysKnownOf(ports, nomination)
    const minutesPerJp = minutesPerJpOn(known.hours, heldOn)
    // Sessions may be repeated, but none is longer than its module.
    validate(attendedProblems(request, attended.jp, attended.jp * minutesPerJp))
    const minutes = request.minutes || request.jp * minutesPerJp
    const transacted = await ports.streams.enrollments.transact(enrollmentId, {
      ...writingOf(call, method.recordAttendance, request),
      decide: state => attend(state, { module, sessionId, heldOn, minutes }, known),
    })
    const recorded = await recordedOrThrow(transacted, enrollmentReasons, refused =>
      contradicted(refused, known),
    )
    return { recorded, warnings: lifeDayWarnings('held_on', heldOn, known.life) }
  }) satisfies Handler['recordAttendance']

export const completing = (ports: EnrollmentPorts) =>
  (async (request, call) => {
    validate({ ...ids(request), completed_on: pastDayProblem(request.completedOn, ports.today()) })
    const { enrollmentId, completedOn } = request
    const begun = await actingOn(ports, call, 'enrollment.Complete', enrollmentId)
    await refuseErased(ports, begun.nomination, call)
    const modules = await modulesOf(ports.streams, begun.nomination.programId)
    const known = await daysKnownOf(ports, begun.nomination)
    let lacking: readonly string[] = []
    const transacted = await ports.streams.enrollments.transact(enrollmentId, {
      ...writingOf(call, method.complete, request),
      decide: state => {
        lacking = missingModules(state, modules, known.hours)
        return complete(state, modules, completedOn, known)
      },
    })
    const recorded = await recordedOrThrow(transacted, enrollmentReasons, async refused =>
      refused === 'AttendanceIncomplete'
        ? { missing_modules: lacking.join(',') }
        : contradicted(refused, known),
    )
    return { recorded, warnings: lifeDayWarnings('completed_on', completedOn, known.life) }
  }) satisfies Handler['complete']

/**
 * How a retry of each call is answered with what it has stored. If the enrollment has ended, that
 * was allowed: the retry gives back the seat too, which a crash may have left taken.
 */
export const retriedEnrollments = (ports: EnrollmentPorts, { retryingUnary }: Recall) => {
  const nominationOf = async (enrollmentId: string) =>
    ((await ports.streams.enrollments.read(enrollmentId)) as Begun).nomination
  return {
    nominate: retryingUnary(method.nominate, nominating(ports), {
      answer: (recorded, { requestId }) => ({ enrollmentId: requestId, recorded }),
    }),
    approve: retryingUnary(method.approve, approving(ports), { steps: [0, 1] }),
    refuse: retryingUnary(method.refuse, refusing(ports), {
      answer: async (_, request, call) => {
        const seat = await nominationOf(request.enrollmentId)
        return { recorded: await refuse(ports, request, call, seat) }
      },
    }),
    withdraw: retryingUnary(method.withdraw, withdrawing(ports), {
      answer: async (_, request, call) => {
        const seat = await nominationOf(request.enrollmentId)
        return { recorded: await giveUp(ports, request, call, seat) }
      },
    }),
    recordAttendance: retryingUnary(method.recordAttendance, attending(ports)),
    complete: retryingUnary(method.complete, completing(ports)),
  }
}
