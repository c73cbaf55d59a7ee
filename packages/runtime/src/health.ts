import { setTimeout as sleep } from 'node:timers/promises'

/** Why it is not ready, in a few words; undefined if it is. */
export type ReadinessCheck = () => string | undefined | Promise<string | undefined>

export type Unready = { readonly name: string; readonly reason: string }

export type Health = {
  /** Adds a check. The process is ready when all checks pass. */
  readonly ready: (name: string, check: ReadinessCheck) => void
  /** The checks that are not ready now. A check that throws or hangs is not ready. */
  readonly unready: () => Promise<readonly Unready[]>
  /** Adds what an operator should see, though it keeps nothing from working: in sentences. */
  readonly notice: (notices: () => readonly string[]) => void
  readonly notices: () => readonly string[]
  /** Not alive any more, for good. */
  readonly fail: () => void
  readonly alive: () => boolean
}

/** Probes of readiness usually give up after a few seconds. */
const checkMaxMs = 2_000

export const openHealth = (): Health => {
  const checks = new Map<string, ReadinessCheck>()
  const noticed: (() => readonly string[])[] = []
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
    notice: notices => void noticed.push(notices),
    notices: () => noticed.flatMap(notices => notices()),
    fail: () => {
      alive = false
    },
    alive: () => alive,
  }
}

const within = async (check: ReadinessCheck): Promise<string | undefined> => {
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
