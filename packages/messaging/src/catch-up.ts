import type { EventLog, Page } from '@jejak/eventsourcing/log'
import {
  after,
  entryDigest,
  type ProjectionStore,
  pagesFrom,
} from '@jejak/eventsourcing/projection'
import type { Bus, Message, Subscription } from './bus.ts'
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
  /** Between two catch-ups, about: 2 s by default. */
  readonly intervalMs?: number
  /** Called when a consumer has first read a log to its end, and after each catch-up. */
  readonly caughtUp?: (catchUp: CatchUp) => void
}

export type CatchUp = {
  readonly consumer: string
  readonly log: string
  /** The position of the cursor: everything before it has been handled. */
  readonly position: number
  /** How many events the log has. */
  readonly size: number
  /**
   * Events that the live bus had not brought to this process though it had the time of a whole
   * interval: it has lost them or is late, or they are the share of another process.
   */
  readonly missed: number
}

/**
 * A bus that loses nothing over one that may. A consumer first reads each log from its cursor to
 * the end, and then takes what is delivered live. Now and then it catches up: it reads each log on,
 * up to its end of one interval before, and hands on messages that have not come. Those that were
 * handled since the last catch-up may come again after a restart: handlers have to be idempotent.
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
  const catchingUp = readers.map(reader => {
    const { promise, resolve: begin } = Promise.withResolvers<void>()
    begun.push(promise)
    return keepCatchingUp(reader, begin).finally(begin)
  })
  const live = Promise.all(begun).then(() => takeLive(readers, { ...subscription, signal }))
  const all = [...catchingUp, live].map(ending => ending.finally(() => stop.abort()))
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

/** Calls `begin` once the live bus may be subscribed to. */
const keepCatchingUp = async (reader: Reader, begin: () => void) => {
  const { options, log, consumer, signal, failed } = reader
  const { intervalMs = 2_000 } = options
  const report = (progress: Pick<CatchUp, 'position' | 'size' | 'missed'>) =>
    options.caughtUp?.({ consumer, log, ...progress })
  // A publisher that does not answer must not keep consumers from what it has published live.
  const beginWithout = (error: unknown) => {
    failed?.(error)
    begin()
  }
  let seen = await retry(() => readToEnd(reader), { signal, failed: beginWithout })
  begin()
  if (seen !== undefined) report({ position: seen, size: seen, missed: 0 })
  while (!signal.aborted) {
    // Not all at once who were started at once.
    await pause(intervalMs * (0.75 + Math.random() / 2), signal)
    await retry(async () => {
      const size = await sourceOf(reader).size()
      const { position, missed } = await readOn(reader, seen ?? 0)
      seen = size
      report({ position, size, missed })
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
 * Hands on what is between the cursor and `end` and has not been handled, until the signal aborts
 * or another process has moved the cursor.
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

/** About 15 MB, and what a busy publisher appends in the time of some intervals. */
const aheadMax = 100_000

/**
 * The messages of a log that have been handled: all before the cursor, and those beyond it that the
 * live bus has brought. The latter are known by their bytes: a bus's position is only a hint.
 */
const openHandled = () => {
  let cursor = 0
  const ahead = new Map<number, string>()
  return {
    has: ({ position, entry }: Pick<Message, 'position' | 'entry'>): boolean =>
      position < cursor || (ahead.has(position) && ahead.get(position) === entryDigest(entry)),
    add(messages: readonly Message[]) {
      // While no log answers it would grow without end. Forgotten messages are handed on twice.
      if (ahead.size + messages.length > aheadMax) ahead.clear()
      for (const { position, entry } of messages) ahead.set(position, entryDigest(entry))
    },
    moveTo(position: number) {
      cursor = position
      for (const at of ahead.keys()) if (at < cursor) ahead.delete(at)
    },
  }
}

type Handled = ReturnType<typeof openHandled>
