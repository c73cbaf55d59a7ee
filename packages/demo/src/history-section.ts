import { CommandFailed } from '@jejak/cli/terminal/exit'
import type { Ask } from '@jejak/cli/terminal/reports'
import { declaredEvent } from '@jejak/events/check'
import { parseVerifier } from '@jejak/transparency/key'
import { verifyReceipt } from '@jejak/transparency/receipt'

type Line = {
  readonly log: string
  readonly position: number
  readonly type: string
  readonly occurredOn: string
  readonly note?: string
  readonly data: Readonly<Record<string, unknown>>
  readonly entry: string
  readonly receipt: string
}

type History = {
  readonly asOf: string
  readonly lines: readonly Line[]
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

/** What is known of one civil servant, day by day, and what stands behind each line. */
export const historyLines = async (ask: Ask, asnId: string): Promise<string[]> => {
  const answer = await ask(`/people/${asnId}/history?proofs=true`)
  const history = (await answer.json()) as History
  const { asOf, lines, levels, hours } = history
  const widest = Math.max(...lines.map(line => said(line).length))
  const [policy = 'no policy'] = levels.map(level => level.policy)
  const levelled = levels.map(({ competency, level }) => `${competency} ${level}`).join(', ')
  return [
    nameIn(lines),
    ...lines.map(line =>
      [
        `${line.occurredOn}  ${said(line).padEnd(widest)}  ${line.log} ${line.position}`,
        ...(line.note ? [line.note] : []),
      ].join('; '),
    ),
    `levels on ${asOf} by ${policy}: ${levelled}`,
    ...hours.map(({ year, jp }) => `${jp} JP in ${year}`),
    `${proven(history)} events, each proven to stand in its log at that position`,
  ]
}

/** How many lines there are, once every one of them is proven by the bytes that came with it. */
const proven = ({ lines, completeness }: History): number => {
  const keys = new Map(completeness.logs.map(({ log, vkey }) => [log, parseVerifier(vkey)]))
  for (const { log, position, entry, receipt } of lines) {
    const own = keys.get(log)
    const { index } = verifyReceipt(receipt, Buffer.from(entry, 'base64'), own ? [own] : [])
    if (index !== position)
      throw new CommandFailed('Misplaced', `${log} ${position} is at ${index}`)
  }
  return lines.length
}

const nameIn = (lines: readonly Line[]): string => {
  const { person } = lines.find(({ type }) => type === 'EmployeeRegistered')?.data ?? {}
  return (person as { name?: string } | undefined)?.name ?? '(erased)'
}

const said = ({ log, type, data }: Line): string =>
  declaredEvent(log, type)?.sentence(data as never).en ?? type
