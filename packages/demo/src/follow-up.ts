import { requestIdOf } from '@jejak/cli/files/request-id'
import { bearerOf } from '@jejak/cli/terminal/connection'
import { CommandFailed } from '@jejak/cli/terminal/exit'
import { AssessmentService } from '@jejak/proto/jejak/assessment/v1/assessment'
import type { Actor } from './cohort.ts'
import type { FollowUp } from './scenario.ts'

type CallerOf = (name: string) => Actor

/** The id that a row of a file was given, by its reference. */
export const rowId = (
  kind: 'employee' | 'assessment',
  { token }: Pick<Actor, 'token'>,
  reference: string,
) => requestIdOf(kind, bearerOf(token), reference)

/** The agency puts another assessment in the place of one that it had wrong. */
export const playCorrection = async (
  of: FollowUp['correction'],
  callerOf: CallerOf,
): Promise<void> => {
  const caller = callerOf(of.agency)
  const client = caller.connection.client(AssessmentService)
  const assessmentId = rowId('assessment', caller, of.assessment)
  const asnId = rowId('employee', caller, of.employee)
  const { assessments } = await client.listAssessments({ asnId })
  const wrong = assessments.find(known => known.assessmentId === assessmentId)?.assessment
  if (!wrong)
    throw new CommandFailed('NoRow', `${of.assessment} was not stored: it can't be corrected`)
  await client.correctAssessment({
    requestId: rowId('assessment', caller, `${of.assessment}-KOREKSI`),
    assessmentId,
    assessment: { ...wrong, level: of.level },
    reason: of.reason,
  })
}

/** Whoever was assessed objects, and HR decides. */
export const playContest = async (of: FollowUp['contest'], callerOf: CallerOf): Promise<void> => {
  const [agency, asn, hr] = [callerOf(of.agency), callerOf('asn'), callerOf('hr')]
  const asnId = rowId('employee', agency, of.employee)
  const idOf = (caller: Actor, step: string) =>
    requestIdOf('contest', bearerOf(caller.token), `${of.assessment}-${step}`)
  const { contestId } = await asn.connection.client(AssessmentService).contestAssessment({
    requestId: idOf(asn, 'KEBERATAN'),
    asnId,
    assessmentId: rowId('assessment', agency, of.assessment),
    statement: of.statement,
  })
  await hr.connection.client(AssessmentService).resolveContest({
    requestId: idOf(hr, 'PUTUSAN'),
    asnId,
    contestId,
    upheld: of.upheld,
    reason: of.reason,
  })
}
