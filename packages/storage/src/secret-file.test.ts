import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKey } from '@jejak/transparency/key'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openHeadFile } from './log/head.ts'
import { keyFile, signerOf } from './log/signer.ts'
import { readGivenSecret, readSecret } from './secret-file.ts'

describe.skipIf(process.platform === 'win32')('a secret in a file', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jejak-'))
    file = join(folder, 'secret')
    writeFileSync(file, 'abc')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test.each([0o600, 0o400])('that we keep is read with mode %o', mode => {
    chmodSync(file, mode)
    expect(readSecret(file)).toBe('abc')
  })

  test.each([0o640, 0o604, 0o620, 0o602, 0o660, 0o644])('is refused with mode %o', mode => {
    chmodSync(file, mode)
    expect(() => readSecret(file)).toThrow(`run chmod 600 ${file}`)
  })

  test.each([0o770, 0o777, 0o702])('is refused in a folder of mode %o', mode => {
    chmodSync(file, 0o600)
    chmodSync(folder, mode)
    expect(() => readSecret(file)).toThrow(`run chmod go-w ${folder}`)
  })

  test.each([0o600, 0o400, 0o440, 0o640])('that is given is read with mode %o', mode => {
    chmodSync(file, mode)
    expect(readGivenSecret(file)).toBe('abc')
  })

  test.each([0o644, 0o444, 0o604, 0o660])('that is given is refused with mode %o', mode => {
    chmodSync(file, mode)
    expect(() => readGivenSecret(file)).toThrow(`run chmod 600 ${file}`)
  })

  test('that all can read is taken from a read-only mount, if nobody can write to it', () => {
    const root = '22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw'
    const mounted = (options: string) =>
      `${root}\n40 22 0:30 / ${file} ${options},nosuid - tmpfs tmpfs rw`
    chmodSync(file, 0o444)
    expect(readGivenSecret(file, mounted('ro'))).toBe('abc')
    expect(() => readGivenSecret(file, mounted('rw'))).toThrow('chmod 600')
    expect(() => readGivenSecret(file, root)).toThrow('chmod 600')
    expect(() => readGivenSecret(file, '')).toThrow('chmod 600')
    chmodSync(file, 0o666)
    expect(() => readGivenSecret(file, mounted('ro'))).toThrow('chmod 600')
  })

  test('that signs is refused at a start, and so is a head that others can write', () => {
    const key = keyFile(folder, 'assessment')
    writeFileSync(key, generateKey('jejak.example/assessment'), { mode: 0o600 })
    const asked = { keys: folder, service: 'assessment', known: undefined, isNew: false }
    expect(signerOf(asked).name).toBe('jejak.example/assessment')
    chmodSync(key, 0o640)
    expect(() => signerOf(asked)).toThrow(`chmod 600 ${key}`)
    openHeadFile(file).close()
    chmodSync(file, 0o622)
    expect(() => openHeadFile(file)).toThrow(`chmod go-w ${file}`)
  })
})
