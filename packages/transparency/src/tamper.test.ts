import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Audit, type AuditInput, audit } from './audit.ts'
import type { LogProblem } from './finding.ts'
import {
  at,
  exportLog,
  type Files,
  flip,
  someEntries,
  vkey,
  withFile,
  without,
} from './testing/naive.ts'

const auditOf = (files: Files, more: Partial<AuditInput> = {}): Promise<Audit> =>
  audit({ read: async path => files.get(path), vkey, ...more })

describe('an altered log is refused, saying where', () => {
  const sizes = [1, 2, 3, 200, 255, 256, 257, 512, 513, 700]
  const logs = new Map(sizes.map(size => [size, exportLog(someEntries(size))]))
  const log = (size: number) => logs.get(size) as Files
  const anySize = fc.constantFrom(...sizes)
  const anyNumber = fc.nat()
  const tilesOf = (files: Files) => [...files.keys()].filter(path => path.startsWith('tile/'))
  const pick = <T>(list: readonly T[], number: number): T => list[number % list.length] as T

  const refusedAt = async (files: Files, path: string, problem?: LogProblem): Promise<void> => {
    const result = await auditOf(files)
    expect(result).toMatchObject({ verified: false, unusable: false, ...(problem && { problem }) })
    if (!result.verified) expect([result.where.file, result.where.tile]).toContain(path)
  }

  test('one bit of an entry, its length or a tile', async () => {
    await fc.assert(
      fc.asyncProperty(anySize, anyNumber, anyNumber, async (size, file, bit) => {
        const path = pick(tilesOf(log(size)), file)
        const bytes = at(log(size), path)
        await refusedAt(withFile(log(size), path, flip(bytes, bit % (bytes.length * 8))), path)
      }),
      { numRuns: 300 },
    )
  })

  test('one bit of the checkpoint, in its text or its signature', async () => {
    const note = at(log(3), 'checkpoint')
    for (let bit = 0; bit < note.length * 8; bit++) {
      await refusedAt(withFile(log(3), 'checkpoint', flip(note, bit)), 'checkpoint')
    }
  })

  test('a file cut short, or with bytes after it, or gone', async () => {
    await fc.assert(
      fc.asyncProperty(anySize, anyNumber, anyNumber, async (size, file, cut) => {
        const files = log(size)
        const path = pick(tilesOf(files), file)
        const bytes = at(files, path)
        const short = bytes.subarray(0, cut % bytes.length)
        const long = Buffer.concat([bytes, Buffer.alloc(2)])
        await refusedAt(withFile(files, path, short), path, 'Malformed')
        await refusedAt(withFile(files, path, long), path, 'Malformed')
        await refusedAt(without(files, path), path, 'Missing')
      }),
    )
  })

  test.each(sizes)('the last of %i entries dropped', async size => {
    const files = log(size)
    const bundle = tilesOf(files).findLast(path => path.startsWith('tile/entries/')) ?? ''
    const last = someEntries(size).at(-1)?.length ?? 0
    const cut = at(files, bundle).subarray(0, -2 - last)
    await refusedAt(withFile(files, bundle, cut), bundle)
    const shorter = withFile(
      exportLog(someEntries(size - 1)),
      'checkpoint',
      at(files, 'checkpoint'),
    )
    expect(await auditOf(shorter)).toMatchObject({ unusable: false, problem: 'Missing' })
  })

  test('the very entry, of two that changed places', async () => {
    const entries = someEntries(700)
    const swapped = exportLog(
      entries.with(300, entries[401] as Buffer).with(401, entries[300] as Buffer),
    )
    const honest = exportLog(entries)
    const files = withFile(honest, 'tile/entries/001', at(swapped, 'tile/entries/001'))
    expect(await auditOf(files)).toMatchObject({
      problem: 'LeafMismatch',
      where: { index: 300, file: 'tile/entries/001', tile: 'tile/0/001' },
    })
  })

  test('the first of two rows, though the next one cannot be had', async () => {
    const files = log(700)
    const altered = withFile(files, 'tile/0/000', flip(at(files, 'tile/0/000'), 0))
    await refusedAt(without(altered, 'tile/0/001'), 'tile/0/000', 'LeafMismatch')
  })

  test('all tiles made to match the altered entry', async () => {
    const altered = exportLog(someEntries(700).with(5, Buffer.from('altered')))
    const honest = exportLog(someEntries(700))
    const files = withFile(altered, 'checkpoint', at(honest, 'checkpoint'))
    expect(await auditOf(files)).toMatchObject({
      problem: 'RootMismatch',
      where: { file: 'checkpoint' },
    })
  })

  test('an entry that the caller does not accept', async () => {
    const visit = (index: number) => (index === 300 ? 'the stream has a gap' : undefined)
    expect(await auditOf(exportLog(someEntries(700)), { visit })).toEqual({
      verified: false,
      unusable: false,
      problem: 'EntryRefused',
      where: { index: 300, file: 'tile/entries/001' },
      detail: 'the stream has a gap',
    })
  })
})
