import {
  AssessmentService,
  ContestStatus,
  Phase,
} from '@jejak/proto/jejak/assessment/v1/assessment'
import type { Connection } from '@jejak/rpc/client'

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
