import { execFileSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'

const here = import.meta.dirname
const binaries = join(here, 'node_modules/.bin')

/** What buf says, empty where it has nothing to say. */
const buf = (...args: readonly string[]): string => {
  const env = { ...process.env, PATH: `${binaries}${delimiter}${process.env['PATH']}` }
  try {
    return execFileSync(join(binaries, 'buf'), args, { cwd: here, env, encoding: 'utf8' })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    return `${stdout}${stderr}` || String(error)
  }
}

const filesOf = (folder: string) =>
  Object.fromEntries(
    globSync('**/*.ts', { cwd: folder })
      .sort()
      .map(path => [path, readFileSync(join(folder, path), 'utf8')]),
  )

describe('the API', () => {
  test('reads as buf has it, with a comment on everything', () => {
    expect(buf('lint')).toBe('')
  })

  test('breaks nobody who calls it as it has landed', () => {
    expect(buf('breaking', '--against', 'landed.binpb')).toBe('')
  })

  test('is what the generated code says', () => {
    const folder = mkdtempSync(join(tmpdir(), 'jejak-proto-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    expect(buf('generate', '--output', folder)).toBe('')
    expect(filesOf(join(folder, 'gen'))).toEqual(filesOf(join(here, 'gen')))
  }, 60_000)
})
