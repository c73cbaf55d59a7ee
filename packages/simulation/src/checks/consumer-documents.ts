import { idempotentConsumer } from '@jejak/consumer/consumer'
import { type Projector, publisherHistory } from '@jejak/consumer/port'
import { entryDigest } from '@jejak/eventsourcing/projection'
import { serviceNames } from '@jejak/local/stack-environment'
import { until } from '@jejak/local/until'
import type { Message } from '@jejak/messaging/bus'
import { messagesOf } from '@jejak/messaging/pages'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { differences } from './differences.ts'
import type { StackStores } from './stack-stores.ts'

export const testConsumer = 'rebalanced'

const appliedWithinMs = 90_000

/**
 * Makes other documents if an event is applied twice, left out, or applied in another order.
 * Streams with the same last two characters share a count, which several processes write at once.
 */
const projector: Projector = async ({ log, stream, entry }, _, load) => {
  const keys = [`streams/${log}/${stream}`, `endings/${stream.slice(-2)}`] as const
  const [digest = '', count = 0] = (await load(keys)) as [string?, number?]
  return new Map<string, unknown>([
    [keys[0], entryDigest(Buffer.concat([Buffer.from(digest), entry]))],
    [keys[1], count + 1],
  ])
}

export const openTestConsumer = ({ logs, stores: { reporting: store } }: StackStores) =>
  idempotentConsumer({
    name: testConsumer,
    store,
    history: publisherHistory(logs),
    cursorPer: 'stream',
    projector,
  })

const cursorOf = ({ log, stream }: Message) => `${log}/${stream}`

/** The messages of every log, a page at a time. */
async function* messagesIn({ logs }: StackStores) {
  for (const log of serviceNames) {
    for await (const page of logs.get(log)?.read(0) ?? []) yield messagesOf(log, page)
  }
}

/** Streams of which the consumer has not applied the present events in time. */
export const unapplied = async (stores: StackStores): Promise<readonly string[]> => {
  const lasts = new Map<string, number>()
  for await (const messages of messagesIn(stores)) {
    for (const message of messages) lasts.set(cursorOf(message), message.version)
  }
  await until('the consumption of all events', appliedWithinMs, async () => {
    const cursorNames = [...lasts.keys()]
    const cursors = await stores.stores.reporting.cursors(testConsumer, cursorNames)
    for (const [i, name] of cursorNames.entries()) {
      if ((cursors[i]?.position ?? 0) >= (lasts.get(name) ?? 0)) lasts.delete(name)
    }
    return lasts.size === 0
  }).catch(() => {})
  return [...lasts].map(([name, last]) => `version ${last} of ${name} is not applied`)
}

/** Differences from the documents that an undisturbed consumer makes of the same events. */
export const documentDifferences = async (stores: StackStores): Promise<readonly string[]> => {
  const { reporting: store } = stores.stores
  const anew = memoryProjections()
  const { handle } = openTestConsumer({ ...stores, stores: { ...stores.stores, reporting: anew } })
  for await (const messages of messagesIn(stores)) {
    const cursors = await store.cursors(testConsumer, messages.map(cursorOf))
    await handle(messages.filter(({ version }, i) => version <= (cursors[i]?.position ?? 0)))
  }
  const linesIn = async ({ dump }: Pick<typeof store, 'dump'>) =>
    new Map([
      [testConsumer, await Array.fromAsync(dump(testConsumer), line => JSON.stringify(line))],
    ])
  return differences(await linesIn(store), await linesIn(anew))
}
