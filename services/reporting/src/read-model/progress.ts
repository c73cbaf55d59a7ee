import { setTimeout as sleep } from 'node:timers/promises'
import { unverifiedOf } from '@jejak/consumer/verified'
import { decode } from '@jejak/eventsourcing/entry'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import { type LogName, logNames } from '@jejak/history/fact'
import { tryLater } from '@jejak/rpc/error'
import type { Head, HistoryLog } from '@jejak/rpc/history'
import { delays } from '@jejak/texts/delays'
import type { FactLogs } from '../log-entries.ts'
import { openReadModel } from './versions.ts'

export type ProgressPorts = {
  readonly logs: FactLogs
  /** Has the read model. */
  readonly store: ProjectionStore
}

/** How much of a log an answer has, and the signed head that the log can be checked against. */
export type LogProgress = {
  readonly log: LogName
  /** Position of the first event that the answer does not have. */
  readonly position: number
  readonly head: Head | undefined
}

/**
 * How much of each log the read model has, or how much there was at a moment (RFC 3339). Read this
 * before the facts, and leave out facts that came in between: the answer is then what it says.
 */
export const progressAt = async (
  { logs, store }: ProgressPorts,
  knownAt: string | undefined,
): Promise<readonly LogProgress[]> => {
  const cursors = await openReadModel(store).cursors(logNames)
  return Promise.all(
    logNames.map(async (name, at) => {
      const log = logs.get(name)
      if (!log) throw new Error(`there is no log ${name}`)
      const size = cursors[at]?.position ?? 0
      const position =
        knownAt === undefined ? size : await positionAt(log, Date.parse(knownAt), size)
      return { log: name, position, head: await log.head() }
    }),
  )
}

/** How far the logs of facts have come, by their signed heads. */
export const headsOfFacts = async ({ logs }: Pick<ProgressPorts, 'logs'>) => {
  const found = logNames.map(async log => {
    const head = await logs.get(log)?.head()
    return head ? [{ log, ...head }] : []
  })
  return (await Promise.all(found)).flat()
}

const appliedWithinMs = 10_000
const askAgainMs = 50

/** Resolves once the read model has the logs up to these sizes; throws if that takes too long. */
export const untilApplied = async (
  ports: ProgressPorts,
  sizes: ReadonlyMap<LogName, number>,
): Promise<void> => {
  for (const end = performance.now() + appliedWithinMs; performance.now() < end; ) {
    const progress = await progressAt(ports, undefined)
    if (progress.every(({ log, position }) => position >= (sizes.get(log) ?? 0))) return
    await sleep(askAgainMs)
  }
  throw tryLater(delays.reportsBehind, appliedWithinMs)
}

const verifiedWithinMs = 10_000
const askVerifiedAgainMs = 250

/** Resolves once the logs are verified up to these sizes; throws if that takes too long. */
export const untilVerified = async (
  { logs }: Pick<ProgressPorts, 'logs'>,
  sizes: ReadonlyMap<LogName, number>,
): Promise<void> => {
  for (const end = performance.now() + verifiedWithinMs; ; ) {
    const [first] = await unverifiedOf(logs, sizes)
    if (!first) return
    if (performance.now() > end) throw tryLater(delays.logUnverified(first), verifiedWithinMs)
    await sleep(askVerifiedAgainMs)
  }
}

/** How many events the log had at a moment. The times of a log never go back. */
const positionAt = async (
  log: Pick<HistoryLog, 'read'>,
  moment: number,
  size: number,
): Promise<number> => {
  let [low, high] = [0, size]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if ((await timeAt(log, middle)) <= moment) low = middle + 1
    else high = middle
  }
  return low
}

const timeAt = async (log: Pick<HistoryLog, 'read'>, position: number): Promise<number> => {
  for await (const { entries } of log.read(position)) {
    const [entry] = entries
    if (entry) return Date.parse(decode(entry).time)
  }
  throw new Error(`there is no event at ${position}`)
}
