import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, credentials, status } from '@grpc/grpc-js'
import { service as Health } from 'grpc-health-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connect } from './client.ts'
import { serve } from './serve.ts'
import { Echo } from './testing/echo.ts'
import { failure, open } from './testing/server.ts'

type Status = { readonly status: string }

const health = (address: string) => {
  const client = new Client(address, credentials.createInsecure())
  onTestFinished(() => client.close())
  const { Check, Watch } = Health as unknown as Record<'Check' | 'Watch', (typeof Health)[string]>
  const ask = { service: 'test.v1.EchoService' }
  return {
    check: (service: string) =>
      new Promise<Status>((resolve, reject) =>
        client.makeUnaryRequest(
          Check.path,
          Check.requestSerialize,
          Check.responseDeserialize,
          { service },
          (error, answer) => (error ? reject(error) : resolve(answer as Status)),
        ),
      ),
    watch: () =>
      client.makeServerStreamRequest(
        Watch.path,
        Watch.requestSerialize,
        Watch.responseDeserialize,
        ask,
      ),
  }
}

describe('health', () => {
  test('is asked without a token, of the server and of each service', async () => {
    const { address } = await open()
    const { check } = health(address)
    expect(await check('')).toEqual({ status: 'SERVING' })
    expect(await check('test.v1.EchoService')).toEqual({ status: 'SERVING' })
    await expect(check('nobody')).rejects.toMatchObject({ code: status.NOT_FOUND })
  })

  test('says that the server is going, and does not hold it up', async () => {
    const { address, serving } = await open()
    const seen: string[] = []
    const watch = health(address).watch()
    const ended = once(watch, 'end')
    watch.on('data', ({ status }: Status) => seen.push(status))
    await once(watch, 'data')
    const began = performance.now()
    await serving.drain(10_000)
    await ended
    expect(performance.now() - began).toBeLessThan(5_000)
    expect(seen).toEqual(['SERVING', 'NOT_SERVING'])
  })
})

describe('a drain', () => {
  test('lets calls in progress end, and takes no others', async () => {
    const { promise: enough, resolve } = Promise.withResolvers<void>()
    const { promise: began, resolve: begin } = Promise.withResolvers<void>()
    const { echo, serving, address } = await open({
      async say() {
        begin()
        await enough
        return { value: 'done' }
      },
    })
    const answer = echo.say({})
    await began
    const drained = serving.drain(10_000)
    const late = connect(address, { token: 'good' })
    onTestFinished(late.close)
    expect((await failure(late.client(Echo).say({}))).code).toBe(status.UNAVAILABLE)
    expect(await Promise.race([drained, sleep(50, 'waits')])).toBe('waits')
    resolve()
    expect((await answer).value).toBe('done')
    await drained
    expect(serving.drain(0)).toBe(serving.drain(0))
  })

  test('ends what is left in the end, and says so to both sides', async () => {
    const { promise: reason, resolve } = Promise.withResolvers<unknown>()
    const { promise: began, resolve: begin } = Promise.withResolvers<void>()
    const { echo, serving } = await open({
      say: (_, { signal }) => {
        begin()
        return new Promise(() => signal.addEventListener('abort', () => resolve(signal.reason)))
      },
    })
    const answer = failure(echo.say({}))
    await began
    await serving.drain(20)
    expect(await reason).toMatchObject({ code: status.UNAVAILABLE })
    expect(await answer).toMatchObject({ code: status.UNAVAILABLE, reason: 'TRY_LATER' })
  })

  test('cuts off a caller who does not read', async () => {
    const { echo, serving } = await open({
      async *spell() {
        for (;;) yield { value: 'x'.repeat(100_000) }
      },
    })
    const answers = echo.spell({})[Symbol.asyncIterator]()
    await answers.next()
    await serving.drain(20)
    const rest = (async () => {
      for (;;) if ((await answers.next()).done) return
    })()
    expect((await failure(rest)).code).toBeGreaterThan(0)
  })
})

test('an address that is taken is named', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const address = `127.0.0.1:${port}`
  const serving = serve({ address, implementations: [], authenticate: () => undefined })
  await expect(serving).rejects.toThrow(`address already in use: ${address}`)
})

test('a connection is made again when it is lost', async () => {
  const { echo, serving, address } = await open()
  await echo.say({})
  await serving.drain(1_000)
  expect((await failure(echo.say({}))).code).toBe(status.UNAVAILABLE)
  // A connection made now does not wait until the other's back-off is over.
  const now = await open({}, { address })
  expect(await now.echo.say({ value: 'new' })).toMatchObject({ value: 'new' })
  await expect.poll(() => echo.say({ value: 'again' })).toMatchObject({ value: 'again' })
})
