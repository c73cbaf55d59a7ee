import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Mongo, startMongo } from '@jejak/local/mongo'
import { describeOwnMongo } from '@jejak/local/suites'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { v7 } from 'uuid'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { mongoStore } from '../mongo/store.ts'
import { sqliteStore } from '../sqlite/store.ts'
import type { Store } from '../store.ts'
import { openHeadFile } from './head.ts'
import { openLog } from './open.ts'

const origin = 'jejak.example/closing'

describe('a log that is closed', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jejak-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const signing = async (store: Store) => {
    const signer = parseSigner(generateKey(origin))
    const log = await openLog({ store, origin, signer, head: openHeadFile(join(folder, 'head')) })
    const append = () =>
      log.append({
        stream: 'a',
        expected: 'any',
        events: [{ id: v7(), type: 'test.Happened.v1', data: {} }],
      })
    return { log, append }
  }
  /** Throws where another still holds it. */
  const takeHeadFile = () => openHeadFile(join(folder, 'head')).close()

  test('lets go of its head after its file was damaged', async () => {
    const { log, append } = await signing(await sqliteStore(join(folder, 'log.db')))
    expect(await append()).toMatchObject({ position: 0 })
    const other = new DatabaseSync(join(folder, 'log.db'))
    other.exec('drop table commits; drop table meta')
    other.close()
    expect(await append()).toMatchObject({ refused: 'Unknown' })
    expect(await append()).toMatchObject({ refused: 'Closed' })
    await log.close()
    takeHeadFile()
  })

  describeOwnMongo('on a server', () => {
    let mongo: Mongo
    beforeAll(async () => {
      mongo = await startMongo({ nodes: 1 })
    }, 60_000)
    afterAll(() => mongo.stop())

    test('lets go of its head also where the server is gone', { timeout: 30_000 }, async () => {
      const { log, append } = await signing(await mongoStore(mongo.url, 'closing'))
      expect(await append()).toMatchObject({ position: 0 })
      await mongo.kill(0)
      await log.close()
      takeHeadFile()
    })
  })
})
