import {
  AssessmentService,
  ContestStatus,
  Phase,
  type RecordedAssessment,
} from '@jejak/proto/jejak/assessment/v1/assessment'
import { CertificateService } from '@jejak/proto/jejak/certification/v1/certificate'
import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { EnrollmentService } from '@jejak/proto/jejak/enrollment/v1/enrollment'
import type { Connection } from '@jejak/rpc/client'

/** What is known of one civil servant, day by day. */
export const historyLines = async (connection: Connection, asnId: string): Promise<string[]> => {
  const [{ employee }, { assessments }, { enrollments }, { certificates }] = await Promise.all([
    connection.client(EmployeeService).getEmployee({ asnId }),
    connection.client(AssessmentService).listAssessments({ asnId }),
    connection.client(EnrollmentService).listEnrollments({ asnId }),
    connection.client(CertificateService).listCertificates({ asnId }),
  ])
  const days = [
    ...(employee?.postings ?? []).map(
      ({ since, position, agency }) => `${since}  ${position} at ${agency}`,
    ),
    ...assessments.map(assessed),
    ...enrollments.map(
      ({ completedOn, attendance }) =>
        `${completedOn || 'open      '}  training: ` +
        `${attendance.map(({ module, jp }) => `${module} ${jp} JP`).join(', ')}`,
    ),
    ...certificates.map(
      ({ issuedOn, number, validUntil }) =>
        `${issuedOn}  certificate ${number}, valid until ${validUntil}`,
    ),
  ]
  return [employee?.person?.name ?? '(erased)', ...days.toSorted(byDay)]
}

const byDay = (a: string, b: string): number => a.slice(0, 10).localeCompare(b.slice(0, 10))

const assessed = ({ assessment, supersededBy, contest }: RecordedAssessment): string => {
  const { occurredOn, competency, level, phase } = assessment ?? {}
  const states = [
    ...(supersededBy ? ['corrected: counts no more'] : []),
    ...(contest === ContestStatus.UPHELD ? ['contest upheld: counts no more'] : []),
  ]
  const when = phase === Phase.BASELINE ? 'before' : 'after'
  const said = `${occurredOn}  ${competency} level ${level}, ${when} the training`
  return [said, ...states].join('; ')
}

/** Widest bar, for level 5. */
const barColumns = 30

/** The mean level of those trained, before and after, and what their programme requires. */
export const gapLines = async (
  connection: Connection,
  asnIds: readonly string[],
): Promise<string[]> => {
  const client = connection.client(AssessmentService)
  const pages = await Promise.all(asnIds.map(asnId => client.listAssessments({ asnId })))
  const counting = pages
    .flatMap(({ assessments }) => assessments)
    .filter(({ supersededBy, contest }) => !supersededBy && contest !== ContestStatus.UPHELD)
    .flatMap(({ assessment }) => assessment ?? [])
  const byCompetency = [...Map.groupBy(counting, ({ competency }) => competency)]
  return byCompetency.toSorted().flatMap(([competency, all]) => {
    const mean = (of: Phase) => {
      const levels = all.filter(({ phase }) => phase === of).map(({ level }) => level)
      return levels.reduce((sum, level) => sum + level, 0) / (levels.length || 1)
    }
    const bar = (name: string, level: number) =>
      `${name} ${'█'.repeat(Math.round((level * barColumns) / 5)).padEnd(barColumns, '·')} ` +
      level.toFixed(2)
    return [
      bar(`${competency.padEnd(22)} awal `, mean(Phase.BASELINE)),
      bar(`${''.padEnd(22)} akhir`, mean(Phase.AFTER_TRAINING)),
    ]
  })
}
