import { decode } from '@jejak/eventsourcing/entry'
import { type LogName, logNames } from '@jejak/history/fact'
import type { Head, HistoryLog } from '@jejak/rpc/history'
import type { HttpPorts } from '../http/ports.ts'
import { openReadModel } from './versions.ts'

/** A log, up to where an answer tells of it, and the head that it can be held against. */
export type LogProgress = {
  readonly log: LogName
  /** Of the first event that is not told of. */
  readonly position: number
  readonly head: Head | undefined
}

/**
 * How far each log was heard, or how far it had come at a moment (RFC 3339). Asked before facts are
 * read: what is heard in between is left out again, so that the answer is what it says it is.
 */
export const progressAt = async (
  { logs, store }: Pick<HttpPorts, 'logs' | 'store'>,
  knownAt: string | undefined,
): Promise<readonly LogProgress[]> => {
  const heard = await heardOf(store)
  return Promise.all(
    logNames.map(async name => {
      const log = logs.get(name)
      if (!log) throw new Error(`there is no log ${name}`)
      const size = heard.get(name) ?? 0
      const position =
        knownAt === undefined ? size : await positionAt(log, Date.parse(knownAt), size)
      return { log: name, position, head: await log.head() }
    }),
  )
}

const heardOf = async (
  store: Pick<HttpPorts['store'], 'load' | 'cursor'>,
): Promise<ReadonlyMap<LogName, number>> => {
  const readModel = openReadModel(store as Parameters<typeof openReadModel>[0])
  for (let model = await readModel.active(); ; ) {
    const cursors = await Promise.all(logNames.map(log => store.cursor(model, log)))
    const now = await readModel.active()
    if (now === model) return new Map(logNames.map((log, at) => [log, cursors[at]?.position ?? 0]))
    model = now
  }
}

/** How many events the log had at a moment: it never goes back in time. */
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
