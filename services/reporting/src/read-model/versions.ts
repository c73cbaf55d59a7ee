import type { Cursor, ProjectionStore } from '@jejak/eventsourcing/projection'

/** A projection of one document, which says which version serves. A version is one beside it. */
const control = 'reporting'
const key = 'models'

/** A version is built beside the one that serves, and replaces it once it has caught up. */
type Versions =
  | { readonly status: 'serving'; readonly serving: number }
  | { readonly status: 'building'; readonly serving: number; readonly building: number }

/** How the document has it. */
type Stored = { readonly active: number; readonly last: number }

const versionsIn = ({ active, last }: Stored = { active: 1, last: 1 }): Versions =>
  active === last
    ? { status: 'serving', serving: active }
    : { status: 'building', serving: active, building: last }

const newestOf = (versions: Versions): number =>
  versions.status === 'building' ? versions.building : versions.serving

const storedOf = (versions: Versions): Stored => ({
  active: versions.serving,
  last: newestOf(versions),
})

/** `v7`: the form of its documents. Another form needs another name, so that it is built anew. */
const nameOf = (number: number) => `${control}-v7-${number}`

export const openReadModel = (store: ProjectionStore) => {
  const stored = async () => ((await store.load(control, [key])) as [Stored?])[0]
  const versions = async (): Promise<Versions> => versionsIn(await stored())
  const active = async () => nameOf((await versions()).serving)

  /** False, and nothing is changed, if `decide` makes nothing or another was faster. */
  const change = async (decide: (now: Versions) => Versions | undefined): Promise<boolean> => {
    const before = await stored()
    const next = decide(versionsIn(before))
    if (!next) return false
    const documents = new Map([[key, storedOf(next)]])
    return store.apply(control, { loaded: new Map([[key, before]]), documents })
  }

  /** Reads again if another version has replaced this one: parts of it may be dropped. */
  const consistent = async <T>(read: (version: string) => Promise<T>): Promise<T> => {
    for (let version = await active(); ; ) {
      const found = await read(version)
      const now = await active()
      if (now === version) return found
      version = now
    }
  }

  return {
    /** The name of the version that serves. */
    active,
    /** The name of a new version. One that was left unfinished is not taken up again. */
    async begin(): Promise<string> {
      for (let building = 0; ; ) {
        const begun = await change(now => {
          building = newestOf(now) + 1
          return { status: 'building', serving: now.serving, building }
        })
        if (begun) return nameOf(building)
      }
    },
    /** From now on this version serves. False if another was begun after it. */
    activate: (version: string): Promise<boolean> =>
      change(now => {
        const newest = newestOf(now)
        return nameOf(newest) === version ? { status: 'serving', serving: newest } : undefined
      }),
    /** Drops the versions that neither serve nor are being built. */
    async dropOthers(): Promise<void> {
      const now = await versions()
      for (let number = 1; number < newestOf(now); number++) {
        if (number !== now.serving) await store.drop(nameOf(number))
      }
    },
    cursors: (readers: readonly string[]): Promise<readonly Cursor[]> =>
      consistent(version => store.cursors(version, readers)),
    load: (keys: readonly string[]): Promise<readonly unknown[]> =>
      consistent(version => store.load(version, keys)),
    /** As `ProjectionStore.dump`, and whole even if the version is replaced meanwhile. */
    async *dump(prefix: string, after?: string): AsyncIterable<Document> {
      for (let last = after; ; ) {
        const page = await consistent(version => firstPage(store.dump(version, prefix, last)))
        yield* page
        if (page.length < dumpPage) return
        last = page.at(-1)?.[0]
      }
    },
  }
}

export type ReadModel = ReturnType<typeof openReadModel>

type Document = readonly [key: string, document: unknown]

const dumpPage = 1_000

const firstPage = async (dump: AsyncIterable<Document>): Promise<readonly Document[]> => {
  const page: Document[] = []
  for await (const document of dump) if (page.push(document) === dumpPage) break
  return page
}
