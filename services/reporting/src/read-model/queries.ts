import { codesOfAgency } from '@jejak/competency/agency-register'
import { dayOf } from '@jejak/competency/calendar'
import { batchesOf, type ProjectionStore } from '@jejak/eventsourcing/projection'
import { type RuleSets, ruleSetsOf } from '@jejak/rules/rule-sets'
import {
  type GapQuery,
  type Gaps,
  gapOfPerson,
  gapsAt,
  type PersonGap,
  type PersonGapQuery,
} from './gaps.ts'
import {
  type AgencyHoursQuery,
  type HoursQuery,
  hoursAt,
  hoursOfPerson,
  type PersonHours,
  type PersonYear,
} from './hours.ts'
import {
  type Completed,
  certifiedKey,
  completedPrefix,
  contestPrefix,
  type OpenContest,
  postedKey,
  postedPrefix,
} from './keys.ts'
import { type PersonFacts, readPerson } from './person.ts'
import { type AsKnown, agencyEnds, peopleAt, servedAt } from './posted.ts'
import { type ReadLine, readLinesOf } from './reads.ts'
import {
  type PreviewQuery,
  previewOfRules,
  type RulePreview,
  type RuleProblems,
} from './rule-preview.ts'
import { adoptedRules } from './rules.ts'
import { openReadModel } from './versions.ts'

export type CompletedLine = {
  readonly asnId: string
  readonly enrollmentId: string
  readonly certificateId: string
}

export type PageQuery = { readonly after?: string; readonly limit: number }

export type Queries = {
  /** Undefined if no record has the id. */
  readonly person: (asnId: string) => Promise<PersonFacts | undefined>
  /** The people who serve there today, by their ids. The next page comes after `next`. */
  readonly people: (
    agency: string,
    query: PageQuery,
  ) => Promise<{ readonly asnIds: readonly string[]; readonly next?: string }>
  /** Whether anybody was ever posted there. */
  readonly hadPeople: (agency: string) => Promise<boolean>
  /** Completed enrollments with a certificate, in that year and of people of that agency then. */
  readonly completed: (query: {
    readonly agency?: string
    readonly year?: number
  }) => AsyncIterable<CompletedLine>
  /** The contests that are not decided, in any order. */
  readonly contests: () => Promise<readonly OpenContest[]>
  /** The read audit of the person, the latest first. */
  readonly readers: (
    asnId: string,
    query: PageQuery,
  ) => Promise<{ readonly reads: readonly ReadLine[]; readonly next?: string }>
  /** The levels of people against what is required of the offices that they hold. */
  readonly gaps: (query: GapQuery) => Promise<Gaps>
  /** The same of one person, of whom the facts were read. */
  readonly gapOf: (
    person: PersonFacts,
    query: PersonGapQuery,
  ) => Promise<Gaps & { readonly person: PersonGap }>
  /** Who would have other figures if a rule set were adopted. */
  readonly previewRules: (query: PreviewQuery) => Promise<RulePreview | RuleProblems>
  /** The facts of everybody who serves at an agency on a day, by all records of theirs. */
  readonly factsOf: (agency: string, asKnown: AsKnown) => AsyncIterable<PersonFacts>
  /** The rule sets that were known. */
  readonly rules: (knownAt?: string) => Promise<RuleSets>
  /** The hours of a person, of whom the facts were read. */
  readonly hoursOf: (person: PersonFacts, query: HoursQuery) => PersonHours
  /** People of an agency by their ids, each with a year. The next page comes after `next`. */
  readonly hours: (
    query: AgencyHoursQuery,
  ) => Promise<{ readonly people: readonly PersonYear[]; readonly next?: string }>
}

export type QueryPorts = {
  readonly store: ProjectionStore
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

export const openQueries = ({ store, clock }: QueryPorts): Queries => {
  const readModel = openReadModel(store)
  return {
    person: asnId => readPerson(readModel, asnId),
    async people(agency, { after = '', limit }) {
      const asnIds: string[] = []
      for await (const { posting } of peopleAt(readModel, agency, { day: dayOf(clock()) }, after)) {
        const last = asnIds.at(-1)
        if (asnIds.length === limit && last !== undefined) return { asnIds, next: last }
        asnIds.push(posting.asnId)
      }
      return { asnIds }
    },
    async hadPeople(agency) {
      for await (const _ of readModel.dump(postedPrefix(agency))) return true
      return false
    },
    async contests() {
      const open: OpenContest[] = []
      for await (const [, document] of readModel.dump(contestPrefix)) {
        open.push(document as OpenContest)
      }
      return open
    },
    async *completed({ agency, year }) {
      const prefix = completedPrefix(year)
      const ends = agency === undefined ? undefined : await agencyEnds(readModel)
      for await (const [key, document] of readModel.dump(prefix)) {
        const enrollmentId = key.slice(key.lastIndexOf('/') + 1)
        const { asnId, completedOn } = document as Completed
        const codes = agency !== undefined && ends ? codesOfAgency(ends, agency, completedOn) : []
        const [certificateId, ...posted] = await readModel.load([
          certifiedKey(enrollmentId),
          ...codes.map(code => postedKey(code, asnId)),
        ])
        if (typeof certificateId !== 'string') continue
        if (agency !== undefined && ends) {
          if (!posted.some(Boolean)) continue
          if (!(await servedAt(readModel, { agency, ends }, asnId, completedOn))) continue
        }
        yield { asnId, enrollmentId, certificateId }
      }
    },
    async readers(asnId, query) {
      const { asnIds, facts } = (await readPerson(readModel, asnId)) ?? {
        asnIds: [asnId],
        facts: [],
      }
      return readLinesOf(readModel, asnIds, facts, query)
    },
    gaps: query => gapsAt(readModel, query, clock()),
    previewRules: query => previewOfRules(readModel, query, clock()),
    gapOf: (person, query) => gapOfPerson(readModel, person, query, clock()),
    async *factsOf(agency, asKnown) {
      for await (const batch of batchesOf(peopleAt(readModel, agency, asKnown))) {
        const read = batch.map(({ posting }) => readPerson(readModel, posting.asnId))
        for (const person of await Promise.all(read)) if (person) yield person
      }
    },
    rules: async knownAt => ruleSetsOf(await adoptedRules(readModel), knownAt),
    hoursOf: (person, query) => hoursOfPerson(person, query, clock()),
    hours: query => hoursAt(readModel, query, clock()),
  }
}
