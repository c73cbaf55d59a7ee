import { setTimeout as sleep } from 'node:timers/promises'
import { status } from '@grpc/grpc-js'
import { describe, expect, test } from 'vitest'
import type { Call } from './call.ts'
import { collect, failure, open } from './testing/server.ts'

describe('time', () => {
  const forever = (call: Call, aborted: (reason: unknown) => void) =>
    new Promise<never>(() =>
      call.signal.addEventListener('abort', () => aborted(call.signal.reason)),
    )

  test('runs out for the handler as for the caller', async () => {
    const { promise: reason, resolve } = Promise.withResolvers<unknown>()
    const { echo } = await open({ say: async (_, call) => forever(call, resolve) })
    const error = await failure(echo.say({}, { deadline: new Date(Date.now() + 60) }))
    expect(error.code).toBe(status.DEADLINE_EXCEEDED)
    expect(await reason).toMatchObject({ name: 'RpcError' })
  })

  test('has an end also for a caller who gives none', async () => {
    const limits = { unaryMaxMs: 50, streamMaxMs: 50 }
    const { promise: reason, resolve } = Promise.withResolvers<unknown>()
    const { echo } = await open({ say: async (_, call) => forever(call, resolve) }, { limits })
    const far = new Date(Date.now() + 60_000)
    expect((await failure(echo.say({}, { deadline: far }))).code).toBe(status.DEADLINE_EXCEEDED)
    expect(await reason).toMatchObject({ code: status.DEADLINE_EXCEEDED })
    const silent = (async function* () {
      yield { value: 'x' }
      await sleep(5_000, undefined, { ref: false })
    })()
    expect((await failure(collect(echo.chat(silent)))).code).toBe(status.DEADLINE_EXCEEDED)
  })

  test('is saved where the caller goes', async () => {
    const { promise: reason, resolve } = Promise.withResolvers<unknown>()
    const { promise: began, resolve: begin } = Promise.withResolvers<void>()
    const { echo } = await open({
      say: async (_, call) => {
        begin()
        return forever(call, resolve)
      },
    })
    const control = new AbortController()
    const answer = failure(echo.say({}, { signal: control.signal }))
    await began
    control.abort()
    expect((await answer).code).toBe(status.CANCELLED)
    expect(await reason).toMatchObject({ code: status.CANCELLED })
    expect((await failure(echo.say({}, { signal: control.signal }))).code).toBe(status.CANCELLED)
  })

  test('is saved where the caller reads no further', async () => {
    const { promise: ended, resolve } = Promise.withResolvers<string>()
    const { echo } = await open({
      async *spell() {
        try {
          for (;;) yield { value: 'x' }
        } finally {
          resolve('ended')
        }
      },
    })
    for await (const _ of echo.spell({})) break
    expect(await ended).toBe('ended')
  })
})
