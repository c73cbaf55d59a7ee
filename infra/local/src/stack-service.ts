import { setTimeout as sleep } from 'node:timers/promises'
import { lastLines, type Member } from './processes.ts'
import { until } from './until.ts'

const readyWithinMs = 120_000
/** Longer than the time that calls under way get at the end. */
const endsWithinMs = 30_000
const againAfterMs = 1_000

/** The process of a service. `kill` and `stop` do not count as an end by itself. */
export type StackService = {
  readonly pid: number
  readonly running: boolean
  /** SIGKILL. */
  kill(): Promise<void>
  /** SIGTERM, and waits for the end: `code 0` if all went well. */
  stop(): Promise<string>
  /** Starts it if it does not run, and waits until it is ready. */
  restart(): Promise<void>
}

export type ServiceOptions = {
  readonly name: string
  readonly log: string
  /** Address of its health checks. */
  readonly http: string
  readonly launch: () => Promise<Member>
  readonly say: (line: string) => void
  /** Whether it is started again if it ends by itself. */
  readonly supervised: boolean
}

export const startService = async (options: ServiceOptions): Promise<StackService> => {
  const { name, log, launch, say, supervised } = options
  let member: Member | undefined
  let wanted: Member | undefined // Undefined once `kill` or `stop` ends it.
  const start = async () => {
    const started = await launch()
    member = wanted = started
    try {
      await ready(options, started)
    } catch (error) {
      await started.kill()
      throw error
    }
    void watch(started)
  }
  const watch = async (started: Member) => {
    const how = await started.ended
    if (wanted !== started) return
    say(`${name} ended by itself: ${how}. The last lines of ${log}:\n${await lastLines(log, 10)}`)
    for (let last = started; supervised && wanted === last; last = member ?? last) {
      await sleep(againAfterMs)
      if (wanted !== last) return
      const failure = await start().catch(String)
      if (failure === undefined) return
      say(failure)
    }
  }
  await start()
  return {
    get pid() {
      return member?.pid ?? 0
    },
    get running() {
      return member?.running ?? false
    },
    async kill() {
      wanted = undefined
      await member?.kill()
    },
    async stop() {
      wanted = undefined
      return member ? end(name, member) : ''
    },
    async restart() {
      if (!member?.running) await start()
    },
  }
}

const ready = async ({ name, log, http }: ServiceOptions, member: Member) => {
  const address = `http://${http}/readyz`
  await until(`the start of ${name}`, readyWithinMs, async () => {
    return !member.running || (await fetch(address, { signal: AbortSignal.timeout(2_000) })).ok
  })
  if (!member.running) {
    throw new Error(`${name} ended by itself, see ${log}:\n${await lastLines(log, 10)}`)
  }
}

const end = async (name: string, member: Member): Promise<string> => {
  member.signal('SIGTERM')
  const patience = new AbortController()
  const late = sleep(endsWithinMs, undefined, { signal: patience.signal }).catch(() => undefined)
  const how = await Promise.race([member.ended, late])
  patience.abort()
  if (how !== undefined) return how
  await member.kill()
  throw new Error(`${name} did not end within ${endsWithinMs} ms, and was killed`)
}
