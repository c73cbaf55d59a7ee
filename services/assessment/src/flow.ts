/**
 * Answers items in their order, with at most so many in flight. Back-pressure: a client that stops
 * reading is not read. `work` must not reject.
 */
export async function* flow<Item, Answer>(
  items: AsyncIterable<Item>,
  inFlightMax: number,
  work: (item: Item) => Promise<Answer>,
): AsyncGenerator<Answer, void, undefined> {
  const iterator = items[Symbol.asyncIterator]()
  const oldestFirst: Promise<Answer>[] = []
  const [arrival, room] = [signal(), signal()]
  let ended = false
  let broken: { readonly by: unknown } | undefined

  const readAll = async () => {
    while (!ended) {
      const { done, value } = await iterator.next()
      if (done) return
      oldestFirst.push(work(value))
      arrival.give()
      if (oldestFirst.length === inFlightMax) await room.wait()
    }
  }
  readAll()
    .catch((by: unknown) => {
      broken = { by }
    })
    .finally(() => {
      ended = true
      arrival.give()
    })
  try {
    for (;;) {
      if (broken) throw broken.by
      const [oldest] = oldestFirst
      if (oldest) {
        const answer = await oldest
        oldestFirst.shift()
        // Not for each: what is read together is looked up, and stored, together.
        if (oldestFirst.length <= inFlightMax / 2) room.give()
        yield answer
      } else if (ended) return
      else await arrival.wait()
    }
  } finally {
    ended = true
    room.give()
    iterator.return?.().catch(() => {})
  }
}

/** Wakes whoever waits; a signal that nobody waits for is lost. */
const signal = () => {
  let give = () => {}
  return {
    give: () => give(),
    wait: () =>
      new Promise<void>(resolve => {
        give = resolve
      }),
  }
}
