import { hash } from 'node:crypto'
import { cpSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { VerificationError } from '@jejak/transparency/verification-error'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formats } from './kind.ts'
import type { Manifest } from './manifest.ts'
import { siasnKursus } from './siasn-kursus.ts'
import { hospital, scratch, signer, textIn, written } from './testing/signer.ts'
import { remade, stranger, tampered, withFile } from './testing/tampered.ts'
import { verifyExport } from './verify.ts'

const { folder, remove } = scratch()
afterAll(remove)

const csv = 'siasn-kursus.csv'
let original = ''

beforeAll(async () => {
  original = folder()
  await written(original, [siasnKursus.rowOf(hospital), siasnKursus.rowOf(hospital)])
})

/** The export with something done to it. */
const after = async (
  change: (dir: string, manifest: Manifest) => void,
  vkey: string | undefined = signer.vkey,
) => {
  const dir = folder()
  cpSync(original, dir, { recursive: true })
  change(dir, JSON.parse(textIn(dir, 'manifest.json')))
  const { problems } = await verifyExport(dir, { vkey })
  return problems.map(({ file, problem }) => `${file}: ${problem}`)
}

describe('verifying an export', () => {
  test.each(formats)('finds nothing wrong with one of %s', async format => {
    const dir = folder()
    const manifest = await written(dir, [siasnKursus.rowOf(hospital)], { format })
    expect(await verifyExport(dir, { vkey: `${signer.vkey}\n` })).toEqual({
      manifest,
      problems: [],
    })
    expect((await verifyExport(dir)).problems).toEqual([])
  })

  test.each(formats)('finds nothing wrong with one of %s without rows', async format => {
    const dir = folder()
    await written(dir, [], { format })
    expect((await verifyExport(dir, { vkey: signer.vkey })).problems).toEqual([])
  })

  test.each(tampered)('finds %s', async (_, change, problem) => {
    expect((await after(change)).join('\n')).toMatch(problem)
  })

  test('finds rows that do not have as many cells, though all of it is signed', async () => {
    const text = `${textIn(original, csv)}1,2\r\n`
    const sum = { sha256: hash('sha256', text), bytes: text.length }
    const problems = await after((dir, manifest) => {
      writeFileSync(join(dir, csv), text)
      remade(dir, withFile(manifest, sum))
    })
    expect(problems.join()).toMatch(
      /^siasn-kursus.csv: can't be read as csv: Invalid Record Length/,
    )
  })

  test('believes the key that the manifest names where it was given none', async () => {
    const change = (dir: string, manifest: Manifest) =>
      remade(dir, { ...manifest, vkey: stranger.vkey }, stranger)
    const dir = folder()
    cpSync(original, dir, { recursive: true })
    change(dir, JSON.parse(textIn(dir, 'manifest.json')))
    expect((await verifyExport(dir)).problems).toEqual([])
  })

  test('refuses a key that is none, and does not blame the export', async () => {
    await expect(verifyExport(original, { vkey: 'kunci' })).rejects.toThrow(VerificationError)
    expect(readdirSync(original)).toHaveLength(3)
  })
})
