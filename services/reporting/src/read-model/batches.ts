/** Batches of `max` items, the last of them smaller, so that questions can be asked together. */
export async function* batches<T>(items: AsyncIterable<T>, max = 100): AsyncIterable<readonly T[]> {
  let batch: T[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < max) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
