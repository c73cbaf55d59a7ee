import { aboutAssessments, namedAfter } from '@jejak/history/about'
import { assessmentIdsIn } from '@jejak/history/assessed'
import { dayContradictions } from '@jejak/history/contradictions'
import { type Fact, named, textOf } from '@jejak/history/fact'
import type { History } from '@jejak/history/history'
import { referenceOf } from '@jejak/history/reference'
import { type AuditText, auditText } from '@jejak/texts/audit'
import { violationText } from '@jejak/texts/violations'
import type { AuditedLog, AuditFinding } from './exported-logs.ts'

/** What the events say that can't be. */
export const checkHistory = (
  logs: readonly AuditedLog[],
  facts: readonly Fact[],
  { records, streams }: History,
): readonly AuditFinding[] => {
  const has = (service: string) => logs.some(log => log.service === service)
  return [
    ...facts.flatMap(misplaced),
    ...streams
      .filter(({ dense }) => !dense)
      .map(({ stream }) => finding('Gap', { key: 'gap', values: { stream } })),
    ...dayContradictions(facts, referenceOf(facts)).map(({ fact, day, fault }) => {
      const values = { type: fact.type, day, why: violationText(fault) }
      return finding('DaysContradict', { key: 'days-contradict', values }, fact)
    }),
    ...(has('enrollment') ? unregistered(records, facts) : []),
    ...(has('assessment') ? dangling(facts) : []),
  ]
}

const finding = (problem: string, detail: AuditText, fact?: Fact): AuditFinding => ({
  problem,
  detail: auditText(detail),
  ...(fact && { where: { service: fact.log, index: fact.position } }),
})

const misplaced = (fact: Fact): readonly AuditFinding[] => {
  const [kind = '', id] = fact.stream.split('/')
  const stated = textOf(fact, namedAfter.get(kind) ?? '')
  if (stated === id) return []
  const { type, stream } = fact
  return [finding('Misplaced', { key: 'misplaced', values: { type, stream, stated } }, fact)]
}

const unregistered = (
  records: readonly string[],
  facts: readonly Fact[],
): readonly AuditFinding[] => {
  const registered = new Set(named(facts, 'EmployeeRegistered').map(({ data }) => data.asnId))
  return records
    .filter(record => !registered.has(record))
    .map(record => finding('Unregistered', { key: 'unregistered', values: { record } }))
}

/** Each of them is about an assessment of the same person. */
const dangling = (facts: readonly Fact[]): readonly AuditFinding[] => {
  const known = assessmentIdsIn(facts)
  const about = [
    ...named(facts, 'AssessmentCorrected').map(fact => [fact, fact.data.supersedes] as const),
    ...aboutAssessments(facts),
  ]
  return about
    .filter(([, id]) => !known.has(id))
    .map(([fact, assessmentId]) => {
      const values = { type: fact.type, assessmentId }
      return finding('Dangling', { key: 'dangling', values }, fact)
    })
}
