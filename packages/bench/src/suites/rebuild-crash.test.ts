import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { rebuildReporting } from '@jejak/embedded/rebuild-reporting'
import { openHistories } from '@jejak/embedded/testing/histories'
import { readFolder } from '@jejak/storage/data-folder'
import { expect, test } from 'vitest'
import { everybodysAgency } from '../training-logs.ts'
import { measureRebuild } from './rebuild.ts'

const rebuilding = `
  import { rebuildReporting } from '@jejak/embedded/rebuild-reporting'
  await rebuildReporting(process.argv[1])`

test('a rebuild that is killed leaves what is read as it was, and is begun afresh', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jejak-bench-test-'))
  const people = 2_000
  await measureRebuild({ measure: 'fill', folder, people })
  expect(await rebuildReporting(folder)).toBe('reporting-v7-2')

  const killed = spawn(process.execPath, ['--eval', rebuilding, folder], {
    cwd: import.meta.dirname,
    stdio: 'inherit',
  })
  const fileOf = (model: string) => join(readFolder(folder, 'reporting'), `${model}.db`)
  const documentsOf = (model: string) => {
    const db = new DatabaseSync(fileOf(model))
    const { n } = db.prepare('select count(*) as n from documents').get() ?? {}
    db.close()
    return Number(n)
  }
  const wal = `${fileOf('reporting-v7-3')}-wal`
  while (!((statSync(wal, { throwIfNoEntry: false })?.size ?? 0) > 1_000_000)) await sleep(1)
  killed.kill('SIGKILL')
  expect(await once(killed, 'exit')).toEqual([null, 'SIGKILL'])
  const whole = documentsOf('reporting-v7-2')
  // Killed in the midst of it: otherwise this test would show nothing.
  expect(documentsOf('reporting-v7-3')).toBeLessThan(whole)

  const histories = openHistories(folder)
  const asnIds = await Array.fromAsync(histories.everybody(everybodysAgency))
  expect(asnIds).toHaveLength(people)
  expect((await histories.historyOf(asnIds[0] ?? ''))?.certificates).toHaveLength(1)
  await histories.close()

  expect(await rebuildReporting(folder)).toBe('reporting-v7-4')
  expect(documentsOf('reporting-v7-4')).toBe(whole)
  expect(['reporting-v7-2', 'reporting-v7-3'].map(fileOf).filter(file => existsSync(file))).toEqual(
    [],
  )
  rmSync(folder, { recursive: true })
}, 120_000)
