import { setTimeout as sleep } from 'node:timers/promises'

/** Why it is not ready, in a few words; undefined where it is. */
export type Check = () => string | undefined | Promise<string | undefined>

export type Unready = { readonly name: string; readonly reason: string }

export type Health = {
  /** Adds a check to those that all have to pass. */
  readonly ready: (name: string, check: Check) => void
  /** What is not ready now; a check that fails or hangs is not. */
  readonly unready: () => Promise<readonly Unready[]>
  /** It can't go on: for good. */
  readonly fail: () => void
  readonly alive: () => boolean
}

/** Whoever asks whether it is ready gives up after a few seconds, as a rule. */
const checkMaxMs = 2_000

export const openHealth = (): Health => {
  const checks = new Map<string, Check>()
  let alive = true
  return {
    ready: (name, check) => void checks.set(name, check),
    async unready() {
      const results = [...checks].map(async ([name, check]) => ({
        name,
        reason: await within(check),
      }))
      return (await Promise.all(results)).filter((result): result is Unready => !!result.reason)
    },
    fail: () => {
      alive = false
    },
    alive: () => alive,
  }
}

const within = async (check: Check): Promise<string | undefined> => {
  const over = new AbortController()
  const late = `no answer in ${checkMaxMs / 1_000} s`
  try {
    return await Promise.race([
      check(),
      sleep(checkMaxMs, late, { ref: false, signal: over.signal }),
    ])
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    over.abort()
  }
}
