import { type DataOf, type Fact, named } from './fact.ts'

export type PublishedProgram = DataOf<'ProgramPublished'>
export type OpenedCohort = DataOf<'CohortOpened'>

/** Programmes and cohorts that facts of people refer to, by their ids. */
export type Reference = {
  readonly programs: ReadonlyMap<string, PublishedProgram>
  readonly cohorts: ReadonlyMap<string, OpenedCohort>
}

export const referenceOf = (facts: readonly Fact[]): Reference => ({
  programs: new Map(named(facts, 'ProgramPublished').map(({ data }) => [data.programId, data])),
  cohorts: new Map(named(facts, 'CohortOpened').map(({ data }) => [data.cohortId, data])),
})
