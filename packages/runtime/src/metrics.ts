import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Labels have few values: a method, a log, a consumer. Never a person, an agency or a stream. */
export type Labels = Readonly<Record<string, string>>
export type MetricSample<L extends Labels> = readonly [labels: L, value: number]
/** Answers the values of a metric when Prometheus asks. */
export type MetricSource<L extends Labels> = () =>
  | Iterable<MetricSample<L>>
  | Promise<Iterable<MetricSample<L>>>

type About<Name extends string, L extends Labels> = {
  readonly name: Name
  readonly help: string
  readonly labels: readonly (keyof L & string)[]
}

export type Metrics = {
  /** Counts up by 1. */
  readonly counter: <L extends Labels>(
    about: About<`jejak_${string}_total`, L>,
  ) => (labels: L) => void
  /** For counts that something else keeps since the process began. Any number of sources. */
  readonly totals: <L extends Labels>(
    about: About<`jejak_${string}_total`, L>,
  ) => (source: MetricSource<L>) => void
  /** Takes any number of sources. */
  readonly gauge: <L extends Labels>(
    about: About<`jejak_${string}`, L>,
  ) => (source: MetricSource<L>) => void
  readonly histogram: <L extends Labels>(
    about: About<`jejak_${string}_seconds`, L>,
  ) => (labels: L, seconds: number) => void
  /** All of them, as Prometheus reads them. */
  readonly text: () => Promise<string>
  readonly contentType: string
}

/** A call that reads one stream takes a millisecond, one that streams a log up to an hour. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600]

/** Prometheus gives up after 10 s: one source that hangs must not cost it all the others. */
const sourceMaxMs = 2_000

/** Metrics of this process: Node's own, and those that are made here. */
export const openMetrics = (): Metrics => {
  const register = new Registry()
  collectDefaultMetrics({ register })
  const failures = new Counter({
    name: 'jejak_scrape_failures_total',
    help: 'Samples left out because what they are read from failed or took over 2 s.',
    labelNames: ['metric'],
    registers: [register],
  })

  const scraped =
    (kind: typeof Counter | typeof Gauge) =>
    <L extends Labels>(about: About<string, L>) => {
      const { name, help, labels } = about
      const sources: MetricSource<L>[] = []
      const read = (source: MetricSource<L>) =>
        within(source).catch(() => {
          failures.inc({ metric: name })
          return []
        })
      const metric: Counter | Gauge = new kind({
        name,
        help,
        labelNames: labels,
        registers: [register],
        async collect() {
          const samples = await Promise.all(sources.map(read))
          metric.reset() // After the wait: two scrapes at once must not add up.
          for (const [labels, value] of samples.flatMap(list => [...list]))
            metric.inc(labels, value)
        },
      })
      return (source: MetricSource<L>) => void sources.push(source)
    }

  return {
    counter: ({ name, help, labels }) => {
      const metric = new Counter({ name, help, labelNames: labels, registers: [register] })
      return labels => metric.inc(labels)
    },
    totals: scraped(Counter),
    gauge: scraped(Gauge),
    histogram: ({ name, help, labels }) => {
      const about = { name, help, labelNames: labels, registers: [register] }
      const metric = new Histogram({ ...about, buckets })
      return (labels, seconds) => metric.observe(labels, seconds)
    },
    text: () => register.metrics(),
    contentType: register.contentType,
  }
}

const within = async <T>(source: () => T | Promise<T>): Promise<T> => {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('too late')), sourceMaxMs)
  try {
    return await Promise.race([source(), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
