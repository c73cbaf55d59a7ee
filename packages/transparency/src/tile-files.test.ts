import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exportLog } from './testing/naive.ts'
import { entriesPath, fullTiles, parsePath, partialWidth, tilePath } from './tile-files.ts'

describe('the path of a tile', () => {
  test('has its index in groups of three digits', () => {
    expect(tilePath(0, 0)).toBe('tile/0/000')
    expect(tilePath(0, 999)).toBe('tile/0/999')
    expect(tilePath(0, 1000)).toBe('tile/0/x001/000')
    expect(tilePath(2, 1234067)).toBe('tile/2/x001/x234/067')
    expect(tilePath(1, 1234067, 17)).toBe('tile/1/x001/x234/067.p/17')
    expect(entriesPath(273, 112)).toBe('tile/entries/273.p/112')
    expect(entriesPath(1e12)).toBe('tile/entries/x001/x000/x000/x000/000')
  })

  test('reads back as the tile that it names', () => {
    const index = fc.integer({ min: 0, max: 2 ** 45 })
    const width = fc.integer({ min: 1, max: 256 })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 63 }), index, width, (level, index, width) => {
        const hashes = { kind: 'hashes', level, index, width }
        expect(parsePath(tilePath(level, index, width))).toEqual(hashes)
        expect(parsePath(entriesPath(index, width))).toEqual({ kind: 'entries', index, width })
      }),
    )
  })

  test.each([
    'tile/0/0',
    'tile/0/0000',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/x000/001',
    'tile/0/001/000',
    'tile/0/x001/x000',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/',
    'tile/0/000.p',
    'tile/0/000/',
    '/tile/0/000',
    'tile/0/000\n',
    'tile/0/../000',
    'tile/data/000',
    'tile/0/x999/x999/x999/x999/x999/999',
    'tile/0/x009/x007/x199/x254/x740/992',
    'tile/0/x009/x007/x199/x254/x740/992',
  ])('has no other spelling: %s', path => {
    expect(parsePath(path)).toBeUndefined()
  })
})

describe('the tiles of a log', () => {
  test('of 70,000 entries are those of the example in the specification', () => {
    expect([0, 1, 2, 3].map(level => fullTiles(level, 70_000))).toEqual([273, 1, 0, 0])
    expect([0, 1, 2, 3].map(level => partialWidth(level, 70_000))).toEqual([112, 17, 1, 0])
  })

  test.each([0, 1, 255, 256, 257, 70_000])('of %i entries are these and no others', size => {
    const expected: string[] = []
    for (let level = 0; level < 4; level++) {
      for (let index = 0; index < fullTiles(level, size); index++) {
        expected.push(tilePath(level, index), ...(level === 0 ? [entriesPath(index)] : []))
      }
      const [index, width] = [fullTiles(level, size), partialWidth(level, size)]
      if (width > 0) expected.push(tilePath(level, index, width))
      if (width > 0 && level === 0) expected.push(entriesPath(index, width))
    }
    const entries = Array.from({ length: size }, () => Buffer.of())
    const written = [...exportLog(entries).keys()].filter(path => path.startsWith('tile/'))
    expect(written.toSorted()).toEqual(expected.toSorted())
  })

  test('of sizes past 32 bits are counted exactly', () => {
    const size = 2 ** 48 + 257
    expect(partialWidth(0, size)).toBe(1)
    expect(partialWidth(1, size)).toBe(1)
    expect(partialWidth(6, size)).toBe(1)
    expect(fullTiles(0, size)).toBe(2 ** 40 + 1)
  })
})
