/** Gathers what arrives while a write is in flight, and writes it as the next batch. */
export const groupCommitted = <Item>(
  write: (batch: readonly Item[]) => Promise<unknown> | unknown,
  most = 1_000,
) => {
  type Waiting = { readonly item: Item; resolve(): void; reject(reason: unknown): void }
  let waiting: Waiting[] = []
  let writing = false

  const pump = async () => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most)
      waiting = waiting.slice(most)
      try {
        await write(batch.map(({ item }) => item))
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
      // Clients that were just answered send again before the next batch is cut.
      await new Promise(setImmediate)
    }
    writing = false
  }

  return (item: Item) =>
    new Promise<void>((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (writing) return
      writing = true
      setImmediate(pump)
    })
}
