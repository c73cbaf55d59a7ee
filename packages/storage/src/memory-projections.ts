import {
  beginning,
  type Cursor,
  documentJson,
  type ProjectionStore,
} from '@jejak/eventsourcing/projection'

/** Documents as JSON, and cursors by reader. */
type Model = {
  readonly cursors: Map<string, Cursor>
  readonly documents: Map<string, string>
}

/** Projections that live as long as what holds `models`: for tests. */
export const memoryProjections = (models: Map<string, Model> = new Map()): ProjectionStore => {
  const cursorOf = (projection: string, reader = '') =>
    models.get(projection)?.cursors.get(reader) ?? beginning
  const found = (projection: string, key: string) => models.get(projection)?.documents.get(key)
  const parse = (json: string | undefined) => json && JSON.parse(json)
  return {
    eventsMax: 20_000,
    cursor: async (projection, reader) => cursorOf(projection, reader),
    cursors: async (projection, readers) => readers.map(reader => cursorOf(projection, reader)),
    load: async (projection, keys) => keys.map(key => parse(found(projection, key))),
    async apply(projection, { moves = [], loaded = new Map(), documents }) {
      for (const { reader, from } of moves) {
        const cursor = cursorOf(projection, reader)
        if (cursor.position !== from.position || cursor.digest !== from.digest) return false
      }
      for (const [key, document] of loaded) {
        if (found(projection, key) !== JSON.stringify(document)) return false
      }
      const model = models.get(projection) ?? { cursors: new Map(), documents: new Map() }
      for (const [key, document] of documents) {
        const json = documentJson(document)
        if (json === undefined) model.documents.delete(key)
        else model.documents.set(key, json)
      }
      for (const { reader = '', to } of moves) model.cursors.set(reader, to)
      models.set(projection, model)
      return true
    },
    beginFilling: async () => {}, // Here nothing is gained by waiting.
    endFilling: async () => {},
    drop: async projection => void models.delete(projection),
    async *dump(projection, prefix = '', after) {
      const all = [...(models.get(projection)?.documents.keys() ?? [])].sort(inBytes)
      for (const key of all.filter(key => key.startsWith(prefix))) {
        if (after === undefined || inBytes(after, key) < 0) {
          yield [key, parse(found(projection, key))]
        }
      }
    },
    close: async () => {},
  }
}

const inBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))
