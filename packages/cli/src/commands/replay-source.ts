import { setTimeout as sleep } from 'node:timers/promises'
import { status } from '@grpc/grpc-js'
import { HistoryService } from '@jejak/proto/jejak/history/v1/history'
import type { Client, Connection } from '@jejak/rpc/client'
import { RpcError } from '@jejak/rpc/error'

/** An entry, and where it is. */
export type Event = {
  readonly service: string
  readonly position: number
  readonly entry: Uint8Array
}

export type Wanted = {
  readonly from: number
  readonly follow: boolean
  /** Only these streams, where there are any. */
  readonly streams?: readonly string[]
}

const retryAfterMs = 500

type History = Client<typeof HistoryService>

/** The events of logs: one log after the other, or all at once where they are followed. */
export const replay = async (
  connection: Connection,
  logs: readonly string[],
  wanted: Wanted,
  print: (event: Event) => Promise<void>,
  signal: AbortSignal,
): Promise<void> => {
  const history = connection.client(HistoryService)
  const one = async (service: string) => {
    for await (const event of eventsOf(history, service, wanted, signal)) await print(event)
  }
  if (wanted.follow) {
    // Who can't be reached at all is told so: later it is waited for.
    for (const log of logs) await history.getCheckpoint({ log })
    await Promise.all(logs.map(one))
  } else {
    for (const service of logs) await one(service)
  }
}

async function* eventsOf(
  history: History,
  log: string,
  { from, follow, streams }: Wanted,
  signal: AbortSignal,
): AsyncGenerator<Event> {
  if (!streams) return yield* entriesOf(history, log, from, follow, signal)
  // What comes behind the head is read from the log: it must not come twice.
  const size = follow ? Number((await history.getCheckpoint({ log })).size) : Infinity
  for (const stream of streams) {
    for await (const { entry: found } of history.readStream({ log, stream }, { signal })) {
      const position = Number(found?.position)
      if (!found || position < from || position >= size) continue
      yield { service: log, position, entry: found.entry }
    }
  }
  if (!follow) return
  for await (const event of entriesOf(history, log, Math.max(size, from), true, signal)) {
    const { subject } = JSON.parse(Buffer.from(event.entry).toString())
    if (streams.includes(subject)) yield event
  }
}

/**
 * A server ends a stream after an hour, or is started again: who follows goes on behind the last
 * event.
 */
async function* entriesOf(
  history: History,
  log: string,
  from: number,
  follow: boolean,
  signal: AbortSignal,
): AsyncGenerator<Event> {
  for (let position = from; ; ) {
    try {
      const fromPosition = BigInt(position)
      for await (const page of history.readLog({ log, fromPosition, follow }, { signal })) {
        position = Number(page.position)
        for (const entry of page.entries) yield { service: log, position: position++, entry }
      }
      return
    } catch (error) {
      const code = error instanceof RpcError ? error.code : undefined
      const gone = code === status.UNAVAILABLE
      if (!follow || !(gone || code === status.DEADLINE_EXCEEDED)) throw error
      if (gone) await sleep(retryAfterMs, undefined, { signal })
    }
  }
}
