import type { EventLog, Page } from '@jejak/eventsourcing/log'
import { after, type ProjectionStore, pagesFrom } from '@jejak/eventsourcing/projection'
import type { Bus, Subscription } from './bus.ts'
import { type Handled, openHandled } from './caught-up.ts'
import { messageAt, partsOf } from './pages.ts'
import { pause, retry } from './retry.ts'
import { serial } from './serial.ts'
import { subscriptions } from './subscriptions.ts'

export type CatchUpBusOptions = {
  /** Delivers live. It is published on, and closed with this one. */
  readonly bus: Bus
  /** The publishers' logs, by service. */
  readonly logs: ReadonlyMap<string, Pick<EventLog, 'read' | 'follow' | 'size'>>
  /** Keeps how far each consumer has come in each log, as for a local bus. */
  readonly cursors: Pick<ProjectionStore, 'cursor' | 'apply'>
  /** From one sweep to the next, about: 2 s where not given. */
  readonly intervalMs?: number
  /** Told when a consumer has first read a log to its end, and of each sweep after that. */
  readonly caughtUp?: (sweep: CatchUp) => void
}

export type CatchUp = {
  readonly consumer: string
  readonly log: string
  /** Of the cursor: everything before it has been handled. */
  readonly position: number
  /** How many events the log has. */
  readonly size: number
  /**
   * Events that the live bus had a whole sweep's time for and had not brought to this process: it
   * has lost them or is late, or another process of the consumer has them as its share.
   */
  readonly missed: number
}

/**
 * A bus that loses nothing over one that may. A consumer first reads each log from its cursor to
 * the end, and then takes what is delivered live; a sweep reads each log again, up to where it
 * ended one sweep before, and hands on what has not come. What has been handled since the last
 * sweep may come again after a restart: for handlers that stand behind a gate.
 */
export const catchUpBus = (options: CatchUpBusOptions): Bus => {
  const { bus } = options
  const open = subscriptions(subscription => subscribe(options, subscription))
  return {
    publish: bus.publish,
    subscribe: open.subscribe,
    async close() {
      await open.close()
      await bus.close()
    },
  }
}

const subscribe = async (options: CatchUpBusOptions, subscription: Subscription) => {
  const stop = new AbortController()
  const signal = AbortSignal.any([subscription.signal, stop.signal])
  const inTurn = serial()
  const readers = subscription.logs.map(log => {
    const handled = openHandled()
    return { ...subscription, signal, options, log, handled, inTurn }
  })
  const begun: Promise<void>[] = []
  const swept = readers.map(reader => {
    const { promise, resolve: begin } = Promise.withResolvers<void>()
    begun.push(promise)
    return keepSweeping(reader, begin).finally(begin)
  })
  const live = Promise.all(begun).then(() => takeLive(readers, { ...subscription, signal }))
  const all = [...swept, live].map(ending => ending.finally(() => stop.abort()))
  await Promise.allSettled(all)
  await Promise.all(all)
}

/** One log of a subscription. */
type Reader = Subscription & {
  readonly options: CatchUpBusOptions
  readonly log: string
  readonly handled: Handled
  readonly inTurn: ReturnType<typeof serial>
}

const takeLive = async (readers: readonly Reader[], subscription: Subscription) => {
  const byLog = new Map(readers.map(reader => [reader.log, reader]))
  await readers[0]?.options.bus.subscribe({
    ...subscription,
    async handle(messages) {
      for (const [log, some] of Map.groupBy(messages, ({ log }) => log)) {
        const { handled, inTurn, handle } = byLog.get(log) as Reader
        await inTurn(log, async () => {
          const missing = some.filter(message => !handled.has(message))
          if (missing.length > 0) await handle(missing)
          handled.add(missing)
        })
      }
    },
  })
}

/** `begin` is called when the live bus may. */
const keepSweeping = async (reader: Reader, begin: () => void) => {
  const { options, log, consumer, signal, failed } = reader
  const { intervalMs = 2_000 } = options
  const tell = (sweep: Pick<CatchUp, 'position' | 'size' | 'missed'>) =>
    options.caughtUp?.({ consumer, log, ...sweep })
  // A publisher that is away keeps nobody from what it has published.
  const beginWithout = (error: unknown) => {
    failed?.(error)
    begin()
  }
  let seen = await retry(() => readToEnd(reader), { signal, failed: beginWithout })
  begin()
  if (seen !== undefined) tell({ position: seen, size: seen, missed: 0 })
  while (!signal.aborted) {
    // Not all at once who were started at once.
    await pause(intervalMs * (0.75 + Math.random() / 2), signal)
    await retry(async () => {
      const size = await sourceOf(reader).size()
      const { position, missed } = await readOn(reader, seen ?? 0)
      seen = size
      tell({ position, size, missed })
    }, reader)
  }
}

const readToEnd = async (reader: Reader): Promise<number> => {
  for (;;) {
    const { position, moved } = await readOn(reader, Number.POSITIVE_INFINITY)
    if (!moved) return position
  }
}

/**
 * Hands on what stands between the cursor and `end` and has not been handled, until the signal
 * aborts or another process has moved the cursor.
 */
const readOn = async (reader: Reader, end: number) => {
  const { options, log, consumer, signal, handled } = reader
  let [from, missed] = [await options.cursors.cursor(consumer, log), 0]
  handled.moveTo(from.position)
  const at = (moved = false) => ({ position: from.position, missed, moved })
  if (from.position >= end) return at()
  for await (const page of await pagesFrom(sourceOf(reader), from)) {
    for (const whole of partsOf(page)) {
      const part = { ...whole, entries: whole.entries.slice(0, end - whole.position) }
      const handedOn = await retry(() => handOn(reader, part), reader)
      if (handedOn === undefined) return at()
      missed += handedOn
      const to = after(part)
      const change = { moves: [{ reader: log, from, to }], documents: new Map() }
      if (!(await options.cursors.apply(consumer, change))) return at(true)
      from = to
      handled.moveTo(from.position)
      if (from.position >= end || signal.aborted) return at()
    }
  }
  return at()
}

/** Answers how many had not been handled. */
const handOn = ({ log, handled, inTurn, handle }: Reader, { position, entries }: Page) =>
  inTurn(log, async () => {
    const missing = entries.flatMap((entry, i) =>
      handled.has({ position: position + i, entry }) ? [] : [messageAt(log, position + i, entry)],
    )
    if (missing.length > 0) await handle(missing)
    return missing.length
  })

const sourceOf = ({ options, log }: Reader) => {
  const source = options.logs.get(log)
  if (!source) throw new Error(`there is no log ${log} on this bus`)
  return source
}
