/** Works of one log wait for each other, in the order in which they were asked for. */
export const serial = () => {
  const last = new Map<string, Promise<unknown>>()
  return <T>(log: string, work: () => Promise<T>): Promise<T> => {
    const turn = (last.get(log) ?? Promise.resolve()).then(work)
    last.set(
      log,
      turn.catch(() => {}),
    )
    return turn
  }
}
