import { type Metrics, openMetrics } from './metrics.ts'

type Value = () => number | Promise<number>

/** The metrics of a service; each is read when Prometheus asks. */
export type ServiceMetrics = Metrics & {
  /** A call has ended. `code` is the gRPC status by name, as NOT_FOUND. */
  readonly called: (method: string, code: string, seconds: number) => void
  /** Calls refused because a right or token is missing, by method: as `Serving.refused`. */
  readonly refusals: (counts: () => ReadonlyMap<string, number>) => void
  readonly log: (log: string, size: Value) => void
  readonly verification: (log: string, state: () => MeasuredVerification) => void
  readonly relay: (log: string, relay: MeasuredRelay) => void
  readonly consumer: (consumer: string, measured: MeasuredConsumer) => void
  /** Requests of data subjects that wait for an answer. */
  readonly subjectRequests: (counts: () => Promise<MeasuredRequests>) => void
  /** The clock of this process. */
  readonly clock: (clock: MeasuredClock) => void
  /** Open todos of a process manager. */
  readonly todos: (process: string, count: Value) => void
}

/** As `ClockWatch` says. */
export type MeasuredClock = {
  readonly behindMs: () => ReadonlyMap<string, number>
  readonly jumpedMs: () => number
}

export type MeasuredVerification = {
  /** Positions below this are verified. */
  readonly verified: number
  /** Of the last pass; undefined before its end. */
  readonly seconds: number | undefined
  readonly faults: number
}

export type MeasuredRelay = {
  /** Events since the process began. */
  readonly published: Value
  /** Position of the next event that it publishes. */
  readonly position: Value
  readonly size: Value
}

/** Overdue ones are open too. */
export type MeasuredRequests = { readonly open: number; readonly overdue: number }

export type MeasuredConsumer = {
  /** As `Gate.counts`. */
  readonly counts: () => Readonly<Record<'applied' | 'duplicates' | 'gaps' | 'waiting', number>>
  readonly parked: Value
  /** Events of each log that it has not applied yet. */
  readonly lag: () => Promise<ReadonlyMap<string, number>>
}

export const openServiceMetrics = (): ServiceMetrics => {
  const metrics = openMetrics()
  return {
    ...metrics,
    ...ofCalls(metrics),
    ...ofLogs(metrics),
    ...ofVerifications(metrics),
    ...ofConsumers(metrics),
    ...ofClocks(metrics),
    ...ofSubjectRequests(metrics),
  }
}

const ofCalls = ({ counter, totals, histogram }: Metrics) => {
  const calls = counter<{ method: string; code: string }>({
    name: 'jejak_calls_total',
    help: 'gRPC calls that have ended, by their status.',
    labels: ['method', 'code'],
  })
  const duration = histogram<{ method: string }>({
    name: 'jejak_call_duration_seconds',
    help: 'From when a gRPC call came in to its end.',
    labels: ['method'],
  })
  const refused = totals<{ method: string }>({
    name: 'jejak_calls_refused_total',
    help: 'gRPC calls refused for want of a right or token.',
    labels: ['method'],
  })
  return {
    called: (method: string, code: string, seconds: number) => {
      calls({ method, code })
      duration({ method }, seconds)
    },
    refusals: (counts: () => ReadonlyMap<string, number>) =>
      refused(() => [...counts()].map(([method, count]) => [{ method }, count] as const)),
  }
}

const ofLogs = ({ totals, gauge }: Metrics) => {
  const labels = ['log'] as const
  type Log = { log: string }
  const size = gauge<Log>({ name: 'jejak_log_events', help: 'Events in a log.', labels })
  const published = totals<Log>({
    name: 'jejak_relay_published_events_total',
    help: 'Events of a log published since the process began, some of them twice.',
    labels,
  })
  const position = gauge<Log>({
    name: 'jejak_relay_position_events',
    help: 'Events of a log that have been published.',
    labels,
  })
  const lag = gauge<Log>({
    name: 'jejak_relay_lag_events',
    help: 'Events of a log that are still to be published.',
    labels,
  })
  return {
    log: (log: string, value: Value) => size(async () => [[{ log }, await value()]]),
    relay: (log: string, relay: MeasuredRelay) => {
      published(async () => [[{ log }, await relay.published()]])
      position(async () => [[{ log }, await relay.position()]])
      lag(async () => {
        const from = await relay.position()
        return [[{ log }, (await relay.size()) - from]]
      })
    },
  }
}

