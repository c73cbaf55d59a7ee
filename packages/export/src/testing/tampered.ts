import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { expect } from 'vitest'
import { canonicalJson, type Manifest } from '../manifest.ts'
import { signManifest } from '../note.ts'
import { head, signer, textIn } from './signer.ts'

/** Has the name of the one who is trusted. */
export const stranger = parseSigner(generateKey(signer.name))
const csv = 'siasn-kursus.csv'

/** By somebody who makes the manifest and the note anew, as the holder of a key can. */
export const remade = (dir: string, manifest: Manifest, by = signer) => {
  writeFileSync(join(dir, 'manifest.json'), canonicalJson(manifest))
  writeFileSync(join(dir, 'manifest.json.note'), signManifest(manifest, by))
}

const edited = (dir: string, file: string, from: string | RegExp, to: string) => {
  const before = textIn(dir, file)
  const text = before.replace(from, to)
  expect(text).not.toBe(before)
  writeFileSync(join(dir, file), text)
}

export const withFile = (
  manifest: Manifest,
  change: Partial<Manifest['files'][number]>,
): Manifest => ({
  ...manifest,
  files: manifest.files.map(file => ({ ...file, ...change })),
})

/** Ways to tamper with an export, each with the fault that is then found. */
export const tampered: readonly [string, (dir: string, manifest: Manifest) => void, RegExp][] = [
  ['a changed file', dir => edited(dir, csv, '40', '41'), /^siasn-kursus.csv: has been changed/],
  ['a shorter file', dir => writeFileSync(join(dir, csv), ''), /^siasn-kursus.csv: has been/],
  ['a missing file', dir => rmSync(join(dir, csv)), /^siasn-kursus.csv: is missing$/],
  [
    'a folder in the place of a file',
    dir => {
      rmSync(join(dir, csv))
      mkdirSync(join(dir, csv))
    },
    /^siasn-kursus.csv: can't be read: it is not a regular file$/,
  ],
  [
    'a file more',
    dir => writeFileSync(join(dir, 'siasn-kursus-2.csv'), ''),
    /^siasn-kursus-2.csv: is not in the manifest$/,
  ],
  [
    'a file by another name',
    dir => renameSync(join(dir, csv), join(dir, 'kursus.csv')),
    /^kursus.csv: is not in the manifest\nsiasn-kursus.csv: is missing$/,
  ],
  ['no manifest', dir => rmSync(join(dir, 'manifest.json')), /^manifest.json: is missing/],
  ['no note', dir => rmSync(join(dir, 'manifest.json.note')), /^manifest.json.note: is missing/],
  [
    'a changed manifest',
    dir => edited(dir, 'manifest.json', 'rsud-daya', 'rsud-lain'),
    /^manifest.json.note: is not PeterNeumann's note of this manifest$/,
  ],
  [
    'a manifest written in another way',
    dir => edited(dir, 'manifest.json', '{', '{ '),
    /^manifest.json: is not canonical JSON/,
  ],
  ['a manifest that is none', dir => edited(dir, 'manifest.json', '"files"', '"file"'), /is not a/],
  ['a manifest that is no JSON', dir => edited(dir, 'manifest.json', '}', ''), /is not JSON$/],
  [
    'a manifest that names a place outside',
    (dir, manifest) => remade(dir, withFile(manifest, { file: '../siasn-kursus.csv' })),
    /^manifest.json: is not a manifest: \/files\/0\/file/,
  ],
  [
    'a changed signature',
    dir => edited(dir, 'manifest.json.note', /(.)(.{20}=?\n)$/, 'A$2'),
    /^manifest.json.note: the signature by PeterNeumann\+c74f20a3 does not verify$/,
  ],
  [
    'no signature',
    dir => edited(dir, 'manifest.json.note', /— .*\n/, ''),
    /^manifest.json.note: is not signed by PeterNeumann\+c74f20a3$/,
  ],
  [
    'a note of another manifest',
    (dir, manifest) => {
      const other = signManifest({ ...manifest, query: {} }, signer)
      writeFileSync(join(dir, 'manifest.json.note'), other)
    },
    /^manifest.json.note: is not PeterNeumann's note of this manifest$/,
  ],
  [
    'another key of the same name',
    (dir, manifest) => remade(dir, { ...manifest, vkey: stranger.vkey }, stranger),
    /^manifest.json: names another key.*\nmanifest.json.note: is not signed by PeterNeumann/,
  ],
  [
    'a count of rows that is not so',
    (dir, manifest) => remade(dir, withFile(manifest, { rows: 3 })),
    /^siasn-kursus.csv: has 2 rows: the manifest says 3$/,
  ],
  [
    'more rows than it counts',
    (dir, manifest) => remade(dir, withFile(manifest, { rows: 1 })),
    /^siasn-kursus.csv: has more than the 1 rows of the manifest$/,
  ],
  [
    'fields that are not those of the file',
    (dir, manifest) => remade(dir, { ...manifest, fields: manifest.fields.toReversed() }),
    /^siasn-kursus.csv: does not have the fields of the manifest$/,
  ],
  [
    'a file that is no workbook',
    (dir, manifest) => remade(dir, withFile(manifest, { format: 'xlsx' })),
    /^siasn-kursus.csv: can't be read as xlsx/,
  ],
  [
    'a file that is no JSON Lines',
    (dir, manifest) => remade(dir, withFile(manifest, { format: 'jsonl' })),
    /^siasn-kursus.csv: can't be read as jsonl/,
  ],
  [
    'a head that its log did not sign',
    (dir, manifest) => {
      const checkpoint = head.checkpoint.replace('\n0\n', '\n1\n')
      remade(dir, { ...manifest, heads: [{ ...head, checkpoint }] })
    },
    /^manifest.json: the head of enrollment: the signature by .* does not verify$/,
  ],
  [
    'a head by another key than it names',
    (dir, manifest) => remade(dir, { ...manifest, heads: [{ ...head, vkey: signer.vkey }] }),
    /^manifest.json: the head of enrollment: no known log has signed/,
  ],
  [
    'a head with a key that is none',
    (dir, manifest) => remade(dir, { ...manifest, heads: [{ ...head, vkey: 'kunci' }] }),
    /^manifest.json: the head of enrollment: the key has no proper name|not a 32-byte key/,
  ],
]
