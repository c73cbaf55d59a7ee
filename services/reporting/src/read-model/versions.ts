import type { ProjectionStore } from '@jejak/eventsourcing/projection'

/** Has which read model is read; the models are projections of their own beside it. */
const control = 'reporting'
const key = 'models'

/** The number of the read model that is read, and of the last that was begun. */
type Numbers = { readonly active: number; readonly last: number }
const first: Numbers = { active: 1, last: 1 }

/** A read model is built anew beside the one that is read, and takes its place when it is whole. */
export const openReadModel = (store: ProjectionStore) => {
  const found = async () => (await store.load(control, [key])) as [Numbers?]
  const numbers = async (): Promise<Numbers> => (await found())[0] ?? first
  const active = async () => nameOf((await numbers()).active)

  /** False if there is nothing to change, or another changed the numbers since they were read. */
  const change = async (decide: (now: Numbers) => Numbers | undefined) => {
    const [before] = await found()
    const next = decide(before ?? first)
    const compareAndSet = { loaded: new Map([[key, before]]), documents: new Map([[key, next]]) }
    return next !== undefined && store.apply(control, compareAndSet)
  }

  return {
    active,
    /** The name of a new one, which nobody has used: where one was left unfinished, it is not. */
    async begin(): Promise<string> {
      for (;;) {
        const { last } = await numbers()
        const begun = await change(now =>
          now.last === last ? { ...now, last: last + 1 } : undefined,
        )
        if (begun) return nameOf(last + 1)
      }
    },
    /** From now on it is the one that is read. False where another was begun after it. */
    swap: (model: string): Promise<boolean> =>
      change(({ last }) => (nameOf(last) === model ? { active: last, last } : undefined)),
    /** Removes what is not read and not being built. */
    async dropOthers(): Promise<void> {
      const { active, last } = await numbers()
      for (let number = 1; number < last; number++) {
        if (number !== active) await store.drop(nameOf(number))
      }
    },
    load: (keys: readonly string[]): Promise<readonly unknown[]> =>
      settled(active, model => store.load(model, keys)),
    /** As `ProjectionStore.dump`, and whole, also where a swap comes in between. */
    async *dump(prefix: string, after?: string): AsyncIterable<Document> {
      for (let last = after; ; ) {
        const page = await settled(active, model => someOf(store.dump(model, prefix, last)))
        yield* page
        if (page.length < dumpPage) return
        last = page.at(-1)?.[0]
      }
    },
  }
}

type Document = readonly [key: string, document: unknown]

const dumpPage = 1_000

const someOf = async (dump: AsyncIterable<Document>): Promise<readonly Document[]> => {
  const page: Document[] = []
  for await (const document of dump) if (page.push(document) === dumpPage) break
  return page
}

export type ReadModel = ReturnType<typeof openReadModel>

/** With what its facts are, which are entries now: a model of before has another name. */
const nameOf = (number: number) => `${control}-facts-${number}`

/** What was read of a model that is not read any more is read again: some may have been gone. */
const settled = async <T>(
  active: () => Promise<string>,
  read: (model: string) => Promise<T>,
): Promise<T> => {
  for (let model = await active(); ; ) {
    const found = await read(model)
    const now = await active()
    if (now === model) return found
    model = now
  }
}
