import { requestIdOf } from '@jejak/cli/files/request-id'
import { CommandFailed } from '@jejak/cli/terminal/exit'
import { bearerOf } from '@jejak/cli/terminal/tokens'
import { AssessmentService } from '@jejak/proto/jejak/assessment/v1/assessment'
import { AssessorService } from '@jejak/proto/jejak/enrollment/v1/assessor'
import { pageText } from '@jejak/texts/page'
import type { Actor } from './cohort.ts'
import type { FollowUp, PlannedAssessor } from './scenario.ts'

type ActorOf = (name: string) => Actor

/** The request id of a row in an agency's file, by its reference. */
export const rowId = (
  kind: 'employee' | 'assessment',
  { token }: Pick<Actor, 'token'>,
  reference: string,
) => requestIdOf(kind, bearerOf(token), reference)

/** HR puts assessors on the register. */
export const playAssessors = async (
  assessors: readonly PlannedAssessor[],
  actorOf: ActorOf,
): Promise<void> => {
  const { token, connection } = actorOf('hr')
  const client = connection.client(AssessorService)
  for (const assessor of assessors) {
    const requestId = requestIdOf('assessor', bearerOf(token), assessor.assessorId)
    await client.registerAssessor({ requestId, ...assessor })
  }
}

/** The agency corrects an assessment. */
export const playCorrection = async (
  of: FollowUp['correction'],
  actorOf: ActorOf,
): Promise<void> => {
  const actor = actorOf(of.agency)
  const client = actor.connection.client(AssessmentService)
  const assessmentId = rowId('assessment', actor, of.assessment)
  const asnId = rowId('employee', actor, of.employee)
  const { assessments } = await client.listAssessments({ asnId })
  const wrong = assessments.find(known => known.assessmentId === assessmentId)?.assessment
  if (!wrong) {
    const detail = pageText({ key: 'not-stored', values: { reference: of.assessment } })
    throw new CommandFailed('NoRow', detail)
  }
  await client.correctAssessment({
    requestId: rowId('assessment', actor, `${of.assessment}-KOREKSI`),
    assessmentId,
    assessment: { ...wrong, level: of.level },
    reason: of.reason,
  })
}

/** The civil servant contests an assessment, and HR decides. */
export const playContest = async (of: FollowUp['contest'], actorOf: ActorOf): Promise<void> => {
  const [agency, asn, hr] = [actorOf(of.agency), actorOf('asn'), actorOf('hr')]
  const asnId = rowId('employee', agency, of.employee)
  const idOf = (actor: Actor, step: string) =>
    requestIdOf('contest', bearerOf(actor.token), `${of.assessment}-${step}`)
  const { contestId } = await asn.connection.client(AssessmentService).contestAssessment({
    requestId: idOf(asn, 'KEBERATAN'),
    asnId,
    assessmentId: rowId('assessment', agency, of.assessment),
    statement: of.statement,
  })
  await hr.connection.client(AssessmentService).resolveContest({
    // An installation of before has decided it without a panel, under another id: that stays.
    requestId: idOf(hr, 'PUTUSAN-PANEL'),
    asnId,
    contestId,
    upheld: of.upheld,
    reason: of.reason,
    panel: [...of.panel],
  })
}
