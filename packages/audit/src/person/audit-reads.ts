import { dayOf } from '@jejak/competency/calendar'
import { catalogues } from '@jejak/events/check'
import {
  hasGivenOut,
  type LogRead,
  type PersonalDataRead,
  unpackedIds,
} from '@jejak/events/read-audit'
import { decode, type Entry } from '@jejak/eventsourcing/entry'
import { aboutOf, ownerOf } from '@jejak/history/about'
import { type Fact, factIn, isLogName, named } from '@jejak/history/fact'
import type { Progress } from '@jejak/replay/replay'
import { auditText } from '@jejak/texts/audit'
import {
  type AuditedLog,
  type AuditFinding,
  bundlesOf,
  type GivenKey,
  openExportedLogs,
} from './exported-logs.ts'

export type ReadsAudit = {
  /** Exported logs: of every service, since each records who has read what it gave out. */
  readonly folders: readonly string[]
  readonly keys: readonly GivenKey[]
  /** Days in Makassar (RFC 3339, full-date); both are included. */
  readonly from: string
  readonly to: string
  /** The id of a token, a role, or the code of an agency: everybody, if not given. */
  readonly who?: string | undefined
  readonly progress?: Progress
}

/** Of one person: who read what, when, what for, and where that is recorded. */
export type AuditedRead = {
  readonly time: string
  /** It stands for all such reads before this moment. */
  readonly until?: string
  readonly reader: string
  readonly role: string
  readonly agency?: string
  readonly fields: readonly string[]
  readonly purpose?: string
  /** The entries of a log that were read, with what they have of the person. */
  readonly entries?: Pick<LogRead, 'log' | 'stream' | 'from' | 'to'>
  readonly service: string
  readonly position: number
}

export type ReadPerson = {
  /** The surviving record. */
  readonly asnId: string
  readonly records: readonly string[]
  readonly erased: boolean
  readonly reads: readonly AuditedRead[]
}

export type ReadsReport = Pick<ReadsAudit, 'from' | 'to' | 'who'> & {
  /** Whether the logs know the reader who was asked for, on whatever day. */
  readonly isReaderKnown: boolean
  readonly logs: readonly AuditedLog[]
  readonly people: readonly ReadPerson[]
  readonly findings: readonly AuditFinding[]
}

/** Names whose personal data was read in these days, as article 46 of UU 27/2022 asks. */
export const auditReads = async (options: ReadsAudit): Promise<ReadsReport> => {
  const { folders, keys, from, to, who, progress } = options
  const { logs, findings } = await openExportedLogs(folders, keys, progress)
  const audit = openAudit(options)
  for await (const logged of entriesOf(logs)) audit.take(logged)
  const wanted = audit.logReads()
  if (wanted.length > 0) {
    for await (const logged of entriesOf(logs)) audit.takeEntry(logged, wanted)
  }
  // It is no log of facts: nothing else asks for it.
  const missing = logs.some(({ service }) => service === 'reporting') ? [] : [reportingMissing()]
  const isReaderKnown = audit.isReaderKnown()
  const people = audit.people()
  return { from, to, who, isReaderKnown, logs, people, findings: [...findings, ...missing] }
}

const reportingMissing = (): AuditFinding => ({
  problem: 'LogMissing',
  detail: auditText({ key: 'log-missing', values: { name: 'reporting' } }),
})

type Logged = { readonly service: string; readonly position: number; readonly entry: Entry }

async function* entriesOf(logs: readonly AuditedLog[]): AsyncIterable<Logged> {
  for (const log of logs) {
    for await (const { first, entries } of bundlesOf(log)) {
      for (const [at, bytes] of entries().entries()) {
        yield { service: log.service, position: first + at, entry: decode(bytes) }
      }
    }
  }
}

type Placed<Read> = Pick<Logged, 'service' | 'position'> & { readonly time: string } & Read