const ofVerifications = ({ totals, gauge }: Metrics) => {
  const labels = ['log'] as const
  type Log = { log: string }
  const verified = gauge<Log>({
    name: 'jejak_log_verified_events',
    help: 'Events of a log below this are verified.',
    labels,
  })
  const seconds = gauge<Log>({
    name: 'jejak_log_verification_seconds',
    help: 'What the last verification of a log took; absent before its end.',
    labels,
  })
  const faults = totals<Log>({
    name: 'jejak_log_verification_failures_total',
    help: 'Differences found in a log, which is out of service since.',
    labels,
  })
  return {
    verification: (log: string, state: () => MeasuredVerification) => {
      verified(() => [[{ log }, state().verified]])
      seconds(() => {
        const last = state().seconds
        return last === undefined ? [] : [[{ log }, last]]
      })
      faults(() => [[{ log }, state().faults]])
    },
  }
}

const ofClocks = ({ gauge }: Metrics) => {
  const behind = gauge<{ log: string }>({
    name: 'jejak_clock_behind_log_seconds',
    help: 'How far the clock is behind the entry of a log that was read last; negative if older.',
    labels: ['log'],
  })
  const jumped = gauge<Record<never, string>>({
    name: 'jejak_clock_jumped_seconds',
    help: 'How far the clock was moved since the process began.',
    labels: [],
  })
  return {
    clock: ({ behindMs, jumpedMs }: MeasuredClock) => {
      behind(() => [...behindMs()].map(([log, ms]) => [{ log }, ms / 1_000] as const))
      jumped(() => [[{}, jumpedMs() / 1_000]])
    },
  }
}

const ofConsumers = ({ totals, gauge }: Metrics) => {
  const labels = ['consumer'] as const
  type Consumer = { consumer: string }
  const about = (what: string, help: string) =>
    ({ name: `jejak_consumer_${what}_total`, help, labels }) as const
  const counted = {
    applied: totals<Consumer>(about('applied_events', 'Events that took effect.')),
    duplicates: totals<Consumer>(
      about('duplicate_events', 'Events dropped: they had taken effect.'),
    ),
    gaps: totals<Consumer>(about('gaps', 'Gaps in what was delivered, filled from history.')),
    waiting: totals<Consumer>(about('waiting_events', 'Events dropped: their stream is parked.')),
  }
  const parked = gauge<Consumer>({
    name: 'jejak_consumer_parked_streams',
    help: 'Streams whose effect fails.',
    labels,
  })
  const lag = gauge<Consumer & { log: string }>({
    name: 'jejak_consumer_lag_events',
    help: 'Events of a log that a consumer has not come to.',
    labels: ['consumer', 'log'],
  })
  const todos = gauge<{ process: string }>({
    name: 'jejak_todos',
    help: 'What a process manager still has to do.',
    labels: ['process'],
  })
  return {
    consumer: (consumer: string, measured: MeasuredConsumer) => {
      for (const [what, total] of Object.entries(counted))
        total(() => [[{ consumer }, measured.counts()[what as keyof typeof counted]]])
      parked(async () => [[{ consumer }, await measured.parked()]])
      lag(async () =>
        [...(await measured.lag())].map(([log, events]) => [{ consumer, log }, events] as const),
      )
    },
    todos: (process: string, count: Value) => todos(async () => [[{ process }, await count()]]),
  }
}

const ofSubjectRequests = ({ gauge }: Metrics) => {
  const requests = gauge<{ state: string }>({
    name: 'jejak_open_subject_requests',
    help: 'Requests of data subjects without an answer: all that are open, and the overdue ones.',
    labels: ['state'],
  })
  return {
    subjectRequests: (counts: () => Promise<MeasuredRequests>) =>
      requests(async () => {
        const { open, overdue } = await counts()
        return [
          [{ state: 'open' }, open],
          [{ state: 'overdue' }, overdue],
        ]
      }),
  }
}
