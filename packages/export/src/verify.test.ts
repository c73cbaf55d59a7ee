import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { cpSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
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

describe('an export whose files are no files of an export', () => {
  const [manifestFile, noteFile] = ['manifest.json', 'manifest.json.note']
  const instead = (file: string, make: (path: string) => void) => (dir: string) => {
    rmSync(join(dir, file))
    make(join(dir, file))
  }

  test.each([csv, manifestFile, noteFile])('is refused at once: %s', async file => {
    const pipe = instead(file, path => void execFileSync('mkfifo', [path]))
    const device = instead(file, path => symlinkSync('/dev/zero', path))
    const loop = instead(file, path => symlinkSync(path, path))
    for (const change of [pipe, device]) {
      expect(await after(change)).toEqual([`${file}: can't be read: it is not a regular file`])
    }
    expect((await after(loop)).join()).toMatch(/can't be read: ELOOP/)
    const huge = await after(dir => truncateSync(join(dir, file), 2 ** 43))
    expect(huge.join()).toMatch(file === csv ? /it has 8796093022208 bytes$/ : /are read$/)
  })

  test('may not claim the size of a disk for one, though all of it is signed', async () => {
    const problems = await after((dir, manifest) => {
      truncateSync(join(dir, csv), 2 ** 43)
      remade(dir, withFile(manifest, { bytes: 2 ** 43 }))
    })
    expect(problems.join()).toMatch(/^manifest.json: is not a manifest: \/files\/0\/bytes/)
  })

  test('may not have names or signatures without an end', async () => {
    const many = await after(dir => {
      for (let i = 0; i < 2_000; i++) writeFileSync(join(dir, `stranger-${i}`), '')
    })
    expect(many.length).toBeLessThanOrEqual(1_000)
    const signature = textIn(original, noteFile).trimEnd().split('\n').at(-1)
    const signatures = await after(dir =>
      writeFileSync(join(dir, noteFile), textIn(dir, noteFile) + `${signature}\n`.repeat(200)),
    )
    expect(signatures.join()).toBe(`${noteFile}: has too many signatures`)
  })

  const lines = async (text: string) => {
    const dir = folder()
    const manifest = await written(dir, [siasnKursus.rowOf(hospital)], { format: 'jsonl' })
    writeFileSync(join(dir, 'siasn-kursus.jsonl'), text)
    remade(dir, withFile(manifest, { sha256: hash('sha256', text), bytes: text.length }))
    const { problems } = await verifyExport(dir, { vkey: signer.vkey })
    return problems.map(({ problem }) => problem).join()
  }

  test('may not have lines that are no rows, though all of them are signed', async () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
    expect(await lines(`{"nipBaru":${deep}}\n`)).toMatch(/neither a text nor a number$/)
    expect(await lines(`${deep}\n`)).toMatch(/neither a text nor a number$/)
    expect(await lines('null\n')).toMatch(/a line is not an object$/)
    expect(await lines(`{"nipBaru":"${'x'.repeat(3_000_000)}"}\n`)).toMatch(/a line is too long$/)
  })

  test('may not have a cell without an end', async () => {
    const text = `"${'x'.repeat(3_000_000)}"`
    const problems = await after((dir, manifest) => {
      writeFileSync(join(dir, csv), text)
      remade(dir, withFile(manifest, { sha256: hash('sha256', text), bytes: text.length }))
    })
    expect(problems.join()).toMatch(/can't be read as csv: Max Record Size/)
  })
})
