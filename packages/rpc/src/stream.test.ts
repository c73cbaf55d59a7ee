import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { failure, open } from './testing/server.ts'

const text = 'x'.repeat(10_000)
/** HTTP/2 windows, sockets and streams of 16 hold fewer: a queue would soon exceed it. */
const heldMax = 500

/** Texts to no end that a test gets to, and how many were taken so far. */
const source = () => {
  const counted = { taken: 0 }
  async function* endless() {
    while (counted.taken < 6 * heldMax) {
      counted.taken++
      yield { value: text }
    }
  }
  return { counted, endless }
}

/** The value at which a count comes to rest. */
const atRest = async (counted: { readonly taken: number }) => {
  let before = -1
  while (before !== counted.taken) {
    before = counted.taken
    await sleep(100)
  }
  return before
}

describe('a stream', () => {
  test('takes requests no faster than the handler reads them', async () => {
    const { counted, endless } = source()
    const { promise: enough, resolve } = Promise.withResolvers<void>()
    const { echo } = await open({
      async join(requests) {
        for await (const _ of requests) break
        await enough
        return { value: 'read one' }
      },
    })
    const answer = echo.join(endless())
    const rest = await atRest(counted)
    expect(rest).toBeGreaterThan(1)
    expect(rest).toBeLessThan(heldMax)
    resolve()
    expect((await answer).value).toBe('read one')
  })

  test('makes answers no faster than the caller reads them', async () => {
    const { counted, endless } = source()
    const { echo } = await open({ spell: endless })
    for await (const _ of echo.spell({})) {
      expect(await atRest(counted)).toBeLessThan(heldMax)
      break
    }
  })

  test('goes through in order, as a whole, in both directions', async () => {
    const { echo } = await open()
    async function* numbers() {
      for (let number = 0; number < 5_000; number++) yield { value: String(number) }
    }
    let next = 0
    for await (const { value } of echo.chat(numbers())) expect(value).toBe(`${next++}!`)
    expect(next).toBe(5_000)
  })

  test('fails with what its requests failed with', async () => {
    const { echo } = await open()
    const answer = echo.join(
      // biome-ignore lint/correctness/useYield: it fails before.
      (async function* () {
        throw new Error('no such file')
      })(),
    )
    await expect(answer).rejects.toThrow('no such file')
  })

  test('ends the requests where the answer does not need them', async () => {
    const { promise: ended, resolve } = Promise.withResolvers<string>()
    const { echo } = await open({ join: async () => ({ value: 'enough' }) })
    async function* requests() {
      try {
        yield* source().endless()
        resolve('all were taken')
      } finally {
        resolve('ended')
      }
    }
    expect((await echo.join(requests())).value).toBe('enough')
    expect(await ended).toBe('ended')
  })

  test('is cancelled by its signal', async () => {
    const { counted, endless } = source()
    const { echo } = await open()
    const control = new AbortController()
    const answer = failure(echo.join(endless(), { signal: control.signal }))
    await sleep(20)
    control.abort()
    expect((await answer).message).toMatch(/cancel/i)
    const rest = await atRest(counted)
    await sleep(50)
    expect(counted.taken).toBe(rest)
  })
})
