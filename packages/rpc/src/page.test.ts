import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutPage, pageBytesMax } from './page.ts'

/** The list from behind a key on, as a service answers it page by page. */
const pagesOf = async (list: readonly (readonly [string, string])[], most: number) => {
  const pages: (readonly string[])[] = []
  for (let after = -1; ; ) {
    const { items, next } = await cutPage(list.slice(after + 1), most)
    pages.push(items)
    if (next === '') return pages
    after = list.findIndex(([key]) => key === next)
  }
}

const lists = fc
  .array(fc.integer({ min: 0, max: 2 * pageBytesMax }), { maxLength: 12 })
  .map(sizes => sizes.map((size, at) => [`${at}`, 'x'.repeat(size)] as const))

test('pages have all of a list once, are within both bounds, and none is empty', async () => {
  const property = fc.asyncProperty(lists, fc.integer({ min: 1, max: 5 }), async (list, most) => {
    const pages = await pagesOf(list, most)
    expect(pages.flat()).toEqual(list.map(([, item]) => item))
    for (const page of pages) {
      const bytes = page.reduce((sum, item) => sum + item.length, 0)
      expect(page.length).toBeLessThanOrEqual(most)
      expect(page.length === 1 || bytes <= pageBytesMax).toBe(true)
      expect(page.length > 0 || list.length === 0).toBe(true)
    }
  })
  await fc.assert(property, { numRuns: 50 })
})

test('a page is counted in bytes, not in characters', async () => {
  const word = '統'.repeat(pageBytesMax / 4)
  expect((await cutPage(Object.entries({ a: word, b: word }), 2)).items).toHaveLength(1)
})

test('no more is read than a page and the item behind it', async () => {
  let read = 0
  const list = Iterator.from({ next: () => ({ value: [`${++read}`, 'x'] as const }) })
  expect((await cutPage(list, 3)).next).toBe('3')
  expect(read).toBe(4)
})
