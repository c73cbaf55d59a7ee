import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { audit } from './audit.ts'
import { signCheckpoint } from './checkpoint.ts'
import { parseSigner } from './key.ts'
import { at, exportLog, origin, signingKey, someEntries, vkey } from './testing/naive.ts'

/** By size: the checkpoint, and the SHA-256 of each file. */
type Golden = Record<string, { checkpoint: string; files: Record<string, string> }>
const golden: Golden = JSON.parse(
  readFileSync(new URL('../golden/logs.json', import.meta.url), 'utf8'),
)

describe('a golden log', () => {
  test('is there for the sizes around which tiles begin and end', () => {
    expect(Object.keys(golden).map(Number)).toEqual([0, 1, 2, 3, 255, 256, 257, 512, 513, 700])
  })

  test.each(Object.entries(golden))('of %s entries is the same to the byte', async (size, log) => {
    const files = exportLog(someEntries(Number(size)))
    const hashes = [...files].map(([path, bytes]) => [
      path,
      createHash('sha256').update(bytes).digest('hex'),
    ])
    expect(Object.fromEntries(hashes)).toEqual(log.files)
    expect(at(files, 'checkpoint').toString()).toBe(log.checkpoint)
    const result = await audit({ read: async path => files.get(path), vkey })
    expect(result).toMatchObject({ verified: true, origin, size: Number(size) })
    if (!result.verified) return
    expect(signCheckpoint(result, parseSigner(signingKey))).toBe(log.checkpoint)
  })
})
