import { beginning, type ProjectionStore } from '@jejak/eventsourcing/projection'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { beforeEach, describe, expect, test } from 'vitest'
import { openReadModel } from './versions.ts'

const keys = Array.from({ length: 2_500 }, (_, n) => `facts/${String(n).padStart(4, '0')}`)

describe('a model that takes the place of another', () => {
  let store: ProjectionStore
  beforeEach(() => {
    store = memoryProjections()
  })
  const put = async (model: string) => {
    const from = await store.cursor(model)
    const documents = new Map(keys.map(key => [key, model]))
    const to = { position: from.position + 1, digest: '' }
    await store.apply(model, { moves: [{ from, to }], documents })
  }
  const replace = async () => {
    const models = openReadModel(store)
    const next = await models.begin()
    await put(next)
    expect(await models.activate(next)).toBe(true)
    await models.dropOthers()
  }

  test('gives each document once to who is in the midst of reading', async () => {
    await put('reporting-v7-1')
    const found: [string, unknown][] = []
    for await (const [key, model] of openReadModel(store).dump('facts/')) {
      found.push([key, model])
      if (found.length % 900 === 0) await replace()
    }
    expect(found.map(([key]) => key)).toEqual(keys)
    expect(new Set(found.map(([, model]) => model)).size).toBeGreaterThan(2)
  })

  test('gives what another read loads while that is dropped', async () => {
    await put('reporting-v7-1')
    let isReplaced = false
    const interrupted: ProjectionStore = {
      ...store,
      async load(model, wanted) {
        const isFacts = wanted[0] === keys[0]
        if (isFacts && !isReplaced) {
          isReplaced = true
          await replace()
        }
        return store.load(model, wanted)
      },
    }
    expect(await openReadModel(interrupted).load(keys.slice(0, 2))).toEqual([
      'reporting-v7-2',
      'reporting-v7-2',
    ])
  })

  test('gives no page of which a part was dropped while it was read', async () => {
    await put('reporting-v7-1')
    let isReplaced = false
    const interrupted: ProjectionStore = {
      ...store,
      async *dump(model, prefix, after) {
        for await (const document of store.dump(model, prefix, after)) {
          yield document
          if (!isReplaced && document[0] === keys[1_200]) {
            isReplaced = true
            await replace()
            return // As a store may answer once it is gone.
          }
        }
      },
    }
    const found = await Array.fromAsync(openReadModel(interrupted).dump('facts/'))
    expect(found.map(([key]) => key)).toEqual(keys)
    expect(new Set(found.slice(1_000).map(([, model]) => model))).toEqual(
      new Set(['reporting-v7-2']),
    )
  })

  test('goes on in a folder of before, which has a cursor beside the numbers', async () => {
    const moves = [{ from: beginning, to: { position: 3, digest: '' } }]
    const documents = new Map([['models', { active: 2, last: 3 }]])
    await store.apply('reporting', { moves, documents })
    const models = openReadModel(store)
    expect(await models.active()).toBe('reporting-v7-2')
    expect(await models.begin()).toBe('reporting-v7-4')
    expect(await models.activate('reporting-v7-4')).toBe(true)
  })

  test('is the one that was begun last', async () => {
    const models = openReadModel(store)
    const [first, second] = [await models.begin(), await models.begin()]
    expect(await models.activate(first)).toBe(false)
    expect(await models.activate(second)).toBe(true)
    expect(await models.active()).toBe(second)
  })
})
