import { describe, expect, test } from 'vitest'
import { type Merge, readLinkedRecords, recordsOfPerson, survivorOf } from './person-records.ts'

const merge = (asnId: string, survivorId: string): Merge => ({ asnId, survivorId })
const chain = [merge('a', 'b'), merge('x', 'y'), merge('c', 'b'), merge('b', 'd')]

describe('the records of one person', () => {
  test.each(['a', 'b', 'c', 'd'])('are those of a chain of merges, asked for %s', asnId => {
    const records = recordsOfPerson(asnId, chain)
    expect([...records][0]).toBe(asnId)
    expect([...records].toSorted()).toEqual(['a', 'b', 'c', 'd'])
    expect(survivorOf(records, chain)).toBe('d')
  })

  test('are one record if nothing was merged', () => {
    expect(recordsOfPerson('z', chain)).toEqual(new Set(['z']))
    expect(survivorOf(['z'], chain)).toBe('z')
  })

  test('end even if merges form a circle, and none survives', () => {
    const circle = [merge('a', 'b'), merge('b', 'c'), merge('c', 'a')]
    expect(recordsOfPerson('b', circle)).toEqual(new Set(['b', 'a', 'c']))
    expect(survivorOf(recordsOfPerson('b', circle), circle)).toBeUndefined()
  })

  test('are read one after the other, each once, as they name each other', async () => {
    const links: Readonly<Record<string, readonly string[]>> = {
      a: ['b'],
      b: ['a', 'c', 'd'],
      c: ['b'],
      d: ['b', 'a'],
    }
    const asked: string[] = []
    const read = async (ids: readonly string[]) => {
      asked.push(...ids)
      return ids.map(id => links[id] ?? [])
    }
    const found = await readLinkedRecords('a', read, linked => linked)
    expect([...found.keys()]).toEqual(['a', 'b', 'c', 'd'])
    expect(asked).toEqual(['a', 'b', 'c', 'd'])
  })
})
