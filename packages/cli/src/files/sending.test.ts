import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { status } from '@grpc/grpc-js'
import { RpcError } from '@jejak/rpc/error'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Exchange, oneByOne, sendAll } from './sending.ts'

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
  const told = { settled: ({ requestId }: Item) => void settled.push(requestId), backOffMinMs: 0.1 }
  return { settled, told }
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
          const { settled, told } = settledBy()
          await sendAll(items(count, slow ? () => turn() : undefined), exchange, told)
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
    const { told } = settledBy()
    await sendAll(items(6), exchange, told)
    expect(received).toEqual([
      ['0', '1', '2'],
      ['2', '3', '4', '5'],
    ])
  })

  test('are given up where nothing is answered, again and again', async () => {
    const { exchange, received } = breaking(Array(50).fill(0), false)
    const { told } = settledBy()
    await expect(sendAll(items(3), exchange, told)).rejects.toThrow('does not answer')
    expect(received.length).toBeLessThan(12)
  })

  test('are sent again where a service is silent, and does not even end', async () => {
    let silent = true
    const { exchange } = breaking([], true)
    const { settled, told } = settledBy()
    const stopped: Exchange<Item, Done> = async function* (requests, signal) {
      if (!silent) return yield* exchange(requests, signal)
      silent = false
      await once(signal, 'abort')
      throw new RpcError(status.CANCELLED, 'cancelled')
    }
    await sendAll(items(3), stopped, { ...told, silenceMaxMs: 5 })
    expect(settled).toEqual(['0', '1', '2'])
  })

  test('say why they wait', async () => {
    const { exchange } = breaking([1], true)
    const { told } = settledBy()
    const why: string[] = []
    await sendAll(items(3), exchange, { ...told, retrying: text => void why.push(text) })
    expect(why).toEqual(['the server is stopping'])
  })
})

test('what is wrong with the caller ends it at once', async () => {
  const exchange: Exchange<Item, Done> = async function* () {
    yield* []
    throw new RpcError(status.UNAUTHENTICATED, 'the token is unknown or revoked')
  }
  const { told } = settledBy()
  await expect(sendAll(items(3), exchange, told)).rejects.toThrow('unknown or revoked')
})

test('a file that breaks is told, after what came before was settled', async () => {
  const broken = async function* () {
    yield* items(3)
    throw new Error('line 4 has a quote that never ends')
  }
  const { exchange } = breaking([], true)
  const { settled, told } = settledBy()
  await expect(sendAll(broken(), exchange, told)).rejects.toThrow('line 4')
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
  const { settled, told } = settledBy()
  await sendAll(items(50), oneByOne(call, 4), told)
  expect(settled).toHaveLength(50)
  expect(most).toBe(4)
})
