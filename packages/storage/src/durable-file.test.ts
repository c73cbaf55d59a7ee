import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { copyDurably, keepSecret, moveIntoPlace, writeDurably } from './durable-file.ts'

describe('a file that is whole or not there', () => {
  let folder: string
  let path: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jejak-'))
    path = join(folder, 'file')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const read = () => readFileSync(path, 'utf8')
  const modeOf = (file: string) => statSync(file).mode & 0o777

  test('takes the place of another in one step, and leaves nothing beside it', () => {
    writeDurably(path, 'one')
    expect([read(), modeOf(path)]).toEqual(['one', 0o600])
    writeFileSync(`${path}.part`, 'what a kill has left, which is longer')
    writeDurably(path, 'two')
    expect(read()).toBe('two')
    expect(readdirSync(folder)).toEqual(['file'])
  })

  test('is copied, or moved to where it belongs', () => {
    const source = join(folder, 'source')
    writeFileSync(source, 'one')
    copyDurably(source, path)
    expect([read(), existsSync(source)]).toEqual(['one', true])
    writeFileSync(source, 'two')
    moveIntoPlace(source, path)
    expect([read(), existsSync(source)]).toEqual(['two', false])
  })

  test('keeps a secret for its owner, and never writes over another', () => {
    const secret = join(folder, 'keys', 'secret')
    expect(keepSecret(secret, 'one')).toBe(true)
    expect(keepSecret(secret, 'two')).toBe(false)
    expect(readFileSync(secret, 'utf8')).toBe('one\n')
    expect([modeOf(secret), modeOf(join(folder, 'keys'))]).toEqual([0o600, 0o700])
    expect(readdirSync(join(folder, 'keys'))).toEqual(['secret'])
  })

  test('keeps a secret, and removes what a killed process has left of it', () => {
    const { pid } = spawnSync('true')
    writeFileSync(`${path}.${pid}`, 'half of a secr')
    writeFileSync(`${path}.${process.ppid}`, 'of a process that is at it')
    writeFileSync(`${path}.vkey`, 'another file')
    expect(keepSecret(path, 'one')).toBe(true)
    expect(readdirSync(folder).sort()).toEqual(['file', `file.${process.ppid}`, 'file.vkey'])
  })
})
