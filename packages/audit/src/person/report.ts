import type { ClocksApart } from '@jejak/history/causes'
import { declarationOf, type Fact } from '@jejak/history/fact'
import type { FactLine, History } from '@jejak/history/history'
import { describeLocation } from '@jejak/replay/error'
import { auditText } from '@jejak/texts/audit'
import type { AuditedLog, AuditFinding } from './exported-logs.ts'
import type { ProvenEvent } from './proof.ts'

/** What an audit of a person found. */
export type AuditReport = {
  readonly asnId: string
  readonly logs: readonly AuditedLog[]
  readonly events: readonly ProvenEvent[]
  readonly history: History
  /** What the events prove about the clocks of logs. */
  readonly clocks: readonly ClocksApart[]
  readonly findings: readonly AuditFinding[]
}

/** For scripts: each event with its bytes, and a proof that stands alone. */
export const reportJson = ({ asnId, logs, events, history, clocks, findings }: AuditReport) => ({
  verified: findings.length === 0,
  asnId,
  logs: logs.map(({ key: _, note: checkpoint, ...log }) => ({ ...log, checkpoint })),
  findings,
  history,
  clocks,
  events: events.map(({ fact: { log, position }, entry, receipt }) => ({
    service: log,
    position,
    event: entry.toString(),
    receipt,
  })),
})

export const reportText = (report: AuditReport): string => {
  const { asnId, logs, events, history, clocks, findings } = report
  const { asOf, knownAt, records, streams, lines, levels, certificates, hours, erased } = history
  const more = records.filter(record => record !== asnId)
  return [
    more.length > 0
      ? auditText({ key: 'audit-of-records', values: { asnId, more } })
      : auditText({ key: 'audit-of', values: { asnId } }),
    ...logs.map(logLine),
    `  ${auditText({
      key: streams.every(({ dense }) => dense) ? 'proven-dense' : 'proven-with-gaps',
      values: { events: events.length, streams: streams.length },
    })}`,
    ...(erased ? [`  ${auditText('erased')}`] : []),
    '',
    auditText({ key: 'as-of', values: { asOf, knownAt } }),
    ...clocks.flatMap(clockLines),
    ...lines.map(historyLine),
    ...levels.map(values => `  ${auditText({ key: 'level-line', values })}`),
    ...hours.map(values => `  ${auditText({ key: 'hours-line', values })}`),
    ...certificates.map(certificateLine),
    '',
    ...(findings.length === 0
      ? [auditText('no-differences')]
      : [auditText('differences'), ...findings.map(findingLine)]),
  ]
    .map(line => line.replace(/\p{Cc}/gu, ' ')) // What comes from others must not steer a terminal.
    .join('\n')
}

const logLine = ({ service, size, root, keySource }: AuditedLog): string =>
  `  ${service.padEnd(13)} ${auditText({
    key: keySource === 'given' ? 'audited-log' : 'audited-by-own-key',
    values: { size: String(size).padStart(7), root },
  })}`

const clockLines = ({ behind, ahead, byMs: apartMs, undecided }: ClocksApart) => [
  `  ${auditText(
    behind === 'reader'
      ? { key: 'clock-is-ahead', values: { ahead, apartMs } }
      : { key: 'clocks-were-apart', values: { behind, ahead, apartMs } },
  )}`,
  ...(undecided ? [`    ${auditText('clocks-undecided')}`] : []),
]

const historyLine = ({ fact, occurredOn, state, note }: FactLine): string =>
  `  ${occurredOn}  ${fact.type.padEnd(20)} ${summaryOf(fact)}`.trimEnd() +
  (state === 'counts' && !note ? '' : `; ${note ?? auditText(`state-${state}`)}`) +
  `  [${fact.log} ${fact.position}]`

const certificateLine = ({ number, status, validUntil }: CertifiedLine): string => {
  const values = { number, status: auditText(`state-${status}`), validUntil }
  return `  ${auditText({ key: 'certificate-line', values })}`
}

type CertifiedLine = History['certificates'][number]

const summaryOf = (fact: Fact): string =>
  declarationOf(fact)
    .summary.flatMap(field => (field in fact.data ? String(fact.data[field]) : []))
    .join(' ')

const findingLine = ({ problem, detail, where }: AuditFinding): string =>
  `  ${problem}: ${detail}${where ? ` (${describeLocation(where)})` : ''}`
