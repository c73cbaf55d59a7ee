import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { goProgram } from '@jejak/local/downloads'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatReceipt } from './receipt.ts'
import {
  at,
  auditPath,
  checkpoint,
  exportLog,
  type Files,
  flip,
  mth,
  someEntries,
  vkey,
  withFile,
} from './testing/naive.ts'

const source = new URL('../third-party/', import.meta.url).pathname
const hasGo = spawnSync('go', ['version']).status === 0
// A build server that lost its Go must not stay green.
const skipped = !hasGo && process.env['CI'] !== 'true'
if (skipped) console.warn('Skipped: there is no `go` on the path to build the third party with.')

describe.skipIf(skipped)('the Go implementation', () => {
  let folder = ''
  let program = ''
  let count = 0

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'third-party-'))
    program = await goProgram(source)
  }, 120_000)

  afterAll(() => rmSync(folder, { recursive: true }))

  const write = (files: ReadonlyMap<string, Uint8Array | string>): string => {
    const directory = join(folder, String(count++))
    for (const [path, bytes] of files) {
      mkdirSync(dirname(join(directory, path)), { recursive: true })
      writeFileSync(join(directory, path), bytes)
    }
    return directory
  }

  const verify = (directory: string, ...flags: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(program, [...flags, directory], {
      encoding: 'utf8',
    })
    return { status, stdout, stderr }
  }

  const verifyFiles = (files: Files, ...flags: readonly string[]) =>
    verify(write(files), '-vkey', vkey, ...flags)

  const file = (text: string | Uint8Array): string => join(write(new Map([['file', text]])), 'file')

  test.each([0, 1, 2, 255, 256, 257, 1000, 65_536 + 300])(
    'accepts a log of %i entries',
    size => {
      const entries = someEntries(size)
      const result = verifyFiles(exportLog(entries))
      const root = mth(entries).toString('base64')
      expect(result).toEqual({ status: 0, stdout: `ok ${size} ${root}\n`, stderr: '' })
    },
    30_000,
  )

  test('refuses a log with one bit flipped, in any of its files', () => {
    const files = exportLog(someEntries(1000))
    for (const [path, bytes] of files) {
      const bit = (bytes.length * 8) / 2
      const { status } = verify(write(withFile(files, path, flip(bytes, bit))))
      expect({ path, status }).toEqual({ path, status: 1 })
    }
  })

  test('refuses a log whose last entry is gone', () => {
    const note = at(exportLog(someEntries(257)), 'checkpoint')
    const files = withFile(exportLog(someEntries(256)), 'checkpoint', note)
    expect(verifyFiles(files).status).toBe(1)
  })

  test('accepts an older checkpoint of the same log, and refuses that of another', () => {
    const entries = someEntries(1000)
    const files = exportLog(entries)
    const rewritten = exportLog(entries.with(5, Buffer.from('rewritten')))
    for (const size of [6, 256, 999, 1000]) {
      const old = file(checkpoint(size, mth(entries.slice(0, size))))
      expect(verifyFiles(files, '-old', old).status).toBe(0)
      expect(verifyFiles(rewritten, '-old', old).status).toBe(1)
    }
  })

  test('accepts a receipt for the entry that it is of, and for no other', () => {
    const entries = someEntries(257)
    const files = exportLog(entries)
    for (const index of [0, 5, 255, 256]) {
      const proof = auditPath(index, entries)
      const note = at(files, 'checkpoint').toString()
      const receipt = file(formatReceipt({ index, proof, checkpoint: note }))
      const entry = file(entries[index] as Buffer)
      const other = file('another entry')
      expect(verifyFiles(files, '-receipt', receipt, '-entry', entry).status).toBe(0)
      expect(verifyFiles(files, '-receipt', receipt, '-entry', other).status).toBe(1)
    }
  })
})
