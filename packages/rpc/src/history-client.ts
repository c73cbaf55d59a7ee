import { status } from '@grpc/grpc-js'
import {
  limits,
  type Page,
  type RecordedEvent,
  type StreamPage,
  type StreamQuery,
} from '@jejak/eventsourcing/log'
import type { HistoryService } from '@jejak/proto/jejak/history/v1/history'
import type { Client } from './client.ts'
import { RpcError } from './error.ts'
import type { HistoryLog } from './history.ts'

type History = Client<typeof HistoryService>

/** The log of another service, by the name of the service that writes it. */
export const remoteLog = (history: History, log: string): HistoryLog => {
  async function* read(from: number, follow = false, signal?: AbortSignal): AsyncIterable<Page> {
    const request = { log, fromPosition: BigInt(from), follow }
    for await (const { position, entries } of history.readLog(request, {
      ...(signal && { signal }),
    }))
      yield { position: Number(position), entries }
  }

  return {
    readStreams: queries => Promise.all(queries.map(query => pageOf(history, log, query))),
    async *read(from) {
      try {
        yield* read(from)
      } catch (error) {
        // As of a log in reach: there is nothing behind its end, and who reads on sees that.
        if (!(error instanceof RpcError && error.reason === 'BEYOND_LOG')) throw error
      }
    },
    async *follow(from, signal) {
      for (let position = from; !signal.aborted; ) {
        try {
          for await (const page of read(position, true, signal)) {
            yield page
            position = page.position + page.entries.length
          }
        } catch (error) {
          if (signal.aborted) return
          // No call goes on for ever: the server has ended this one, and answers the next.
          if (!(error instanceof RpcError && error.code === status.DEADLINE_EXCEEDED)) throw error
        }
      }
    },
    size: async () => Number((await history.getCheckpoint({ log })).size),
    async head() {
      const { size, checkpoint, vkey } = await history.getCheckpoint({ log })
      return { size: Number(size), checkpoint, vkey }
    },
    // A server of before answers 0: nothing is verified as far as anybody knows.
    verified: async () => Number((await history.getCheckpoint({ log })).verifiedSize),
    inclusion: async (index, size) => {
      const proof = { log, index: BigInt(index), size: BigInt(size) }
      return (await history.getInclusionProof(proof)).hashes
    },
    consistency: async (older, size) => {
      const proof = { log, olderSize: BigInt(older), size: BigInt(size) }
      return (await history.getConsistencyProof(proof)).hashes
    },
  }
}

/** A page as large as that of a log in reach. */
const pageOf = async (
  history: History,
  log: string,
  { stream, from = 1, to = 0, backwards, limit = limits.pageEventsMax }: StreamQuery,
): Promise<StreamPage> => {
  if (backwards) throw new Error('a remote stream is read forwards only')
  const events: RecordedEvent[] = []
  let bytes = 0
  const request = { log, stream, fromVersion: from, toVersion: to }
  for await (const { entry: found } of history.readStream(request)) {
    if (!found) continue
    if (events.length === limit || bytes > limits.pageBytesMax) return { events, end: false }
    const { position, version, entry } = found
    events.push({ position: Number(position), version, entry })
    bytes += entry.length
  }
  return { events, end: true }
}
