import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { status } from '@grpc/grpc-js'
import { RpcError } from '@jejak/rpc/error'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Exchange, oneByOne, sendAll, unansweredMax } from './sending.ts'

type Item = { readonly requestId: string }
type Done = { readonly by: number }

const unavailable = () => new RpcError(status.UNAVAILABLE, 'the server is stopping')

async function* items(count: number, pause = async () => {}): AsyncGenerator<Item> {
  for (let i = 0; i < count; i++) {
    await pause()
    yield { requestId: `${i}` }
  }
}

/** A service that answers so many items in each exchange before it breaks off, or just ends. */
const breaking = (answersOf: readonly number[], fails: boolean) => {
  const received: string[][] = []
  const exchange: Exchange<Item, Done> = async function* (requests) {
    const by = received.push([]) - 1
    let left = answersOf[by] ?? Number.POSITIVE_INFINITY
    for await (const { requestId } of requests) {
      received[by]?.push(requestId)
      if (left-- <= 0) {
        if (fails) throw unavailable()
        return
      }
      yield { requestId, by }
    }
  }
  return { exchange, received }
}

const settledBy = () => {
  const settled: string[] = []
  const options = {
    settled: ({ requestId }: Item) => void settled.push(requestId),
    backOffMinMs: 0.1,
  }
  return { settled, options }
}

describe('requests over exchanges that break off', () => {
  test('are each settled once, wherever it breaks and however fast they come', async () => {
    const cuts = fc.array(fc.nat(40), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(
        fc.nat(200),
        cuts,
        fc.boolean(),
        fc.boolean(),
        async (count, answers, fails, slow) => {
          const { exchange } = breaking(answers, fails)
          const { settled, options } = settledBy()
          await sendAll(items(count, slow ? () => turn() : undefined), exchange, options)
          expect(settled.map(Number).toSorted((a, b) => a - b)).toEqual(
            Array.from({ length: count }, (_, i) => i),
          )
        },
      ),
      { numRuns: 60 },
    )
  })

  test('are sent again only where they were not answered, and before what is new', async () => {
    const { exchange, received } = breaking([2], true)
    const { options } = settledBy()
    await sendAll(items(6), exchange, options)
    expect(received).toEqual([
      ['0', '1', '2'],
      ['2', '3', '4', '5'],
    ])
  })

  test('are given up where nothing is answered, again and again', async () => {
    const { exchange, received } = breaking(Array(50).fill(0), false)
    const { options } = settledBy()
    await expect(sendAll(items(3), exchange, options)).rejects.toThrow('does not answer')
    expect(received.length).toBeLessThan(12)
  })

  test('are sent again where a service is silent, and does not even end', async () => {
    let silent = true
    const { exchange } = breaking([], true)
    const { settled, options } = settledBy()
    const stopped: Exchange<Item, Done> = async function* (requests, signal) {
      if (!silent) return yield* exchange(requests, signal)
      silent = false
      await once(signal, 'abort')
      throw new RpcError(status.CANCELLED, 'cancelled')
    }
    await sendAll(items(3), stopped, { ...options, silenceMaxMs: 5 })
    expect(settled).toEqual(['0', '1', '2'])
  })

  test('are each settled once, in whatever order they are answered, and if twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(300), fc.integer({ min: 1, max: 20 }), async (count, window) => {
        const exchange: Exchange<Item, Done> = async function* (requests) {
          let received: string[] = []
          for await (const { requestId } of requests) {
            received.push(requestId)
            if (received.length < window) continue
            for (const requestId of [...received, ...received].reverse()) yield { requestId, by: 0 }
            received = []
          }
          for (const requestId of received.reverse()) yield { requestId, by: 0 }
        }
        const { settled, options } = settledBy()
        await sendAll(items(count), exchange, options)
        expect(settled).toHaveLength(count)
        expect(new Set(settled).size).toBe(count)
      }),
      { numRuns: 60 },
    )
  })

  test('wait for answers when so many are under way', async () => {
    let most = 0
    const exchange: Exchange<Item, Done> = async function* (requests) {
      const received: string[] = []
      const reading = (async () => {
        for await (const { requestId } of requests) received.push(requestId)
      })()
      for (let answered = 0; answered < 5_000; answered++) {
        while (received.length <= answered) await turn()
        most = Math.max(most, received.length - answered)
        yield { requestId: received[answered] ?? '', by: 0 }
      }
      await reading
    }
    const { settled, options } = settledBy()
    await sendAll(items(5_000), exchange, options)
    expect(settled).toHaveLength(5_000)
    expect(most).toBeLessThanOrEqual(unansweredMax)
  })

  test('say why they wait', async () => {
    const { exchange } = breaking([1], true)
    const { options } = settledBy()
    const why: string[] = []
    await sendAll(items(3), exchange, { ...options, retrying: text => void why.push(text) })
    expect(why).toEqual(['the server is stopping'])
  })
})

test('what is wrong with the caller ends it at once', async () => {
  const exchange: Exchange<Item, Done> = async function* () {
    yield* []
    throw new RpcError(status.UNAUTHENTICATED, 'the token is unknown or revoked')
  }
  const { options } = settledBy()
  await expect(sendAll(items(3), exchange, options)).rejects.toThrow('unknown or revoked')
})

test('a file that breaks is reported, after the rows before were settled', async () => {
  const broken = async function* () {
    yield* items(3)
    throw new Error('line 4 has a quote that never ends')
  }
  const { exchange } = breaking([], true)
  const { settled, options } = settledBy()
  await expect(sendAll(broken(), exchange, options)).rejects.toThrow('line 4')
  expect(settled).toEqual(['0', '1', '2'])
})

test('calls are made so many at once, and not more', async () => {
  let [running, most] = [0, 0]
  const call = async () => {
    most = Math.max(most, ++running)
    await turn()
    running--
    return { by: 0 }
  }
  const { settled, options } = settledBy()
  await sendAll(items(50), oneByOne(call, 4), options)
  expect(settled).toHaveLength(50)
  expect(most).toBe(4)
})

test('calls that are answered at one moment are made once each', async () => {
  let calls = 0
  const together = Promise.withResolvers<void>()
  const call = async () => {
    if (++calls === 8) together.resolve()
    await together.promise
    return { by: 0 }
  }
  const { settled, options } = settledBy()
  await sendAll(items(8), oneByOne(call, 8), options)
  expect([settled.length, calls]).toEqual([8, 8])
})
