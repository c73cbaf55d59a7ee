import { describe, expect, test } from 'vitest'
import { type Audit, type AuditInput, audit } from './audit.ts'
import { signCheckpoint } from './checkpoint.ts'
import { generateKey, parseSigner } from './key.ts'
import {
  at,
  checkpoint,
  exportLog,
  type Files,
  flip,
  mth,
  origin,
  someEntries,
  vkey,
  withFile,
  without,
  witnessVkey,
} from './testing/naive.ts'

const auditOf = (files: Files, more: Partial<AuditInput> = {}): Promise<Audit> =>
  audit({ read: async path => files.get(path), vkey, ...more })

describe('an untouched log', () => {
  const files = exportLog(someEntries(700))

  test('verifies, and shows each entry once and in order', async () => {
    const seen: Buffer[] = []
    const progress: number[] = []
    const result = await auditOf(files, {
      visit: (index, entry) => {
        expect(index).toBe(seen.length)
        seen.push(Buffer.from(entry))
        return undefined
      },
      progress: (done, total) => progress.push(done, total),
    })
    expect(result).toMatchObject({ verified: true, size: 700, keySource: 'given', against: [] })
    expect(seen).toEqual(someEntries(700))
    expect(progress).toEqual([256, 700, 512, 700, 700, 700])
  })

  test('may have entries of any length that 16 bits can say', async () => {
    const entries = [0, 1, 255, 256, 300, 65_535].map(length => Buffer.alloc(length, 'x'))
    expect(await auditOf(exportLog(entries))).toMatchObject({ verified: true, size: 6 })
  })

  test('verifies with its own key only if no other is given, and says so', async () => {
    const read = async (path: string) => files.get(path)
    expect(await audit({ read })).toMatchObject({ verified: true, keySource: 'directory' })
    const other = parseSigner(generateKey(origin)).vkey
    expect(await audit({ read, vkey: other })).toMatchObject({ problem: 'Unsigned' })
    const withoutKey = without(files, 'vkey')
    expect(await auditOf(withoutKey)).toMatchObject({ verified: true, keySource: 'given' })
  })

  test('of 65,536 entries and more has tiles on three levels', async () => {
    const entries = Array.from({ length: 65_536 + 300 }, (_, index) => Buffer.from(`${index}`))
    const large = exportLog(entries)
    expect(await auditOf(large)).toMatchObject({ verified: true, size: 65_836 })
    for (const tile of ['tile/1/000', 'tile/1/001.p/1', 'tile/2/000.p/1']) {
      const altered = withFile(large, tile, flip(at(large, tile), 9))
      const index = tile === 'tile/1/001.p/1' ? 65_536 : 0
      expect(await auditOf(altered)).toMatchObject({
        problem: 'TileMismatch',
        where: { tile, index },
      })
    }
  }, 30_000)
})

describe('an older checkpoint', () => {
  const entries = someEntries(700)
  const files = exportLog(entries)
  const older = (size: number, of = entries) => ({
    file: `older-${size}`,
    note: checkpoint(size, mth(of.slice(0, size))),
  })

  test('of any size up to its own is one that the log continues', async () => {
    const sizes = [700, 0, 1, 255, 256, 257, 300, 511, 512, 513, 699, 256]
    const against = sizes.map(size => older(size))
    expect(await auditOf(files, { against })).toMatchObject({ verified: true, against: sizes })
  })

  test('shows a log that its operator rewrote and signed again', async () => {
    const rewritten = exportLog(entries.with(5, Buffer.from('rewritten')))
    expect(await auditOf(rewritten)).toMatchObject({ verified: true })
    expect(await auditOf(rewritten, { against: [older(5)] })).toMatchObject({ verified: true })
    for (const size of [6, 256, 300, 700]) {
      expect(await auditOf(rewritten, { against: [older(5), older(size)] })).toMatchObject({
        problem: 'Rewritten',
        where: { file: `older-${size}` },
      })
    }
  })

  test('shows a log that was cut back and signed again', async () => {
    const shorter = exportLog(entries.slice(0, 600))
    expect(await auditOf(shorter)).toMatchObject({ verified: true })
    expect(await auditOf(shorter, { against: [older(601)] })).toMatchObject({
      problem: 'Shrunk',
      where: { file: 'older-601', index: 600 },
    })
  })

  test('must be signed by the same key, for the same log', async () => {
    const stranger = parseSigner(generateKey(origin))
    const note = signCheckpoint({ origin, size: 5, root: mth(entries.slice(0, 5)) }, stranger)
    const against = [{ file: 'strange', note }]
    expect(await auditOf(files, { against })).toMatchObject({
      problem: 'Unsigned',
      where: { file: 'strange' },
    })
  })

  test('of size 0 has the root of the empty log', async () => {
    const against = [{ file: 'nothing', note: checkpoint(0, Buffer.alloc(32)) }]
    expect(await auditOf(files, { against })).toMatchObject({ problem: 'Rewritten' })
  })
})

describe('a directory that cannot be verified', () => {
  const files = exportLog(someEntries(3))
  const witnessKey = witnessVkey('witness.example', Buffer.alloc(32, 1))
  const read = async (path: string) => files.get(path)

  test('has no checkpoint, or no key when none is given', async () => {
    expect(await auditOf(without(files, 'checkpoint'))).toMatchObject({
      unusable: true,
      problem: 'NoCheckpoint',
    })
    expect(await audit({ read: async path => without(files, 'vkey').get(path) })).toMatchObject({
      unusable: true,
      problem: 'NoKey',
    })
  })

  test('has a key, or is given one, that is none', async () => {
    for (const text of ['', 'nonsense', `${vkey}\n`, witnessKey]) {
      expect(await audit({ read, vkey: text })).toMatchObject({
        unusable: true,
        problem: 'MalformedKey',
      })
    }
    const crooked = withFile(files, 'vkey', Buffer.from(`${vkey}\n\n`))
    expect(await audit({ read: async path => crooked.get(path) })).toMatchObject({
      problem: 'MalformedKey',
    })
  })

  test('has a file that cannot be read', async () => {
    for (const broken of ['checkpoint', 'tile/entries/000.p/3', 'tile/0/000.p/3']) {
      const failing = async (path: string) => {
        if (path === broken) throw new Error('EIO')
        return files.get(path)
      }
      expect(await audit({ read: failing, vkey })).toMatchObject({
        unusable: true,
        problem: 'Unreadable',
        where: { file: broken },
      })
    }
  })
})
