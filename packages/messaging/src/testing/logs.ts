import { randomUUID } from 'node:crypto'
import type { EventLog } from '@jejak/eventsourcing/log'
import { openLog } from '@jejak/storage/log/open'
import { memoryStore } from '@jejak/storage/memory'
import { generateKey, parseSigner } from '@jejak/transparency/key'

const origin = 'jejak.example/test'

export const openMemory = () =>
  openLog({ store: memoryStore(), origin, signer: parseSigner(generateKey(origin)) })

export const happenings = (count: number) =>
  Array.from({ length: count }, () => ({ id: randomUUID(), type: 'Happened', data: {} }))

export const append = async (log: EventLog, stream: string, count: number) => {
  const appended = await log.append({ stream, expected: 'any', events: happenings(count) })
  if ('refused' in appended) throw new Error(appended.refused)
  return appended
}

/** Appends to streams in turn, as long as it is let. */
export const appending = (log: EventLog, streams: readonly string[], everyMs: number) => {
  let [going, appended] = [true, 0]
  const done = (async () => {
    for (; going; await new Promise(resolve => setTimeout(resolve, everyMs))) {
      for (const stream of streams) appended += (await append(log, stream, 2)).entries.length
    }
    return appended
  })()
  /** How many there are. */
  const stop = () => {
    going = false
    return done
  }
  return { stop }
}
