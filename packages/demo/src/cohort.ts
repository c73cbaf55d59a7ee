import { requestIdOf } from '@jejak/cli/files/request-id'
import { oneByOne, sendAll } from '@jejak/cli/files/sending'
import { bearerOf } from '@jejak/cli/terminal/connection'
import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { EnrollmentService } from '@jejak/proto/jejak/enrollment/v1/enrollment'
import type { Connection } from '@jejak/rpc/client'
import type { CohortPlan } from './scenario.ts'

/** Somebody with a token, and their connection. */
export type Actor = { readonly token: string; readonly connection: Connection }

type Planned = CohortPlan['participants'][number] & { readonly requestId: string }

/** Whoever takes part, and whether they have attended every module. */
export type Participant = {
  readonly agency: string
  readonly asnId: string
  readonly enrollmentId: string
  readonly completed: boolean
}

/** So many people are enrolled at once. */
const atOnce = 16

/** Nominates, seats and trains everybody of a cohort; done again, it adds nothing. */
export const playCohort = async (
  plan: CohortPlan,
  cohortId: string,
  callerOf: (name: string) => Actor,
): Promise<readonly Participant[]> => {
  const found: Participant[] = [] // In the plan's order.
  const planned = async function* () {
    // By their place in the plan, which is the same in every run and says nothing of anybody.
    for (const [at, participant] of plan.participants.entries())
      yield { ...participant, requestId: `${at}` }
  }
  const exchange = oneByOne(
    async (planned: Planned) => ({ trained: await train(plan, cohortId, planned, callerOf) }),
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
  callerOf: (name: string) => Actor,
): Promise<Participant> => {
  const [theirs, hr] = [callerOf(agency), callerOf('hr')]
  const people = theirs.connection.client(EmployeeService)
  const { employee } = await people.lookUpEmployee({ nip })
  const asnId = employee?.asnId ?? ''
  // By the id, as a NIP must not be found in the log even by trying all there are.
  const idOf = ({ token }: Actor, ...step: string[]) =>
    requestIdOf('training', bearerOf(token), [cohortId, asnId, ...step].join('\n'))
  const nominating = theirs.connection.client(EnrollmentService)
  const seating = hr.connection.client(EnrollmentService)
  const nomination = { requestId: idOf(theirs, 'nominate'), cohortId, asnId }
  const { enrollmentId } = await nominating.nominate(nomination)
  await seating.approve({ requestId: idOf(hr, 'approve'), enrollmentId })
  for (const session of sessions.filter(({ module }) => !absent.includes(module))) {
    const requestId = idOf(theirs, 'attend', session.module)
    await nominating.recordAttendance({ ...session, requestId, enrollmentId })
  }
  const completed = absent.length === 0
  if (completed) await seating.complete({ requestId: idOf(hr, 'end'), enrollmentId, completedOn })
  return { agency, asnId, enrollmentId, completed }
}
