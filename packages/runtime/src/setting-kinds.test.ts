import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import {
  address,
  addresses,
  folder,
  integer,
  oneOf,
  type SettingVariable,
  secretFile,
  splitAddress,
  url,
} from './setting-kinds.ts'

const here = fileURLToPath(import.meta.url)
const taken = (variable: SettingVariable<unknown>, texts: readonly string[]) =>
  texts.map(text => {
    const read = variable.read(text)
    return 'value' in read ? read.value : undefined
  })
const none = (count: number) => Array(count).fill(undefined)

describe('a variable', () => {
  test('of whole numbers takes none beyond its range, and no other number', () => {
    const kind = integer('N', 'n', { min: 1, max: 9 })
    expect(taken(kind, ['1', '9'])).toEqual([1, 9])
    expect(taken(kind, ['0', '10', '-1', '1.5', '1e0', ' 1', '0x1'])).toEqual(none(7))
  })

  test('of one word takes no other', () => {
    expect(taken(oneOf('N', 'n', ['info', 'warn']), ['info', 'INFO'])).toEqual(['info', undefined])
  })

  test('of an address takes a host and a port', () => {
    const good = ['127.0.0.1:0', 'enrollment:50051', '[::1]:8080']
    expect(taken(address('N', 'n'), good)).toEqual(good)
    const bad = ['localhost', ':80', 'a:', 'a:65536', 'http://a:80', 'a b:80', '::1:80', 'a:80/']
    expect(taken(address('N', 'n'), bad)).toEqual(none(bad.length))
    expect(splitAddress('[::1]:8080')).toEqual({ host: '::1', port: 8080 })
  })

  test('of addresses takes each of them', () => {
    const kind = addresses('N', 'n')
    expect(taken(kind, ['a:1, b:2', 'a:1'])).toEqual([['a:1', 'b:2'], ['a:1']])
    expect(taken(kind, ['a:1,', 'a:1,b', ','])).toEqual(none(3))
  })

  test('of a URL takes its protocols only, and several hosts', () => {
    const kind = url('N', 'n', ['mongodb', 'mongodb+srv'])
    const good = ['mongodb://u:p@a:1,b:2/x?replicaSet=rs0', 'mongodb+srv://a']
    expect(taken(kind, good)).toEqual(good)
    expect(taken(kind, ['http://a', 'mongodb:a', 'mongodb://', 'mongodb:///x'])).toEqual(none(4))
  })

  test('of a folder may be of one that is not there, and of no file', () => {
    expect(taken(folder('N', 'n'), [`${here}.missing`])).toEqual([`${here}.missing`])
    expect(folder('N', 'n').read(here)).toEqual({ wrong: 'is no folder' })
  })

  test('of a secret file says what is wrong with the file', () => {
    const kind = secretFile('N', 'n', { charactersMin: 1_000_000 })
    expect(kind.read(`${here}.missing`)).toEqual({ wrong: "can't be read (ENOENT)" })
    const folder = mkdtempSync(join(tmpdir(), 'jejak-'))
    const file = join(folder, 'secret')
    writeFileSync(file, 'abc', { mode: 0o600 })
    expect(kind.read(file)).toEqual({ wrong: 'has only 3 characters' })
    chmodSync(file, 0o644)
    expect(kind.read(file)).toEqual({ wrong: expect.stringContaining(`chmod 600 ${file}`) })
    rmSync(folder, { recursive: true })
  })
})
