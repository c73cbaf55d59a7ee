import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Change,
  type Cursor,
  documentOf,
  type ProjectionStore,
} from '@jejak/eventsourcing/projection'
import { backOffMs, Unrecoverable } from '@jejak/messaging/bus'

/** Another process has changed a document that the change was computed from. */
export class Overtaken extends Unrecoverable {
  override name = 'Overtaken'
}

export type Behind = ProjectionStore & {
  /** Resolves once all changes are applied; rejects if one was not. */
  readonly settled: () => Promise<void>
}

/** One change is being applied and one waits: both are in memory. */
const waitingMax = 2

/**
 * For the only writer of a projection, which starts over after a crash: `apply` returns before the
 * write, and reads see it.
 * If a change could not be applied, every later call rejects: it may depend on that change.
 */
export const writeBehind = (store: ProjectionStore): Behind => {
  const waiting: Waiting[] = []
  let failure: Error | undefined
  let last = Promise.resolve()
  const sound = () => {
    if (failure) throw failure
  }
  const settled = () => last.then(sound)
  const applyNow = async ({ projection, change }: Waiting) => {
    if (!failure) {
      try {
        const applied = await applySurely(store, projection, change)
        if (!applied) failure = new Overtaken(`another has changed ${projection}`)
      } catch (cause) {
        failure = new Unrecoverable(`${projection} could not be changed`, { cause })
      }
    }
    waiting.shift()
  }
  /** As the newest that waits has it, and what none has, as `read` says. */
  const newest = async <T>(
    { projection, keys, of }: Asked<T>,
    read: (keys: readonly string[]) => Promise<readonly T[]>,
  ): Promise<readonly T[]> => {
    sound()
    const held = waiting.filter(one => one.projection === projection).map(of)
    const newest = keys.map(key => held.findLast(one => one.has(key)))
    const rest = keys.filter((_, i) => !newest[i])
    const found = (rest.length > 0 ? await read(rest) : []).values()
    return keys.map((key, i) => (newest[i] ? newest[i].get(key) : found.next().value) as T)
  }
  const cursors: ProjectionStore['cursors'] = (projection, keys) =>
    newest({ projection, keys, of: ({ cursors }) => cursors }, rest =>
      store.cursors(projection, rest),
    )

  return {
    ...store,
    settled,
    cursors,
    cursor: async (projection, reader = '') => (await cursors(projection, [reader]))[0] as Cursor,
    async load(projection, keys) {
      const of = ({ change }: Waiting) => change.documents
      const found = await newest({ projection, keys, of }, rest => store.load(projection, rest))
      return found.map(documentOf)
    },
    async apply(projection, change) {
      while (waiting.length >= waitingMax) await waiting[0]?.applied
      sound()
      const cursors = new Map(change.moves?.map(({ reader = '', to }) => [reader, to]))
      const one: Waiting = { projection, change, cursors, applied: last.then(() => applyNow(one)) }
      waiting.push(one)
      last = one.applied
      return true
    },
    async endFilling(projection) {
      await settled()
      await store.endFilling(projection)
    },
    async drop(projection) {
      await settled()
      await store.drop(projection)
    },
    async *dump(projection, prefix = '', after) {
      if (waiting.some(({ change }) => isIn(change, prefix))) await last
      sound()
      yield* store.dump(projection, prefix, after)
    },
    async close() {
      await last
      await store.close()
    },
  }
}

/** With the waits of a database that has to find another primary, half a minute. */
const triesMax = 5

/** A failed change may have been applied all the same: then its cursor is at its end. */
const applySurely = async (store: ProjectionStore, projection: string, change: Change) => {
  for (let failures = 0; ; ) {
    try {
      if (await store.apply(projection, change)) return true
      const [move] = change.moves ?? []
      if (failures === 0 || !move) return false
      const { position, digest } = await store.cursor(projection, move.reader)
      return position === move.to.position && digest === move.to.digest
    } catch (error) {
      if (++failures === triesMax) throw error
      await sleep(backOffMs(failures))
    }
  }
}

/** A loop: of thousands of keys, each call of a function is seen. */
const isIn = ({ documents }: Change, prefix: string): boolean => {
  for (const key of documents.keys()) if (key.startsWith(prefix)) return true
  return false
}

type Waiting = {
  readonly projection: string
  readonly change: Change
  readonly cursors: ReadonlyMap<string, Cursor>
  readonly applied: Promise<void>
}

type Asked<T> = {
  readonly projection: string
  readonly keys: readonly string[]
  readonly of: (waiting: Waiting) => ReadonlyMap<string, T>
}
