import { expect, test } from 'vitest'
import { keptBriefly } from './kept-briefly.ts'

const counted = (answers: readonly (Promise<string | undefined> | string | undefined)[]) => {
  let asked = 0
  const kept = keptBriefly(async (_: string) => answers[asked++])
  return { ...kept, asked: () => asked }
}

test('those who ask the same at once share an answer, until it is forgotten', async () => {
  const { ask, forget, asked } = counted(['one', 'other', 'again'])
  expect(await Promise.all([ask('a'), ask('a'), ask('b')])).toEqual(['one', 'one', 'other'])
  expect(await ask('a')).toBe('one')
  forget('a')
  expect(await ask('a')).toBe('again')
  expect(asked()).toBe(3)
})

test('what is forgotten while it is asked for is asked again: the newer one stays', async () => {
  const older = Promise.withResolvers<string | undefined>()
  const { ask, forget } = counted([older.promise, 'newer'])
  const first = ask('a')
  forget('a')
  expect(await ask('a')).toBe('newer')
  older.resolve(undefined)
  expect(await first).toBeUndefined()
  expect(await ask('a')).toBe('newer')
})

test('that there is none, or that asking failed, is asked again', async () => {
  const { ask } = counted([undefined, Promise.reject(new Error('away')), 'there'])
  expect(await ask('a')).toBeUndefined()
  await expect(ask('a')).rejects.toThrow('away')
  expect(await ask('a')).toBe('there')
})
