import { randomBytes, randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { KeyCache } from './key-cache.ts'
import type { Erased, SubjectKey } from './vault.ts'

describe('remembered keys', () => {
  const key = { subject: randomUUID(), keyId: randomUUID(), key: randomBytes(32) }
  const { subject } = key
  let cache: KeyCache
  let stored: SubjectKey | Erased
  let asked: (readonly string[])[]
  const load = async (missing: readonly string[]) => {
    asked.push(missing)
    return new Map([[subject, stored]])
  }
  beforeEach(() => {
    cache = new KeyCache()
    stored = key
    asked = []
  })

  test('are read from the store once, and each subject is asked for once', async () => {
    expect(await cache.read([subject, subject], load)).toEqual([key, key])
    expect(await cache.read([subject, 'other'], load)).toEqual([key, undefined])
    expect(asked).toEqual([[subject], ['other']])
  })

  test('are forgotten when their subject is erased', async () => {
    await cache.read([subject], load)
    stored = 'erased'
    cache.forget(subject)
    expect(await cache.read([subject], load)).toEqual(['erased'])
  })

  test('are not those that were read while somebody was erased', async () => {
    const slow = cache.read([subject], async missing => {
      const found = await load(missing)
      cache.forget(subject)
      return found
    })
    await slow
    stored = 'erased'
    expect(await cache.read([subject], load)).toEqual(['erased'])
  })
})
