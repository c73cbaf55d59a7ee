import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { env, execPath } from 'node:process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..', '..')
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')

/** A run of one suite on a machine that has nothing to start Kafka with. */
const runWithoutJava = async (variables: NodeJS.ProcessEnv) => {
  const withoutJava = { ...env, PATH: '/nowhere', ...variables }
  const args = [vitest, 'run', '--root', root, 'infra/local/src/kafka.test.ts']
  const child = promisify(execFile)(execPath, args, { cwd: root, env: withoutJava })
  const { code = 0, stdout } = await child.catch(error => error)
  return { code, stdout, lastLine: stdout.trimEnd().split('\n').at(-1) }
}

describe('a suite without its broker', () => {
  test('is skipped aloud', async () => {
    const { code, stdout, lastLine } = await runWithoutJava({ CI: '' })
    expect(code).toBe(0)
    expect(stdout).toContain('NOT TESTED for want of a Kafka to start and kill')
    expect(stdout).toContain('java is not installed')
    expect(lastLine).toBe('0 passed, 0 failed, 4 skipped')
  }, 30_000)

  test('fails in CI', async () => {
    const { code, lastLine } = await runWithoutJava({ CI: 'true' })
    expect(code).toBe(1)
    expect(lastLine).toBe('0 passed, 2 failed')
  }, 30_000)
})
