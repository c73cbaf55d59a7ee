import type { enrollmentEvents } from '@jejak/events/enrollment'
import type { EventOf } from '@jejak/eventsourcing/catalogue'
import { type Fact, textOf } from './fact.ts'

type Published = EventOf<typeof enrollmentEvents>
type DataOf<T extends Published['type']> = Omit<Extract<Published, { readonly type: T }>, 'type'>

export type Program = DataOf<'ProgramPublished'>
export type Cohort = DataOf<'CohortOpened'>

/** Programmes and cohorts that facts of people refer to, by their ids. */
export type Reference = {
  readonly programs: ReadonlyMap<string, Program>
  readonly cohorts: ReadonlyMap<string, Cohort>
}

export const referenceOf = (facts: readonly Fact[]): Reference => ({
  programs: byId<Program>(facts, 'ProgramPublished', 'programId'),
  cohorts: byId<Cohort>(facts, 'CohortOpened', 'cohortId'),
})

const byId = <Data>(facts: readonly Fact[], type: string, field: string) =>
  new Map(
    facts
      .filter(fact => fact.type === type)
      .map(fact => [textOf(fact, field) ?? '', fact.data as Data]),
  )
