import fs, { mkdtempSync, readlinkSync, rmSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keepSecret } from './durable-file.ts'

describe.skipIf(process.platform !== 'linux')('a secret that is kept', () => {
  const { fsyncSync } = fs
  const synced: string[] = []
  const watched = (handle: number) => {
    synced.push(readlinkSync(`/proc/self/fd/${handle}`))
    fsyncSync(handle)
  }
  const use = (sync: typeof fsyncSync) => {
    fs.fsyncSync = sync
    syncBuiltinESMExports()
  }
  beforeEach(() => use(watched))
  afterEach(() => use(fsyncSync))

  test('is on the disk with its name, and the folders that were made for it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'jejak-'))
    const file = join(folder, 'new', 'keys', 'secret')
    keepSecret(file, 'one')
    expect(synced).toEqual([
      ...[join(folder, 'new'), folder],
      ...[`${file}.${process.pid}`, join(folder, 'new', 'keys')],
    ])
    rmSync(folder, { recursive: true })
  })
})
