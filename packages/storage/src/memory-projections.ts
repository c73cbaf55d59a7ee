import { beginning, type Cursor, type ProjectionStore } from '@jejak/eventsourcing/projection'

/** Projections that live as long as what holds `models`: for tests. */
export const memoryProjections = (
  models: Map<string, { cursor: Cursor; documents: Map<string, string> }> = new Map(),
): ProjectionStore => {
  const cursorOf = (projection: string) => models.get(projection)?.cursor ?? beginning
  const parse = (json: string | undefined) => json && JSON.parse(json)
  return {
    cursor: async projection => cursorOf(projection),
    load: async (projection, keys) =>
      keys.map(key => parse(models.get(projection)?.documents.get(key))),
    async apply(projection, { from, to, documents }) {
      const cursor = cursorOf(projection)
      if (cursor.position !== from.position || cursor.digest !== from.digest) return false
      const model = models.get(projection)?.documents ?? new Map()
      for (const [key, document] of documents) {
        if (document === undefined) model.delete(key)
        else model.set(key, JSON.stringify(document))
      }
      models.set(projection, { cursor: to, documents: model })
      return true
    },
    reset: async projection => void models.delete(projection),
    async *dump(projection) {
      const keys = [...(models.get(projection)?.documents.keys() ?? [])]
      for (const key of keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
        yield [key, parse(models.get(projection)?.documents.get(key))]
      }
    },
    close: async () => {},
  }
}
