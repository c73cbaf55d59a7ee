import { describe, expect, test } from 'vitest'
import { StreamHeads } from './stream-heads.ts'

describe('the heads of more streams than are kept in memory', () => {
  const many = 120_000

  test('are dense', () => {
    const heads = new StreamHeads()
    for (let i = 0; i < 2 * many; i++) {
      expect(heads.see(`s-${i % many}`, 1 + Math.floor(i / many), i)).toBe(undefined)
    }
    expect(heads.flush()).toBe(undefined)
    expect(heads.count).toBe(many)
    heads.close()
  })

  test.each([
    ['a gap', 3],
    ['the same again', 1],
  ])('show %s, saying at which event', (_, version) => {
    const heads = new StreamHeads()
    for (let i = 0; i < many; i++) heads.see(`s-${i}`, 1, i)
    heads.see('s-7', version, many)
    expect(heads.flush()).toMatchObject({ index: many })
    heads.close()
  })
})
