import { declarationOf, type Fact } from '@jejak/history/fact'
import type { FactLine, History } from '@jejak/history/history'
import { describeLocation } from '../error.ts'
import type { AuditedLog, AuditFinding } from './exported-logs.ts'
import type { ProvenEvent } from './proof.ts'

/** What an audit of a person found. */
export type AuditReport = {
  readonly asnId: string
  readonly logs: readonly AuditedLog[]
  readonly events: readonly ProvenEvent[]
  readonly history: History
  readonly findings: readonly AuditFinding[]
}

/** For scripts: each event with its bytes, and a proof that stands alone. */
export const reportJson = ({ asnId, logs, events, history, findings }: AuditReport) => ({
  verified: findings.length === 0,
  asnId,
  logs: logs.map(({ key: _, note: checkpoint, ...log }) => ({ ...log, checkpoint })),
  findings,
  history,
  events: events.map(({ fact: { log, position }, entry, receipt }) => ({
    service: log,
    position,
    event: entry.toString(),
    receipt,
  })),
})

export const reportText = ({ asnId, logs, events, history, findings }: AuditReport): string => {
  const { asOf, knownAt, records, streams, lines, levels, certificates, hours, erased } = history
  const more = records.filter(record => record !== asnId)
  return [
    `audit of ${asnId}${more.length > 0 ? `, the same person as ${more.join(', ')}` : ''}`,
    ...logs.map(logLine),
    `  ${events.length} events, each proven under its head; ${streams.length} streams, ` +
      (streams.every(({ dense }) => dense) ? 'every version there' : 'versions missing'),
    ...(erased ? ['  the person was erased: what was sealed can’t be read again'] : []),
    '',
    `as of ${asOf}, as known at ${knownAt}`,
    ...lines.map(historyLine),
    ...levels.map(
      ({ framework, competency, level, policy }) =>
        `  level       ${competency} ${level} (${framework}, by ${policy})`,
    ),
    ...hours.map(({ year, jp }) => `  hours       ${jp} JP in ${year}`),
    ...certificates.map(
      ({ number, status, validUntil }) => `  certificate ${number}: ${status}, until ${validUntil}`,
    ),
    '',
    ...(findings.length === 0
      ? ['All is as it says.']
      : ['Differences, and what is not proven:', ...findings.map(findingLine)]),
  ]
    .map(line => line.replace(/\p{Cc}/gu, ' ')) // What comes from others must not steer a terminal.
    .join('\n')
}

const logLine = ({ service, size, root, keySource }: AuditedLog): string =>
  `  ${service.padEnd(13)} ${String(size).padStart(7)} events, root ${root}` +
  (keySource === 'given' ? '' : ', by the key in its folder: add --vkey')

const historyLine = ({ fact, occurredOn, state, note }: FactLine): string =>
  `  ${occurredOn}  ${fact.type.padEnd(20)} ${summaryOf(fact)}`.trimEnd() +
  (state === 'counts' && !note ? '' : `; ${note ?? state}`) +
  `  [${fact.log} ${fact.position}]`

const summaryOf = (fact: Fact): string =>
  declarationOf(fact)
    .summary.flatMap(field => (field in fact.data ? String(fact.data[field]) : []))
    .join(' ')

const findingLine = ({ problem, detail, where }: AuditFinding): string =>
  `  ${problem}: ${detail}${where ? ` (${describeLocation(where)})` : ''}`
