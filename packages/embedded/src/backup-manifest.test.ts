import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { BackupRefused, manifestFile, readBackupManifest } from './backup-manifest.ts'

const folder = mkdtempSync(join(tmpdir(), 'jejak-manifest-'))
afterAll(() => rmSync(folder, { recursive: true }))

const logs = '"logs":[]'
const file = '{"file":"assessment/log.db","bytes":1,"sha256":""}'
const manifest = (files: string, more = logs) =>
  `{"format":"jejak-backup-v1","begun":"","files":${files},${more}}`

test.each([
  ['a list for a name', manifest('[{"file":["assessment/log.db"]}]')],
  ['a name outside', manifest('[{"file":"../log.db"}]')],
  [
    'a name nested without a bound',
    manifest(`[{"file":${'['.repeat(50_000)}${']'.repeat(50_000)}}]`),
  ],
  ['no logs', manifest(`[${file}]`, '"log":[]')],
  ['a service that is none', manifest(`[${file}]`, '"logs":[{"service":{}}]')],
  ['no object', 'null'],
])('a manifest with %s is of no backup', (_, text) => {
  writeFileSync(manifestFile(folder), text)
  expect(() => readBackupManifest(folder)).toThrow(BackupRefused)
  writeFileSync(manifestFile(folder), manifest(`[${file}]`))
  expect(readBackupManifest(folder).manifest.files).toHaveLength(1)
})
