/** Runs the tasks of one key one after the other, in the order of the calls. */
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
