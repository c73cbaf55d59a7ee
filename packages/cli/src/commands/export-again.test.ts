import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { rows, run, serving } from '../testing/export.ts'

// A process of its own takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'jejak-'))
})
afterAll(() => rmSync(root, { recursive: true }))

const requestIds = (asked: readonly string[]): readonly string[] =>
  asked.flatMap(call => /"requestId":"([^"]+)"/.exec(call)?.[1] ?? [])

/** Asks until the service leaves a call without an answer, and is killed then. */
const killed = async (args: readonly string[], isLeft: () => boolean) => {
  const child = spawn(process.execPath, [main, 'export', ...args], { stdio: 'ignore' })
  await vi.waitUntil(isLeft, { timeout: 30_000 })
  child.kill('SIGKILL')
  await once(child, 'close')
}

describe('an export that is asked for again', () => {
  test.each([
    ['it was made', '/siasn-kursus'],
    ['its rows were fetched', `/${rows}`],
  ])('is the one of before where the command was killed while %s', async (_, end) => {
    let left = 0
    const fate = (url: string) => (url.endsWith(end) && left++ === 0 ? 'left' : 'answered')
    const { args, out, asked } = await serving(root, { fate })
    await killed(args, () => left > 0)
    expect(existsSync(out)).toBe(false)
    expect(await run(...args)).toMatchObject({ status: 0 })
    const [first, again] = requestIds(asked)
    expect(again).toBe(first)
    expect(readdirSync(dirname(out))).toEqual(['kursus'])
  })

  test('is a new one once the first is there, or where something else is wanted', async () => {
    let isLost = false
    const fate = () => (isLost ? 'gone' : 'answered')
    const { args, out, asked } = await serving(root, { fate })
    await run(...args)
    rmSync(out, { recursive: true })
    isLost = true
    await expect(run(...args)).rejects.toMatchObject({ problem: 'export-gone' })
    isLost = false
    await run(...args, '--year', '2026')
    expect(new Set(requestIds(asked)).size).toBe(3)
  })

  test('is a new one where the first is not kept any more', async () => {
    let left = 0
    const gone = new Set<number>()
    const fate = () => {
      const at = left++
      return at === 0 ? 'left' : gone.has(at) ? 'gone' : 'answered'
    }
    const { args, out, asked } = await serving(root, { fate })
    await killed(args, () => left > 0)
    gone.add(1)
    expect(await run(...args)).toMatchObject({ status: 0 })
    const [first, again, other] = requestIds(asked)
    expect(again).toBe(first)
    expect(other).not.toBe(first)
    expect(readdirSync(dirname(out))).toEqual(['kursus'])
  })

  test('is a new one where the command was killed once the first was there', async () => {
    const { args, out, asked } = await serving(root, { fate: () => 'gone' })
    await expect(run(...args)).rejects.toMatchObject({ problem: 'export-gone' })
    mkdirSync(out)
    expect(readdirSync(dirname(out))).toEqual(['kursus', 'kursus.request'])
    await expect(run(...args)).rejects.toMatchObject({ problem: 'Exists' })
    expect(readdirSync(dirname(out))).toEqual(['kursus'])
    expect(asked).toHaveLength(1)
  })
})
