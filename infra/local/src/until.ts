import { setTimeout as sleep } from 'node:timers/promises'

/** Asks again every 50 ms until the answer is neither undefined nor false nor an error. */
export const until = async <T>(
  what: string,
  timeoutMs: number,
  ask: () => Promise<T | undefined | false>,
): Promise<T> => {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    let cause: unknown
    try {
      const answer = await ask()
      if (answer !== undefined && answer !== false) return answer
    } catch (error) {
      cause = error
    }
    if (Date.now() > deadline) throw new Error(`${what} took over ${timeoutMs} ms`, { cause })
    await sleep(50)
  }
}
