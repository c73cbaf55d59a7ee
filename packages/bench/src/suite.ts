import type { BenchStorage } from './storage-place.ts'
import type { SubjectName } from './subjects/all.ts'

export type SuiteName =
  | 'append'
  | 'replay'
  | 'growth'
  | 'intake'
  | 'rebuild'
  | 'history'
  | 'export'
  | 'relay'
  | 'lag'
  | 'catch-up'
  | 'reports'

/** One measured number. */
export type BenchSample = {
  readonly subject: string
  readonly clients: number
  readonly unit: Unit
  readonly value: number
}

export type Unit =
  | 'appends/s'
  | 'events/s'
  | 'MiB after a tenth'
  | 'MiB at most'
  | 'MiB after one stream'
  | 'MiB after three streams'
  | 'rows/s'
  | 'ms, p50'
  | 'ms, p99'
  | 'ms, most'
  | 'seconds'
  | 'ratio'

/** Repeated in each round, so that a disturbance of the machine is the same for all subjects. */
export type SuiteStep = () => Promise<readonly BenchSample[]>

/** Prepares what its steps need, has `during` run them, and cleans up. */
export type Suite = (
  storage: BenchStorage,
  scale: Scale,
  subjects: readonly SubjectName[],
  during: (steps: readonly SuiteStep[]) => Promise<void>,
) => Promise<void>

export type Scale = {
  readonly warmupSeconds: number
  readonly seconds: number
  readonly knownEvents: number
  readonly replayEvents: number
  readonly growthEvents: number
  readonly intakeItems: number
  /** Duration of the warm-up, and then of the measurement. */
  readonly intakeSeconds: number
  readonly rebuildEvents: number
  readonly historyPeople: number
  readonly exportRows: number
  readonly relayEvents: number
  /** Assessments offered a second. */
  readonly lagRate: number
  readonly lagSeconds: number
  readonly lagPeople: number
  readonly catchUpEvents: number
  readonly reportsPeople: number
}

export const full: Scale = {
  warmupSeconds: 1,
  seconds: 3,
  knownEvents: 100_000,
  replayEvents: 1_000_000,
  growthEvents: 10_000_000,
  intakeItems: 100_000,
  intakeSeconds: 10,
  rebuildEvents: 1_000_000,
  historyPeople: 100_000,
  exportRows: 200_000,
  relayEvents: 200_000,
  lagRate: 1_000,
  lagSeconds: 20,
  lagPeople: 10_000,
  catchUpEvents: 1_000_000,
  reportsPeople: 100_000,
}

export const quick: Scale = {
  warmupSeconds: 0.5,
  seconds: 1,
  knownEvents: 20_000,
  replayEvents: 100_000,
  growthEvents: 200_000,
  intakeItems: 10_000,
  intakeSeconds: 1,
  rebuildEvents: 100_000,
  historyPeople: 5_000,
  exportRows: 20_000,
  relayEvents: 20_000,
  lagRate: 200,
  lagSeconds: 5,
  lagPeople: 500,
  catchUpEvents: 20_000,
  reportsPeople: 500,
}
