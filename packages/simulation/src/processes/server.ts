import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { openSystem } from '@jejak/embedded/system'
import { serve } from '@jejak/rpc/serve'
import type { ServerOptions } from './options.ts'
import { runProcess } from './run-process.ts'

// The process that is killed: all services, as `jejak up` runs them.

const drainMs = 10_000
const idleEveryMs = 20

await runProcess(async ({ data, port, nowMs, crash }: ServerOptions) => {
  let times = 0
  const stopped = Promise.withResolvers<never>()
  const system = await openSystem({
    data,
    clock: () => nowMs,
    onStop: stopped.reject,
    failed: error => console.error(error),
    onStep: step => {
      if (step === crash?.step && ++times === crash.time) process.kill(process.pid, 'SIGKILL')
    },
  })
  const { implementations, authenticate } = system
  const server = await serve({
    address: `127.0.0.1:${port}`,
    implementations,
    authenticate,
  })
  process.send?.({ ready: true })
  await Promise.race([once(process, 'message'), stopped.promise])
  while (!(await system.idle())) await sleep(idleEveryMs)
  await server.drain(drainMs)
  await system.close()
})
