import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { queryObjects } from 'node:v8'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { expect, test } from 'vitest'
import { sqliteStore } from '../sqlite/store.ts'
import { openLog } from './open.ts'

const origin = 'jejak.example/long'

test('nothing stays in memory of a write that is answered', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jejak-'))
  const signer = parseSigner(generateKey(origin))
  const log = await openLog({ store: await sqliteStore(join(folder, 'log.db')), origin, signer })
  const append = async (writes: number) => {
    for (let i = 0; i < writes; i++) {
      const events = [{ id: `${i}`, type: 'test.Happened.v1', data: {} }]
      await log.append({ stream: 'a', expected: 'any', events })
    }
    return queryObjects(Array, { format: 'count' }) // Of those that are left after a collection.
  }
  const before = await append(256)
  expect((await append(512)) - before).toBeLessThan(400)
  await log.close()
  rmSync(folder, { recursive: true })
}, 60_000)
