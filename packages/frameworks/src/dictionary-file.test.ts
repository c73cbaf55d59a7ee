import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { faultText, parseDictionaryFile } from './dictionary-file.ts'

const yaml = `
id: kamus-igd
title: IGD
legalBasis: Perwali 1/2026
validFrom: 2026-01-01
sample: true
competencies:
  - code: triase
    title: Triase
    kind: teknis
    levels:
      2: [Memilah]
      1: { description: Paham, indicators: [Menyebutkan warna] }
`
const faultsOf = (source: string) => {
  const parsed = parseDictionaryFile(source)
  return 'faults' in parsed ? parsed.faults.map(faultText) : []
}

describe('a file of a dictionary', () => {
  test('has levels from the least on, and the official scale', () => {
    expect(parseDictionaryFile(yaml)).toMatchObject({
      dictionary: {
        series: 'kamus-igd',
        validFrom: '2026-01-01',
        scale: [{ level: 1 }, { level: 2 }, { level: 3 }, { level: 4 }, { level: 5 }],
        competencies: [
          {
            levels: [
              { level: 1, description: 'Paham', indicators: ['Menyebutkan warna'] },
              { level: 2, indicators: ['Memilah'] },
            ],
          },
        ],
      },
    })
  })

  test.each([
    ['a kind that there is not', yaml.replace('teknis', 'umum'), /kind: must be one of manajerial/],
    ['an unknown field', `${yaml}judul: x\n`, /has unknown fields: judul/],
    ['no title', yaml.replace('title: IGD\n', ''), /has not the right form: .*title/],
    ['no YAML', 'id: [', /^line 1 is neither YAML nor JSON/],
    ['a key twice', 'id: a\nid: b\n', /^line 2 is neither YAML nor JSON: Map keys must be unique/],
    ['an alias', 'a: &a [1]\nb: *a\n', /neither YAML nor JSON: Alias resolution is disabled/],
    ['too many bytes', ' '.repeat(5_000_000), /has 5000000 bytes, and may have 4194304/],
  ])('is refused with %s', (_, source, fault) => {
    expect(faultsOf(source).join('\n')).toMatch(fault)
  })

  test('of any text is answered', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), text => {
        expect(faultsOf(text).length).toBeGreaterThan(0)
      }),
    )
  })
})
