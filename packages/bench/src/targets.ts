import { spreadOf } from './report.ts'
import type { BenchSample, SuiteName, Unit } from './suite.ts'

type Figure = readonly [subject: string, clients: number, unit?: Unit]

/** A least ratio to another subject, or without one a least value. */
type Target = {
  readonly suite: SuiteName
  readonly of: Figure
  readonly to?: Figure
  readonly atLeast: number
}

const append = (of: Figure, to: Figure, atLeast: number): Target => ({
  suite: 'append',
  of,
  to,
  atLeast,
})
const replay = (subject: string, atLeast: number): Target => ({
  suite: 'replay',
  of: [subject, 1, 'events/s'],
  atLeast,
})

const targets: readonly Target[] = [
  append(['jejak-mongo', 64], ['bare-mongo-group', 64], 0.7),
  append(['jejak-mongo', 64], ['emmett-mongodb', 64], 8),
  append(['jejak-mongo', 1], ['bare-mongo-single', 1], 0.8),
  append(['jejak-sqlite', 64], ['bare-sqlite-group', 64], 0.6),
  append(['jejak-sqlite', 64], ['emmett-sqlite', 64], 5),
  append(['jejak-sqlite', 1], ['bare-sqlite-single', 1], 0.5),
  append(['jejak-mongo-known', 64], ['jejak-mongo-new', 64], 1),
  append(['jejak-sqlite-known', 64], ['jejak-sqlite-new', 64], 1),
  // "As fast as an empty one", less the difference between two runs of the same.
  append(['jejak-mongo-stream-of-20000', 1], ['jejak-mongo-stream-of-0', 1], 0.95),
  append(['jejak-sqlite-stream-of-20000', 1], ['jejak-sqlite-stream-of-0', 1], 0.95),
  replay('jejak-mongo-proven', 250_000),
  replay('jejak-sqlite-proven', 250_000),
  replay('jejak-mongo-plain', 700_000),
  replay('jejak-sqlite-plain', 700_000),
  { suite: 'intake', of: ['jejak-unary', 64], to: ['echo-unary', 64], atLeast: 0.5 },
  { suite: 'intake', of: ['jejak-stream', 1], to: ['echo-stream', 1], atLeast: 0.2 },
  { suite: 'rebuild', of: ['reporting-rebuild', 1, 'events/s'], atLeast: 100_000 },
  {
    suite: 'relay',
    of: ['jejak-relay', 1, 'events/s'],
    to: ['bare-kafkajs', 1, 'events/s'],
    atLeast: 0.7,
  },
  { suite: 'lag', of: ['carried', 1], atLeast: 1_000 },
  { suite: 'growth', of: ['jejak-mongo', 64, 'ratio'], atLeast: 0.8 },
  { suite: 'growth', of: ['jejak-sqlite', 64, 'ratio'], atLeast: 0.8 },
]

/** For each target of a suite: met or missed, with the measured value. */
export const verdicts = (suite: SuiteName, samples: readonly BenchSample[]): readonly string[] => {
  const valuesOf = ([subject, clients, unit = 'appends/s']: Figure) =>
    samples
      .filter(it => it.subject === subject && it.clients === clients && it.unit === unit)
      .map(({ value }) => value)
  return targets
    .filter(target => target.suite === suite)
    .flatMap(({ of, to, atLeast }) => {
      const ours = valuesOf(of)
      const theirs = to ? valuesOf(to) : ours.map(() => 1)
      // Within a round both had the same conditions: the median of the rounds' ratios counts.
      const found = spreadOf(ours.flatMap((value, round) => value / (theirs[round] ?? Number.NaN)))
      if (!found || Number.isNaN(found.median)) return []
      const verdict = found.median >= atLeast ? 'met   ' : 'missed'
      const what = `${suite} ${of[0]} at ${of[1]}${to ? ` to ${to[0]}` : ''}`
      const range = `${number(found.min)} to ${number(found.max)}`
      return [`${verdict} ${what}: ${number(found.median)} (${range}), wanted ${number(atLeast)}`]
    })
}

const number = (value: number) =>
  value < 100 ? value.toFixed(2) : Math.round(value).toLocaleString('en')
