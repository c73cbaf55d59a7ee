import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { firstTokensFile } from '@jejak/access/first-tokens'
import { roles } from '@jejak/access/principal'
import { expect, test } from 'vitest'
import { openSystem } from './system.ts'

test('a first start that ends before it kept its tokens has made none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jejak-'))
  const [data, keys] = [join(folder, 'data'), join(folder, 'keys')]
  const file = firstTokensFile(keys)
  mkdirSync(file, { recursive: true }) // In the way, where the process would have been killed.
  await expect(openSystem({ data, keys })).rejects.toThrow('EISDIR')
  rmdirSync(file)
  const { tokens, close } = await openSystem({ data, keys })
  const kept = readFileSync(file, 'utf8').trim().split('\n')
  expect(kept.map(line => tokens.find(line.split(' ')[1] ?? '')?.role)).toEqual(roles)
  expect(tokens.list()).toHaveLength(roles.length)
  await close()
  rmSync(folder, { recursive: true })
})
