import type { Cursor } from '@jejak/eventsourcing/projection'
import { parkedPrefix } from './batch.ts'
import type { ConsumerOptions, Parked } from './consumer.ts'
import { readerOf } from './order.ts'

/** How far a consumer has come, as far as a stream is concerned. */
export type StreamPosition = {
  readonly reader: string
  readonly cursor: Cursor
  /** Of the document that says that the stream is parked. */
  readonly key: string
  readonly parked: Parked | undefined
}

export const positions =
  ({ name: consumer, store, cursorPer }: Pick<ConsumerOptions, 'name' | 'store' | 'cursorPer'>) =>
  async (log: string, stream: string): Promise<StreamPosition> => {
    const reader = readerOf(cursorPer, { log, stream })
    const key = `${parkedPrefix}${log}/${stream}`
    const cursor = await store.cursor(consumer, reader)
    const [parked] = (await store.load(consumer, [key])) as [Parked?]
    return { reader, cursor, key, parked }
  }
