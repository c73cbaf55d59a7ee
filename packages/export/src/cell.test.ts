import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromCsv, fromXlsx, toCsv, toXlsx } from './cell.ts'
import { hostile } from './testing/hostile.ts'

describe('a cell', () => {
  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '\nx', '＝1'])(
    'of CSV that begins as %j gets an apostrophe',
    text => {
      expect(toCsv(text)).toBe(`'${text}`)
    },
  )

  test.each(['199001012015019001', 'MRS-2026/2026/1', "Jum'at", "'quoted'", '', ' =1'])(
    'of CSV such as %j stays as it is',
    text => {
      expect(toCsv(text)).toBe(text)
      expect(fromCsv(text)).toBe(text)
    },
  )

  test('never begins with a formula, and is read as what it was', () => {
    fc.assert(
      fc.property(hostile, text => {
        expect(toCsv(text)).not.toMatch(/^[=+\-@\t\r]/)
        expect(fromCsv(toCsv(text))).toBe(text)
      }),
    )
  })

  test('of a workbook has its controls escaped, and what looks like an escape as well', () => {
    expect(toXlsx('a\0b\rc')).toBe('a_x0000_b_x000D_c')
    expect(toXlsx('_x0041_x0042_')).toBe('_x005F_x0041_x005F_x0042_')
    expect(toXlsx('_x0041\0')).toBe('_x005F_x0041_x0000_')
    expect(toXlsx('nama_x')).toBe('nama_x')
  })

  test('of a workbook is read as what it was', () => {
    fc.assert(
      fc.property(hostile, text => {
        expect(fromXlsx(toXlsx(text))).toBe(text)
      }),
    )
  })
})
