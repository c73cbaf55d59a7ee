import { describe, expect, test } from 'vitest'
import { near } from './near.ts'

const codes = ['integritas', 'kerja-sama', 'komunikasi', 'komunitas', 'pelayanan-publik']

describe('what somebody may have meant', () => {
  test.each([
    ['integrtas', ['integritas']],
    ['kerjasama', ['kerja-sama']],
    ['pelayanan', ['pelayanan-publik']],
    ['komunikas', ['komunikasi', 'komunitas']],
    ['keuangan', []],
  ])('by %s', (word, meant) => {
    expect(near(word, codes)).toEqual(meant)
  })

  test('is a short list', () => {
    expect(near('a', ['a5', 'a4', 'a3', 'a2', 'a1'])).toEqual(['a1', 'a2', 'a3'])
  })
})
