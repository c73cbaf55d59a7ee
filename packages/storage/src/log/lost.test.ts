import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { v7 } from 'uuid'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { memoryStore } from '../memory.ts'
import { sqliteStore } from '../sqlite/store.ts'
import type { Store } from '../store.ts'
import { openHeadFile } from './head.ts'
import { openLog, type ProvenLog } from './open.ts'

const origin = 'jejak.example/lost'
const signer = parseSigner(generateKey(origin))

const request = () => ({ key: Buffer.from(v7().replaceAll('-', ''), 'hex'), digest: Buffer.of(1) })
const append = (log: ProvenLog, asked = request()) =>
  log.append({
    stream: 'a',
    expected: 'any',
    events: [{ id: v7(), type: 'test.Happened.v1', data: 'x'.repeat(1_000) }],
    request: asked,
  })

const ways = {
  deleted: (file: string) => rmSync(file),
  moved: (file: string) => renameSync(file, `${file}.moved`),
  'replaced by a copy': (file: string) => {
    copyFileSync(file, `${file}.copy`)
    renameSync(`${file}.copy`, file)
  },
}

describe('a log whose file is lost while it is open', () => {
  let folder: string
  let log: ProvenLog
  let stopped: Promise<unknown>
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'jejak-'))
    await open(await sqliteStore(join(folder, 'data', 'log.db')))
  })
  afterEach(async () => {
    await log.close()
    rmSync(folder, { recursive: true })
  })
  const open = async (store: Store) => {
    const stop = Promise.withResolvers<unknown>()
    stopped = stop.promise
    const head = openHeadFile(join(folder, 'keys', 'head'))
    log = await openLog({ store, origin, signer, head, onStop: stop.resolve })
  }

  const files = ['data/log.db', 'data/log.db-wal', 'data/log.db-shm', 'keys/head', 'keys/head.lock']
  const cases = files.flatMap(file =>
    (Object.keys(ways) as (keyof typeof ways)[]).map(way => ({ file, way })),
  )

  test.each(cases)('stores nothing more after $file was $way', async ({ file, way }) => {
    const asked = request()
    for (let i = 0; i < 20; i++) await append(log, i === 0 ? asked : undefined)
    ways[way](join(folder, file))
    // What is lost with the log itself is not acknowledged once; the rest is seen within a second.
    if (file === 'data/log.db') expect(await append(log)).toMatchObject({ refused: 'Unknown' })
    while (!('refused' in (await append(log)))) await sleep(20)
    expect(String(await stopped)).toContain(join(folder, file))
    expect(await append(log)).toMatchObject({ refused: 'Closed' })
    expect(await append(log, asked)).toMatchObject({ refused: 'Closed' })
    expect(await log.recall(asked)).toMatchObject({ refused: 'Closed' })
  })

  test.each(files)('notices where nothing is written that %s was deleted', async file => {
    rmSync(join(folder, file))
    expect(String(await stopped)).toContain(join(folder, file))
    expect(await append(log)).toMatchObject({ refused: 'Closed' })
  })

  test.each(['data', 'keys'])('stops where the folder of its %s is moved', async part => {
    await append(log)
    renameSync(join(folder, part), join(folder, 'elsewhere'))
    expect(String(await stopped)).toContain('moved')
    expect(await append(log)).toMatchObject({ refused: 'Closed' })
  })

  test('does not answer that a request is stored which only the lost file has', async () => {
    const asked = request()
    await append(log, asked)
    rmSync(join(folder, 'data', 'log.db'))
    expect(await append(log, asked)).toMatchObject({ refused: 'Unknown' })
  })

  test('notices that its rows went away beneath it', async () => {
    await append(log)
    const other = new DatabaseSync(join(folder, 'data', 'log.db'))
    other.exec('drop trigger no_delete; delete from commits')
    other.close()
    expect(String(await stopped)).toContain('commit 1 was stored, and is not there any more')
  })
})

describe('a log whose file is used by others', () => {
  test('goes on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jejak-'))
    const path = join(folder, 'log.db')
    let cause: unknown
    const store = await sqliteStore(path)
    const log = await openLog({ store, origin, signer, onStop: stop => (cause = stop) })
    for (let i = 0; i < 5; i++) {
      for (let j = 0; j < 20; j++) expect(await append(log)).toMatchObject({ repeated: false })
      const reader = new DatabaseSync(path, { readOnly: true })
      await backup(reader, join(folder, `copy-${i}`))
      reader.close()
      const other = new DatabaseSync(path)
      other.exec('pragma wal_checkpoint(truncate)')
      other.close()
      expect(existsSync(`${path}-wal`)).toBe(true)
    }
    expect(await store.missing({ known: undefined, last: 100 })).toBeUndefined()
    expect(cause).toBeUndefined()
    await log.close()
    rmSync(folder, { recursive: true })
  })

  test('goes on where a look does not answer', async () => {
    const looks: string[] = []
    const silent = async () => void looks.push('look')
    const log = await openLog({ store: { ...memoryStore(), missing: silent }, origin, signer })
    await expect.poll(() => looks.length, { timeout: 10_000 }).toBeGreaterThan(1)
    expect(await append(log)).toMatchObject({ position: 0 })
    await log.close()
  })
})
