import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LogDamaged, takeOutOfService } from './watch.ts'

test('a damaged log is out of service also where its damage can not be written down', () => {
  const keys = mkdtempSync(join(tmpdir(), 'jejak-'))
  rmSync(keys, { recursive: true })
  const causes: unknown[] = []
  const log = { stop: (cause: unknown) => causes.push(cause) }
  const damaged = () => takeOutOfService({ keys, service: 'assessment', log }, new Error('altered'))
  expect(damaged).toThrow('ENOENT')
  expect(causes).toEqual([expect.any(LogDamaged)])
})
