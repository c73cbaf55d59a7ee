/** Runs the works of one key one after the other, in the order in which they were asked for. */
export const serial = () => {
  const last = new Map<string, Promise<unknown>>()
  return <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work)
    last.set(
      key,
      turn.catch(() => {}),
    )
    return turn
  }
}
