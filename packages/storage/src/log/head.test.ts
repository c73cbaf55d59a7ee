import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openHeadFile } from './head.ts'

test('a head file that was longer is read again: with signatures of witnesses, say', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jejak-'))
  const path = join(folder, 'log.head')
  writeFileSync(path, 'own head\n\n— own signature\n— another signature\n', { mode: 0o600 })
  const head = openHeadFile(path)
  head.save('own head\n\n— own signature\n')
  head.close()
  expect(readFileSync(path, 'utf8')).toBe('own head\n\n— own signature\n')
  rmSync(folder, { recursive: true })
})
