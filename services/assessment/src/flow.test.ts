import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { flow } from './flow.ts'

const source = (count: number) => {
  const seen = { read: 0, left: false }
  const items = async function* () {
    try {
      while (seen.read < count) yield seen.read++
    } finally {
      seen.left = true
    }
  }
  return { seen, items: items() }
}
const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await turn()
}

describe('a flow of answers', () => {
  test('answers every item', async () => {
    const { items } = source(1_000)
    const answers = await Array.fromAsync(flow(items, 8, async item => item * 2))
    expect(answers.toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 1_000 }, (_, i) => i * 2),
    )
  })

  test('has no more on its way than it may', async () => {
    let onTheWay = 0
    let most = 0
    const work = async () => {
      most = Math.max(most, ++onTheWay)
      await turn()
      onTheWay--
    }
    await Array.fromAsync(flow(source(200).items, 8, work))
    expect(most).toBe(8)
  })

  test('answers one that comes alone, before another comes', async () => {
    const { promise: never } = Promise.withResolvers<void>()
    const items = (async function* () {
      yield 'alone'
      await never
    })()
    const answers = flow(items, 8, async item => item)
    expect(await answers.next()).toEqual({ done: false, value: 'alone' })
  })

  test('reads no further where nobody takes the answers', async () => {
    const { seen, items } = source(1_000)
    const answers = flow(items, 8, async item => item)
    await answers.next()
    await turns(20)
    expect(seen.read).toBeLessThanOrEqual(9)
  })

  test('lets go of the items where nobody wants more', async () => {
    const { seen, items } = source(1_000)
    for await (const _ of flow(items, 8, async item => item)) break
    await turns(2)
    expect(seen.left).toBe(true)
    expect(seen.read).toBeLessThanOrEqual(9)
  })

  test('fails where the items do', async () => {
    const items = (async function* () {
      yield 1
      throw new Error('cut off')
    })()
    await expect(Array.fromAsync(flow(items, 8, async item => item))).rejects.toThrow('cut off')
  })
})
