import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { openHistories } from '@jejak/embedded/histories'
import { rebuildReporting } from '@jejak/embedded/rebuilding'
import { expect, test } from 'vitest'
import { measured } from './rebuild.ts'
import { agency } from './training.ts'

const rebuilding = `
  import { rebuildReporting } from '@jejak/embedded/rebuilding'
  await rebuildReporting(process.argv[1])`

test('a rebuild that is killed leaves what is read as it was, and is begun afresh', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jejak-bench-test-'))
  const people = 2_000
  await measured({ measure: 'fill', folder, people })
  expect(await rebuildReporting(folder)).toBe('reporting-2')

  const killed = spawn(process.execPath, ['--eval', rebuilding, folder], {
    cwd: import.meta.dirname,
    stdio: 'inherit',
  })
  const db = new DatabaseSync(join(folder, 'reporting', 'read.db'), { readOnly: true })
  const count = db.prepare('select count(*) as n from documents where projection = ?')
  const documentsOf = (model: string) => Number(count.get(model)?.['n'])
  while (documentsOf('reporting-3') === 0) await sleep(1)
  killed.kill('SIGKILL')
  expect(await once(killed, 'exit')).toEqual([null, 'SIGKILL'])
  const whole = documentsOf('reporting-2')
  // Killed in the midst of it: otherwise this test would show nothing.
  expect(documentsOf('reporting-3')).toBeLessThan(whole)

  const histories = openHistories(folder)
  const asnIds = await Array.fromAsync(histories.everybody(agency))
  expect(asnIds).toHaveLength(people)
  expect((await histories.historyOf(asnIds[0] ?? ''))?.certificates).toHaveLength(1)
  await histories.close()

  expect(await rebuildReporting(folder)).toBe('reporting-4')
  expect(['reporting-2', 'reporting-3', 'reporting-4'].map(documentsOf)).toEqual([0, 0, whole])
  db.close()
  rmSync(folder, { recursive: true })
}, 120_000)
