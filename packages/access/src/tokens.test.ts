import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeMongo } from '@jejak/local/suites'
import { MongoClient } from 'mongodb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mongoTokens } from './mongo-tokens.ts'
import { openTokens } from './tokens.ts'
import { tokensContract } from './tokens-contract.ts'

tokensContract('node:sqlite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jejak-tokens-'))
  return {
    open: () => openTokens(join(folder, 'tokens.db')),
    wait: () => new Promise(setImmediate),
    remove: () => rmSync(folder, { recursive: true }),
  }
})

describe('the file of tokens', () => {
  let folder: string
  const open = () => openTokens(join(folder, 'tokens.db'))
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jejak-tokens-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('holds none before it is kept', () => {
    const [tokens, server] = [open(), open()]
    tokens.issueAll([{ role: 'hr' }, { role: 'auditor' }], issued => {
      expect(issued.map(server.find)).toEqual([undefined, undefined])
    })
    tokens.close()
    server.close()
  })

  test('is not answered for once it is gone', () => {
    const tokens = open()
    const { principal } = tokens.issue({ role: 'hr' })
    rmSync(join(folder, 'tokens.db'))
    expect(() => tokens.issue({ role: 'hr' })).toThrow('tokens.db was deleted or moved')
    expect(() => tokens.issueAll([{ role: 'hr' }], () => {})).toThrow('tokens.db was deleted')
    expect(() => tokens.revoke(principal.id)).toThrow('tokens.db was deleted or moved')
    tokens.close()
  })

  test('has no token', () => {
    const tokens = open()
    const { token } = tokens.issue({ role: 'agency', agency: 'rsud-daya' })
    tokens.close()
    const bytes = readFileSync(join(folder, 'tokens.db'))
    expect(bytes.includes('rsud-daya')).toBe(true)
    expect(bytes.includes(token)).toBe(false)
    expect(bytes.includes(token.slice(-43))).toBe(false)
    const again = open()
    expect(again.find(token)).toBeDefined()
    again.close()
  })
})

describeMongo('on a real server', ({ url }) => {
  tokensContract('MongoDB', () => {
    const database = `tokens-${randomUUID()}`
    let ms = 1
    return {
      open: () => mongoTokens(url, database, () => ms),
      wait: () => {
        ms += 5_001
      },
      remove: async () => {
        const client = new MongoClient(url)
        await client.db(database).dropDatabase()
        await client.close()
      },
    }
  })

  describe('the database of tokens', () => {
    test('is asked once for a token in five seconds, and keeps its digest only', async () => {
      const database = `tokens-${randomUUID()}`
      const client = new MongoClient(url)
      const stored = client.db(database).collection('tokens')
      let ms = 1
      const tokens = await mongoTokens(url, database, () => ms)
      const { token, principal } = await tokens.issue({ role: 'hr' })
      expect(JSON.stringify(await stored.findOne())).not.toContain(token.slice(-43))
      expect(await tokens.find(token)).toEqual(principal)
      await stored.deleteMany()
      expect(await Promise.all([token, token].map(tokens.find))).toEqual([principal, principal])
      ms += 5_001
      expect(await Promise.all([token, token].map(tokens.find))).toEqual([undefined, undefined])
      await tokens.close()
      await client.db(database).dropDatabase()
      await client.close()
    })
  })
})
