import { spawnSync } from 'node:child_process'
import { mkdirSync, realpathSync, symlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { Bench } from '../testing/process.ts'

const project = fileURLToPath(new URL('../../../..', import.meta.url))
const bench = new Bench()
afterAll(() => bench.remove())

test('a path is relative to where the user called npm, however the project is named', () => {
  symlinkSync(project, bench.path('linked'))
  mkdirSync(bench.path('here'))
  const cwd = realpathSync(bench.path('here'))
  const env = { PATH: process.env['PATH'], HOME: bench.folder }
  for (const prefix of [project, '../linked']) {
    const args = ['--prefix', prefix, 'run', '-s', 'jejak', '--', 'log', 'stat', '--data', 'data']
    const { stderr } = spawnSync('npm', args, { cwd, env, encoding: 'utf8' })
    expect(stderr).toBe(`error: there is no data folder ${cwd}/data\n`)
  }
}, 30_000)
