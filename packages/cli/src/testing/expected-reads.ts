import type { Caller } from './installation.ts'

/** Personal data that was given out to somebody who asked. */
export type PeopleRead = {
  readonly service: string
  readonly reader: Caller
  readonly fields: readonly string[]
  readonly purpose?: string | undefined
  /** A record of each person. */
  readonly records: readonly string[]
  /** When it was asked for, and when it was answered, in milliseconds. */
  readonly from: number
  readonly to: number
}

/** Entries of a log, or of a stream of it, that were given out as they are stored. */
export type EntriesRead = {
  readonly log: string
  readonly stream?: string | undefined
  readonly reader: Caller
  readonly from: number
  readonly to: number
}

/** A line of the read audit, as far as a reader can know it. */
export type ReadLine = {
  /** Whose log has it; reports do not say it. */
  readonly service?: string
  readonly reader: string
  readonly role: string
  readonly agency?: string | undefined
  readonly fields: readonly string[]
  readonly purpose?: string | undefined
  readonly until?: string | undefined
  readonly log?: string
  readonly stream?: string | undefined
  readonly from?: number
  readonly to?: number
}

export const lineText = (line: ReadLine): string =>
  [
    ...[line.service ?? '', line.role, line.agency ?? '', line.reader],
    ...[line.fields.toSorted().join(), line.purpose ?? '', line.until ?? ''],
    ...[line.log ?? '', line.stream ?? '', line.from ?? '', line.to ?? ''],
  ].join(' | ')

const hour = 60 * 60 * 1_000

/** The full hours, in RFC 3339, that come next after a moment in this time: mostly one. */
const fullHoursAfter = (from: number, to: number): readonly string[] => {
  const hours: string[] = []
  for (let next = from - (from % hour) + hour; next - hour <= to; next += hour) {
    hours.push(new Date(next).toISOString())
  }
  return hours
}

/**
 * What the read audit has to say, by who was read. Within an hour, the same data of the same person
 * that the same token reads for the same purpose is one line, which stands until the hour is full.
 */
export class ExpectedReads {
  /** By a record of the person: the lines, and whether they must be there or only may. */
  readonly #lines = new Map<string, Map<string, boolean>>()
  /** The records that are named in each log. */
  readonly #named = new Map<string, Set<string>>()

  /** An entry of a log names somebody. */
  name(log: string, record: string): void {
    this.#named.set(log, (this.#named.get(log) ?? new Set()).add(record))
  }

  /** From here on nothing that was written is read as entries of a log. */
  forgetNames(): void {
    this.#named.clear()
  }

  people({ service, reader, fields, purpose, records, from, to }: PeopleRead): void {
    const hours = fullHoursAfter(from, to)
    for (const record of records) {
      this.name(service, record)
      for (const until of hours) {
        const line = { service, ...by(reader), fields, purpose, until }
        this.#add(record, line, hours.length === 1)
      }
    }
  }

  /** Of a stream it is known whose it is; a log has read of everybody whom it names. */
  entries({ log, stream, reader, from, to }: EntriesRead, record?: string): void {
    if (from === to) return
    const line = { service: log, ...by(reader), fields: ['events'], log, stream, from, to }
    const records = record === undefined ? (this.#named.get(log) ?? []) : [record]
    for (const each of records) this.#add(each, line, true)
  }

  /** Of the person who has these records. Without the service, as reports tell it. */
  linesOf(records: readonly string[], withService = true): ReadonlyMap<string, boolean> {
    const lines = new Map<string, boolean>()
    for (const record of records) {
      for (const [text, isSure] of this.#lines.get(record) ?? []) {
        const line = withService ? text : text.replace(/^\w+/, '')
        lines.set(line, isSure || lines.get(line) === true)
      }
    }
    return lines
  }

  #add(record: string, line: ReadLine, isSure: boolean) {
    const lines = this.#lines.get(record) ?? new Map<string, boolean>()
    const text = lineText(line)
    lines.set(text, isSure || lines.get(text) === true)
    this.#lines.set(record, lines)
  }
}

const by = ({ id: reader, role, agency }: Caller) => ({ reader, role, agency })

/** Where lines are not what they have to be. */
export const readFaults = (
  expected: ReadonlyMap<string, boolean>,
  found: readonly string[],
): readonly string[] => {
  const lines = new Set(found)
  return [
    ...[...expected].flatMap(([line, isSure]) =>
      isSure && !lines.has(line) ? [`lacks ${line}`] : [],
    ),
    ...[...lines].flatMap(line => (expected.has(line) ? [] : [`has no read for ${line}`])),
  ]
}
