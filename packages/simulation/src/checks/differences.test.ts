import { describe, expect, test } from 'vitest'
import { certificateDifferences, differences } from './differences.ts'

const streams = (events: Readonly<Record<string, readonly string[]>>) =>
  new Map(Object.entries(events))

describe('two installations after the same requests', () => {
  const expected = streams({ 'employee/1': ['registered', 'posted'], 'cohort/1': ['ani', 'budi'] })

  test('may differ in the order in which clients took seats', () => {
    const other = { 'employee/1': ['registered', 'posted'], 'cohort/1': ['budi', 'ani'] }
    expect(differences(expected, streams(other))).toEqual([])
  })

  test.each([
    [{ 'employee/1': ['registered'] }, ['employee/1 differs: posted instead of nothing']],
    [
      { 'employee/1': ['posted', 'registered'] },
      ['employee/1 differs: registered instead of posted'],
    ],
    [
      { 'employee/1': ['registered', 'posted', 'posted'] },
      ['employee/1 differs: nothing instead of posted'],
    ],
    [{ 'employee/2': ['registered'] }, ['employee/2 differs: nothing instead of registered']],
    [{ 'cohort/1': ['ani', 'ani', 'budi'] }, ['cohort/1 differs: budi instead of ani']],
  ])('must not differ as by %o', (other, found) => {
    expect(differences(expected, new Map([...expected, ...streams(other)]))).toEqual(found)
  })
})

test('each enrollment that deserves a certificate has one, and no other has', () => {
  expect(certificateDifferences(['a', 'b'], ['b', 'a'])).toEqual([])
  expect(certificateDifferences(['a', 'b'], ['a', 'a', 'c'])).toEqual([
    'enrollment a has two certificates',
    'enrollment c deserves none',
    'enrollment b has no certificate',
  ])
})
