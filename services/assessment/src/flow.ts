/**
 * Answers to items, at most so many on their way at once: the next item is read only when the
 * oldest answer was taken, so that who does not read is not read from. `work` must not reject.
 */
export async function* flow<Item, Answer>(
  items: AsyncIterable<Item>,
  inFlightMax: number,
  work: (item: Item) => Promise<Answer>,
): AsyncGenerator<Answer, void, undefined> {
  const iterator = items[Symbol.asyncIterator]()
  const oldestFirst: Promise<{ readonly answer: Answer }>[] = []
  const next = () => {
    const reading = iterator.next()
    reading.catch(() => {}) // Awaited below, unless the consumer has left by then.
    return reading
  }
  let reading: Promise<IteratorResult<Item>> | undefined = next()
  try {
    while (reading || oldestFirst.length > 0) {
      const [oldest] = oldestFirst
      const mayRead = oldestFirst.length < inFlightMax
      const turn = await Promise.race([
        ...(oldest ? [oldest] : []),
        ...(reading && mayRead ? [reading] : []),
      ])
      if ('answer' in turn) {
        oldestFirst.shift()
        yield turn.answer
      } else if (turn.done) {
        reading = undefined
      } else {
        oldestFirst.push(work(turn.value).then(answer => ({ answer })))
        reading = next()
      }
    }
  } finally {
    iterator.return?.().catch(() => {})
  }
}
