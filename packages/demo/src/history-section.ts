import type { AskReports } from '@jejak/cli/terminal/connection'
import { CommandFailed } from '@jejak/cli/terminal/exit'
import { declaredEvent } from '@jejak/events/check'
import { pageText } from '@jejak/texts/page'
import { localise } from '@jejak/texts/text'
import { parseVerifier } from '@jejak/transparency/key'
import { verifyReceipt } from '@jejak/transparency/receipt'

type HistoryLine = {
  readonly log: string
  readonly position: number
  readonly type: string
  readonly occurredOn: string
  readonly note?: string
  readonly data: Readonly<Record<string, unknown>>
  readonly entry: string
  readonly receipt: string
}

type PersonHistory = {
  readonly asOf: string
  readonly lines: readonly HistoryLine[]
  readonly levels: readonly {
    readonly competency: string
    readonly level: number
    readonly policy: string
  }[]
  readonly hours: readonly { readonly year: number; readonly jp: number }[]
  readonly completeness: {
    readonly logs: readonly { readonly log: string; readonly vkey: string }[]
  }
}

/** One civil servant's history, day by day, with the log position of each event. */
export const historySection = async (ask: AskReports, asnId: string): Promise<string[]> => {
  const answer = await ask(`/people/${asnId}/history?proofs=true`)
  const history = (await answer.json()) as PersonHistory
  const { asOf, lines, levels, hours } = history
  const widest = Math.max(...lines.map(line => sentenceOf(line).length))
  const [policy = pageText('no-policy')] = levels.map(level => level.policy)
  const levelled = levels.map(({ competency, level }) => `${competency} ${level}`).join(', ')
  return [
    nameIn(lines),
    ...lines.map(line =>
      [
        `${line.occurredOn}  ${sentenceOf(line).padEnd(widest)}  ${line.log} ${line.position}`,
        ...(line.note ? [line.note] : []),
      ].join('; '),
    ),
    pageText({ key: 'levels', values: { asOf, policy, levels: levelled } }),
    ...hours.map(values => pageText({ key: 'hours', values })),
    pageText({ key: 'proven', values: { events: verifyLines(history) } }),
  ]
}

/** Verifies every line by its receipt, and returns how many there are. */
const verifyLines = ({ lines, completeness }: PersonHistory): number => {
  const keys = new Map(completeness.logs.map(({ log, vkey }) => [log, parseVerifier(vkey)]))
  for (const { log, position, entry, receipt } of lines) {
    const own = keys.get(log)
    const { index } = verifyReceipt(receipt, Buffer.from(entry, 'base64'), own ? [own] : [])
    if (index === position) continue
    const values = { log, position, index }
    throw new CommandFailed('Misplaced', pageText({ key: 'misplaced', values }))
  }
  return lines.length
}

const nameIn = (lines: readonly HistoryLine[]): string => {
  const { person } = lines.find(({ type }) => type === 'EmployeeRegistered')?.data ?? {}
  return (person as { name?: string } | undefined)?.name ?? pageText('erased')
}

const sentenceOf = ({ log, type, data }: HistoryLine): string => {
  const event = declaredEvent(log, type)
  return event ? localise(event.sentence(data as never)) : type
}
