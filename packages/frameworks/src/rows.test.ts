import { describe, expect, test } from 'vitest'
import { type DictionaryRow, dictionaryOfRows } from './rows.ts'

const header = {
  id: 'kamus-igd',
  title: 'IGD',
  legalBasis: 'Perwali 1/2026',
  validFrom: '2026-01-01',
}
const row = (line: number, rest: Partial<DictionaryRow> = {}): DictionaryRow => ({
  line,
  code: 'triase',
  ...rest,
})
const first = row(2, { title: 'Triase', kind: 'teknis', level: '2', indicator: 'Memilah' })
const keysOf = (...rows: DictionaryRow[]) => {
  const made = dictionaryOfRows(rows, header)
  if (!('faults' in made)) throw new Error('it has no faults')
  return made.faults.map(({ path, fault }) => [path, typeof fault === 'string' ? fault : fault.key])
}

describe('a table of a dictionary', () => {
  test('has a row for each thing that is seen at a level', () => {
    const made = dictionaryOfRows(
      [
        first,
        row(3, { level: '1', indicator: 'Menyebutkan warna', levelDescription: 'Paham' }),
        row(4, { level: '2', indicator: 'Mengulang' }),
      ],
      header,
    )
    expect(made).toMatchObject({
      dictionary: {
        frameworkId: 'kamus-igd',
        competencies: [
          {
            code: 'triase',
            title: 'Triase',
            levels: [
              { level: 1, description: 'Paham', indicators: ['Menyebutkan warna'] },
              { level: 2, indicators: ['Memilah', 'Mengulang'] },
            ],
          },
        ],
      },
    })
  })

  test('of conduct has no levels', () => {
    const made = dictionaryOfRows([row(2, { title: 'Jujur', kind: 'perilaku' })], header)
    expect(made).toMatchObject({ dictionary: { scale: [], competencies: [{ kind: 'perilaku' }] } })
  })

  test('is refused with each line and column that is wrong', () => {
    expect(keysOf(row(2, { level: '6', indicator: 'x' }))).toEqual([
      ['2.title', 'first-row-fields'],
      ['2.level', 'level-number'],
    ])
    expect(keysOf(first, row(3, { title: 'Lain', level: '1' }))).toEqual([
      ['3.indicator', 'indicator-without-level'],
      ['3.title', 'row-differs'],
    ])
    expect(keysOf({ ...first, kind: 'umum' })).toEqual([['2.kind', 'one-of']])
  })
})
