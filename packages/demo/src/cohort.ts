import { requestIdOf } from '@jejak/cli/files/request-id'
import { oneByOne, sendAll } from '@jejak/cli/files/sending'
import { bearerOf } from '@jejak/cli/terminal/tokens'
import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { EnrollmentService } from '@jejak/proto/jejak/enrollment/v1/enrollment'
import type { Connection } from '@jejak/rpc/client'
import type { CohortPlan } from './scenario.ts'

/** An agency, an office or a civil servant of the scenario, with a token and a connection. */
export type Actor = { readonly token: string; readonly connection: Connection }

type Planned = CohortPlan['participants'][number] & { readonly requestId: string }

/** Who takes part in a training, and whether they attended every module. */
export type Participant = {
  readonly agency: string
  readonly asnId: string
  readonly enrollmentId: string
  readonly completed: boolean
}

/** So many people are enrolled at once. */
const atOnce = 16

/** Nominates, seats and trains everybody of a cohort. Repeated, it adds nothing. */
export const playCohort = async (
  plan: CohortPlan,
  cohortId: string,
  actorOf: (name: string) => Actor,
): Promise<readonly Participant[]> => {
  const found: Participant[] = [] // In the plan's order.
  const planned = async function* () {
    // The position in the plan is the same in every run, and tells nothing about a person.
    for (const [at, participant] of plan.participants.entries())
      yield { ...participant, requestId: `${at}` }
  }
  const exchange = oneByOne(
    async (planned: Planned) => ({ trained: await train(plan, cohortId, planned, actorOf) }),
    atOnce,
  )
  await sendAll(planned(), exchange, {
    settled: ({ requestId }, { trained }: { readonly trained: Participant }) => {
      found[Number(requestId)] = trained
    },
  })
  return found
}

const train = async (
  { sessions, completedOn }: CohortPlan,
  cohortId: string,
  { agency, nip, absent = [] }: Planned,
  actorOf: (name: string) => Actor,
): Promise<Participant> => {
  const [agencyActor, hr] = [actorOf(agency), actorOf('hr')]
  const people = agencyActor.connection.client(EmployeeService)
  const { employee } = await people.lookUpEmployee({ nip })
  const asnId = employee?.asnId ?? ''
  // Not by the NIP: who tries all NIPs must not find one in the log.
  const idOf = ({ token }: Actor, ...step: string[]) =>
    requestIdOf('training', bearerOf(token), [cohortId, asnId, ...step].join('\n'))
  const nominating = agencyActor.connection.client(EnrollmentService)
  const seating = hr.connection.client(EnrollmentService)
  const nomination = { requestId: idOf(agencyActor, 'nominate'), cohortId, asnId }
  const { enrollmentId } = await nominating.nominate(nomination)
  await seating.approve({ requestId: idOf(hr, 'approve'), enrollmentId })
  for (const session of sessions.filter(({ module }) => !absent.includes(module))) {
    const requestId = idOf(agencyActor, 'attend', session.module)
    await nominating.recordAttendance({ ...session, requestId, enrollmentId })
  }
  const completed = absent.length === 0
  if (completed) await seating.complete({ requestId: idOf(hr, 'end'), enrollmentId, completedOn })
  return { agency, asnId, enrollmentId, completed }
}
