import { namedAfter } from '@jejak/history/about'
import { type Fact, logNames, named, textOf } from '@jejak/history/fact'
import type { History } from '@jejak/history/history'
import type { Reference } from '@jejak/history/reference'
import { undeserved } from '@jejak/history/undeserved'
import type { AuditedLog, AuditFinding } from './exported-logs.ts'

/** What the events say that can't be, and what was decided otherwise than the rules say. */
export const checkHistory = (
  logs: readonly AuditedLog[],
  facts: readonly Fact[],
  reference: Reference,
  { records, streams }: History,
): readonly AuditFinding[] => {
  const has = (service: string) => logs.some(log => log.service === service)
  return [
    ...facts.flatMap(misplaced),
    ...streams
      .filter(({ dense }) => !dense)
      .map(({ stream }) => finding('Gap', `an event of ${stream} is missing`)),
    ...(has('enrollment') ? unregistered(records, facts) : []),
    ...(has('assessment') ? dangling(facts) : []),
    ...(logNames.every(has) ? certificates(facts, reference) : []),
  ]
}

const finding = (problem: string, detail: string, fact?: Fact): AuditFinding => ({
  problem,
  detail,
  ...(fact && { where: { service: fact.log, index: fact.position } }),
})

const misplaced = (fact: Fact): readonly AuditFinding[] => {
  const [kind = '', id] = fact.stream.split('/')
  const said = textOf(fact, namedAfter.get(kind) ?? '')
  if (said === id) return []
  return [finding('Misplaced', `${fact.type} in ${fact.stream} says ${said}`, fact)]
}

const unregistered = (
  records: readonly string[],
  facts: readonly Fact[],
): readonly AuditFinding[] => {
  const registered = new Set(named(facts, 'EmployeeRegistered').map(({ data }) => data.asnId))
  return records
    .filter(record => !registered.has(record))
    .map(record => finding('Unregistered', `nobody was ever registered as ${record}`))
}

/** Each of them is about an assessment of the same person. */
const dangling = (facts: readonly Fact[]): readonly AuditFinding[] => {
  const assessed = named(facts, 'AssessmentRecorded', 'AssessmentCorrected')
  const known = new Set(assessed.map(({ data }) => data.assessmentId))
  const about = [
    ...named(facts, 'AssessmentCorrected').map(fact => [fact, fact.data.supersedes] as const),
    ...named(facts, 'AssessmentContested', 'ContestResolved').map(
      fact => [fact, fact.data.assessmentId] as const,
    ),
  ]
  return about
    .filter(([, id]) => !known.has(id))
    .map(([fact, id]) => finding('Dangling', `${fact.type} is of ${id}, which is not there`, fact))
}

const certificates = (facts: readonly Fact[], reference: Reference): readonly AuditFinding[] =>
  named(facts, 'CertificateIssued').flatMap(fact =>
    undeserved(fact, facts, reference).map(why =>
      finding('Undeserved', `certificate ${fact.data.number}: ${why}`, fact),
    ),
  )