// tidy: what is gathered of all logs, and what it comes to
const openAudit = ({ from, to, who }: ReadsAudit) => {
  const survivors = new Map<string, string>()
  const erased = new Set<string>()
  const owners = new Map<string, string>()
  const found: Placed<PersonalDataRead>[] = []
  const begun: Placed<LogRead>[] = []
  const ends = new Map<string, Placed<LogRead>>()
  const perRecord = new Map<string, AuditedRead[]>()
  let isReaderKnown = who === undefined

  const isWanted = ({ reader, role, agency }: PersonalDataRead | LogRead) =>
    who === undefined || [reader, role, agency].includes(who)
  const add = (asnId: string, read: AuditedRead) => {
    const reads = perRecord.get(asnId)
    if (reads) reads.push(read)
    else perRecord.set(asnId, [read])
  }
  const takeFact = (fact: Fact) => {
    for (const { data } of named([fact], 'EmployeeMerged')) {
      survivors.set(data.asnId, data.survivorId)
    }
    for (const { data } of named([fact], 'SubjectErased')) erased.add(data.asnId)
    const own = ownerOf(fact)
    if (own) owners.set(own.id, own.asnId)
  }
  const rootOf = (asnId: string): string => {
    const seen = new Set<string>()
    let root = asnId
    for (let next = survivors.get(root); next && !seen.has(next); next = survivors.get(root)) {
      seen.add(root)
      root = next
    }
    return root
  }

  /** Whom an entry names: who reads the read audit has read of everybody in it. */
  const peopleIn = ({ service, position, entry }: Logged): readonly string[] => {
    if (entry.subject.startsWith('access/')) {
      const event = readIn(service, entry)
      return event?.name === 'PersonalDataRead' ? unpackedIds(event.data.people) : []
    }
    const fact = isLogName(service) ? factIn(service, position, entry) : undefined
    const about = fact && aboutOf(fact)
    if (!about) return []
    const asnId =
      'asnId' in about
        ? about.asnId
        : owners.get('enrollmentId' in about ? about.enrollmentId : about.certificateId)
    return asnId === undefined ? [] : [asnId]
  }

  return {
    take({ service, position, entry }: Logged) {
      const fact = isLogName(service) ? factIn(service, position, entry) : undefined
      if (fact) takeFact(fact)
      if (!entry.subject.startsWith('access/')) return
      const event = readIn(service, entry)
      if (!event || !isWanted(event.data)) return
      isReaderKnown = true
      const placed = { service, position, time: entry.time }
      if (event.name === 'LogRead') {
        const read = { ...placed, ...event.data }
        if (read.begun === undefined) begun.push(read)
        else ends.set(read.begun, read)
      } else if (inDays(entry.subject.slice('access/'.length), from, to)) {
        found.push({ ...placed, ...event.data })
      }
    },
    isReaderKnown: () => isReaderKnown,
    /** The reads of logs in these days: a reader who followed one read all the while. */
    logReads(): readonly Placed<LogRead>[] {
      return begun.flatMap(read => {
        const end = ends.get(read.readId)
        const last = read.to === undefined ? end?.time : read.time
        const isOver = last !== undefined && dayOf(Date.parse(last)) < from
        if (isOver || dayOf(Date.parse(read.time)) > to) return []
        return [end?.to === undefined ? read : { ...read, to: end.to }]
      })
    },
    takeEntry(logged: Logged, wanted: readonly Placed<LogRead>[]) {
      const { subject: stream, streamversion: version } = logged.entry
      const place = { log: logged.service, stream, version, position: logged.position }
      const covering = wanted.filter(read => hasGivenOut(read, place)).map(logLineOf)
      if (covering.length === 0) return
      for (const asnId of peopleIn(logged)) {
        for (const line of covering) {
          const known = perRecord.get(asnId)?.at(-1)
          if (!known || !isSame(known, line)) add(asnId, line)
        }
      }
    },
    people(): readonly ReadPerson[] {
      for (const read of found) {
        const { people, readId: _, ...line } = read
        for (const asnId of unpackedIds(people)) add(asnId, line)
      }
      return [...Map.groupBy(perRecord, ([asnId]) => rootOf(asnId))]
        .map(([asnId, records]) => ({
          asnId,
          records: [asnId, ...recordsUnder(asnId, survivors, rootOf)],
          erased: erased.has(asnId),
          reads: distinct(records.flatMap(([, reads]) => reads)),
        }))
        .toSorted((a, b) => (a.asnId < b.asnId ? -1 : 1))
    },
  }
}

type Read =
  | { readonly name: 'PersonalDataRead'; readonly data: PersonalDataRead }
  | { readonly name: 'LogRead'; readonly data: LogRead }

const readIn = (service: string, entry: Entry): Read | undefined =>
  catalogues.find(({ publisher }) => publisher === service)?.parse(entry) as Read | undefined

const inDays = (day: string, from: string, to: string): boolean => from <= day && day <= to

const logLineOf = (read: Placed<LogRead>): AuditedRead => {
  const { time, reader, role, agency, service, position, log, stream, from, to } = read
  return {
    ...{ time, reader, role, fields: ['events'], service, position },
    ...(agency !== undefined && { agency }),
    entries: {
      log,
      from,
      ...(stream !== undefined && { stream }),
      ...(to !== undefined && { to }),
    },
  }
}

const isSame = (a: AuditedRead, b: AuditedRead) =>
  a.service === b.service && a.position === b.position

/** One read can be of several records of a person, or of many entries: it is one line. */
const distinct = (reads: readonly AuditedRead[]): readonly AuditedRead[] =>
  [...new Map(reads.map(read => [`${read.service} ${read.position}`, read])).values()].toSorted(
    (a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0),
  )

const recordsUnder = (
  asnId: string,
  survivors: ReadonlyMap<string, string>,
  rootOf: (asnId: string) => string,
): readonly string[] =>
  [...survivors.keys()].filter(record => record !== asnId && rootOf(record) === asnId).toSorted()
