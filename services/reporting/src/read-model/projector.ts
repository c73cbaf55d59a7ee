import type { AgencyEnd } from '@jejak/competency/agency-register'
import type { Load, Projector } from '@jejak/consumer/port'
import { reportingEvents } from '@jejak/events/reporting'
import type { Entry } from '@jejak/eventsourcing/entry'
import { aboutOf, ownerOf } from '@jejak/history/about'
import { type EventName, type Fact, factIn, isLogName, textOf } from '@jejak/history/fact'
import { dictionaryDocuments } from './dictionaries.ts'
import {
  agencyEndKey,
  type Completed,
  certifiedKey,
  cohortFactKey,
  completedKey,
  contestKey,
  factKey,
  type OpenContest,
  ownerKey,
  postedKey,
  programFactKey,
  standardKey,
  type Unowned,
  unownedKey,
} from './keys.ts'
import { type Document, readsIn } from './reads.ts'
import { ruleDocuments } from './rules.ts'

/**
 * The documents after an event. They do not depend on the order in which streams arrive: each fact
 * is a document of its own. A fact whose person is not known yet is kept aside until they are.
 */
export const projector: Projector = ({ log, position, entry: bytes }, entry, load) => {
  if (log === 'reporting') {
    const parsed = reportingEvents.parse(entry)
    const place = { log, position, stream: entry.subject, version: entry.streamversion }
    return (parsed && readsIn({ ...place, ...parsed }, entry.time)) ?? []
  }
  const fact = isLogName(log) ? factIn(log, position, entry) : undefined
  if (!fact) return []
  const reads = readsIn({ ...fact, name: fact.type }, entry.time)
  if (reads) return reads
  const found = indexed[fact.type as EventName]?.(fact) ?? []
  const file = filed({ fact, entry, bytes }, load)
  if (file instanceof Promise) return file.then(file => [...found, ...file])
  return [...found, ...file]
}

/** An event, with its entry decoded and as the bytes of the log. */
type Logged = { readonly fact: Fact; readonly entry: Entry; readonly bytes: Uint8Array }

/** Files the event under its person, and with it the events that waited for their owner. */
const filed = (logged: Logged, load: Load): readonly Document[] | Promise<readonly Document[]> => {
  const { fact, bytes } = logged
  const about = aboutOf(fact)
  if (!about) return []
  if (!('asnId' in about)) {
    return owned('enrollmentId' in about ? about.enrollmentId : about.certificateId, logged, load)
  }
  const own: Document = [factKey(about.asnId, fact), bytes]
  const owner = ownerOf(fact)
  return owner ? moved(owner, load).then(found => [own, ...found]) : [own]
}

const owned = async (id: string, logged: Logged, load: Load): Promise<readonly Document[]> => {
  const { fact, entry, bytes } = logged
  const [asnId] = await load([ownerKey(id)])
  if (typeof asnId === 'string') return [[factKey(asnId, fact), bytes]]
  const [waiting = []] = (await load([unownedKey(id)])) as [Unowned[]?]
  const { log, position } = fact
  return [[unownedKey(id), [...waiting, { log, position, entry }].toSorted(byPlace)]]
}

const moved = async ({ id, asnId }: Owner, load: Load): Promise<readonly Document[]> => {
  const [waiting] = (await load([unownedKey(id)])) as [Unowned[]?]
  const found = waiting?.map(one => [keyOf(asnId, one), one.entry] as const) ?? []
  return [
    [ownerKey(id), asnId],
    ...found,
    ...(waiting ? [[unownedKey(id), undefined] as const] : []),
  ]
}

type Owner = NonNullable<ReturnType<typeof ownerOf>>

const keyOf = (asnId: string, { entry, ...place }: Unowned): string =>
  factKey(asnId, { ...place, stream: entry.subject })

const byPlace = (a: Unowned, b: Unowned): number => (keyOf('', a) < keyOf('', b) ? -1 : 1)

/** Secondary indexes. */
const indexed: { readonly [T in EventName]?: (fact: Fact) => readonly Document[] } = {
  ProgramPublished: fact => [[programFactKey(text(fact, 'programId')), fact]],
  CohortOpened: fact => [[cohortFactKey(text(fact, 'cohortId')), fact]],
  FrameworkPublished: dictionaryDocuments,
  CompetencyDefined: dictionaryDocuments,
  CompetencyRetired: dictionaryDocuments,
  RuleSetAdopted: ruleDocuments,
  StandardSet: fact => [[standardKey(text(fact, 'position'), fact.version), fact]],
  EmployeePosted: fact => [[postedKey(text(fact, 'agency'), text(fact, 'asnId')), true]],
  AgencyClosed: fact => {
    const successor = textOf(fact, 'successor')
    const end: AgencyEnd = { since: text(fact, 'since'), ...(successor && { successor }) }
    return [[agencyEndKey(text(fact, 'agency')), end]]
  },
  AgencyClosingWithdrawn: fact => [[agencyEndKey(text(fact, 'agency')), undefined]],
  AssessmentContested: fact => {
    const [contestId, asnId] = [text(fact, 'contestId'), text(fact, 'asnId')]
    const [dueOn, ruleSet] = [textOf(fact, 'dueOn'), textOf(fact, 'ruleSet')]
    const due = { ...(dueOn && { dueOn }), ...(ruleSet && { ruleSet }) }
    const assessmentId = text(fact, 'assessmentId')
    const open: OpenContest = { contestId, asnId, assessmentId, filedAt: fact.time, ...due }
    return [[contestKey(asnId, contestId), open]]
  },
  ContestResolved: fact => [[contestKey(text(fact, 'asnId'), text(fact, 'contestId')), undefined]],
  ContestEnded: fact => [[contestKey(text(fact, 'asnId'), text(fact, 'contestId')), undefined]],
  EnrollmentCompleted: fact => {
    const [asnId, completedOn] = [text(fact, 'asnId'), text(fact, 'completedOn')]
    const completed: Completed = { asnId, completedOn }
    return [[completedKey(completedOn, text(fact, 'enrollmentId')), completed]]
  },
  CertificateIssued: fact => [
    [certifiedKey(text(fact, 'enrollmentId')), text(fact, 'certificateId')],
  ],
}

/** A field that every event of its type has. If an event lacks it, its stream is parked. */
const text = (fact: Fact, field: string): string => {
  const value = textOf(fact, field)
  if (value === undefined) throw new Error(`${fact.type} has no ${field}`)
  return value
}
