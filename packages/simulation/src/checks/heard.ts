import { idempotentConsumer, type Projector } from '@jejak/consumer/consumer'
import { publisherHistory } from '@jejak/consumer/history'
import { entryDigest } from '@jejak/eventsourcing/projection'
import { serviceNames } from '@jejak/local/stack-environment'
import { until } from '@jejak/local/until'
import type { Message } from '@jejak/messaging/bus'
import { messagesOf } from '@jejak/messaging/pages'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { differences } from './differences.ts'
import type { Kept } from './stack-rest.ts'

export const consumer = 'rebalanced'

const heardWithinMs = 90_000

/**
 * Forgives nothing: what is taken twice, left out, or in another order makes other documents. An
 * ending is one of many streams, which several processes take at once.
 */
const effect: Projector = async ({ log, stream, entry }, _, load) => {
  const keys = [`streams/${log}/${stream}`, `endings/${stream.slice(-2)}`] as const
  const [digest = '', count = 0] = (await load(keys)) as [string?, number?]
  return new Map<string, unknown>([
    [keys[0], entryDigest(Buffer.concat([Buffer.from(digest), entry]))],
    [keys[1], count + 1],
  ])
}

export const gateOf = ({ logs, stores: { reporting: store } }: Kept) =>
  idempotentConsumer({
    name: consumer,
    store,
    history: publisherHistory(logs),
    cursorPer: 'stream',
    projector: effect,
  })

const readerOf = ({ log, stream }: Message) => `${log}/${stream}`

/** A page of a log at a time. */
async function* messagesIn({ logs }: Kept) {
  for (const log of serviceNames) {
    for await (const page of logs.get(log)?.read(0) ?? []) yield messagesOf(log, page)
  }
}

/** What has not been taken in time of what logs have now. */
export const unheard = async (kept: Kept): Promise<readonly string[]> => {
  const lasts = new Map<string, number>()
  for await (const messages of messagesIn(kept)) {
    for (const message of messages) lasts.set(readerOf(message), message.version)
  }
  await until('the hearing of all', heardWithinMs, async () => {
    const readers = [...lasts.keys()]
    const cursors = await kept.stores.reporting.cursors(consumer, readers)
    for (const [i, reader] of readers.entries()) {
      if ((cursors[i]?.position ?? 0) >= (lasts.get(reader) ?? 0)) lasts.delete(reader)
    }
    return lasts.size === 0
  }).catch(() => {})
  return [...lasts].map(([reader, last]) => `version ${last} of ${reader} is not heard`)
}

/** Where documents are not those that as much of each stream makes in peace. */
export const misheard = async (kept: Kept): Promise<readonly string[]> => {
  const { reporting: store } = kept.stores
  const anew = memoryProjections()
  const { handle } = gateOf({ ...kept, stores: { ...kept.stores, reporting: anew } })
  for await (const messages of messagesIn(kept)) {
    const cursors = await store.cursors(consumer, messages.map(readerOf))
    await handle(messages.filter(({ version }, i) => version <= (cursors[i]?.position ?? 0)))
  }
  const linesIn = async ({ dump }: Pick<typeof store, 'dump'>) =>
    new Map([[consumer, await Array.fromAsync(dump(consumer), line => JSON.stringify(line))]])
  return differences(await linesIn(store), await linesIn(anew))
}
