import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WrongWrappingKey, wrappingKey } from './wrapping.ts'

describe('a wrapping key', () => {
  let folder: string
  let file: string
  const made: string[] = []
  const find = (isNew: boolean, env: Record<string, string> = {}) =>
    wrappingKey({ file, isNew, onMade: at => void made.push(at) }, env)

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jejak-'))
    file = join(folder, 'keys', 'vault.key')
    made.length = 0
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('is made for a new vault, reported once, and nobody else may read it', () => {
    const key = find(true)
    expect(key).toHaveLength(32)
    expect(find(true)).toEqual(key)
    expect(find(false)).toEqual(key)
    expect(made).toEqual([file])
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700)
    expect(readdirSync(dirname(file))).toEqual(['vault.key'])
  })

  test('is not made anew for a vault that has one', () => {
    expect(() => find(false)).toThrow(WrongWrappingKey)
    expect(() => find(false)).toThrow(`the vault's wrapping key is not at ${file}`)
    expect(existsSync(file)).toBe(false)
  })

  test('is taken from the environment first', () => {
    const given = randomBytes(32)
    expect(find(true, { JEJAK_WRAPPING_KEY: given.toString('base64') })).toEqual(given)
    expect(existsSync(file)).toBe(false)
  })

  test.each([
    '',
    'no base64!',
    randomBytes(31).toString('base64'),
    randomBytes(32).toString('hex'),
  ])('is 32 bytes in base64, and not %j', text => {
    find(true)
    writeFileSync(file, `${text}\n`)
    expect(() => find(false)).toThrow(`${file} does not have a wrapping key: 32 bytes in base64`)
    if (text) {
      const from = { JEJAK_WRAPPING_KEY: text }
      expect(() => find(false, from)).toThrow('JEJAK_WRAPPING_KEY does not have a wrapping key')
    }
  })
})
