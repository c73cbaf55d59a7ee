// tidy: what the command prints, as report.ts; what it found is long enough
import { describeLocation } from '@jejak/replay/error'
import { auditText } from '@jejak/texts/audit'
import type { AuditedRead, ReadPerson, ReadsReport } from './audit-reads.ts'

/** For scripts. */
export const readsJson = ({ logs, findings, ...report }: ReadsReport) => ({
  verified: findings.length === 0,
  ...report,
  logs: logs.map(({ service, size, root, note: checkpoint }) => {
    return { service, size, root, checkpoint }
  }),
  findings,
})

/** For people: a block a person, a line a read. */
export const readsText = ({
  from,
  to,
  who,
  isReaderKnown,
  people,
  findings,
}: ReadsReport): string =>
  [
    auditText({ key: 'reads-of', values: { from, to, who, people: people.length } }),
    ...(who === undefined || isReaderKnown
      ? []
      : [auditText({ key: 'reader-unknown', values: { who } })]),
    ...people.flatMap(person => ['', headOf(person), ...person.reads.map(lineOf)]),
    '',
    ...(findings.length === 0
      ? isReaderKnown
        ? [auditText('reads-complete')]
        : []
      : [
          auditText('differences'),
          ...findings.map(
            ({ problem, detail, where }) =>
              `  ${problem}: ${detail}${where ? ` (${describeLocation(where)})` : ''}`,
          ),
        ]),
  ]
    .map(line => line.replace(/\p{Cc}/gu, ' ')) // What comes from others must not steer a terminal.
    .join('\n')

const headOf = ({ asnId, records, erased }: ReadPerson): string =>
  [asnId, ...records.slice(1).map(record => `= ${record}`)].join(' ') +
  (erased ? `  (${auditText('state-erased')})` : '')

const eightHoursMs = 8 * 3_600_000

/** Its day is the one by which the reads are chosen: WITA is UTC+8 all year. */
const atMakassar = (time: string): string =>
  new Date(Date.parse(time) + eightHoursMs).toISOString().replace('Z', '+08:00')

const lineOf = (read: AuditedRead): string => {
  const { time, until, reader, role, agency, fields, purpose, entries, service, position } = read
  const what = entries
    ? `${entries.stream ?? entries.log} ${entries.from}..${entries.to ?? ''}`
    : fields.join(', ')
  const when = until === undefined ? atMakassar(time) : `${atMakassar(time)}..${atMakassar(until)}`
  const by = `${role}${agency === undefined ? '' : ` ${agency}`} ${reader}`
  const why = purpose === undefined ? '' : `: ${purpose}`
  return `  ${when}  ${by}  ${what}${why}  [${service} ${position}]`
}
